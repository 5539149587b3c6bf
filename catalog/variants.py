"""The choice of a variant: one row of links per attribute, each to the variant it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog.cards import Offer
from catalog.models import Product, ProductAttributeValue


@dataclass(frozen=True)
class Choice:
    """One value of an attribute. ``variant_id``: where it leads from the present choice."""

    code: str
    label: str
    swatch: str
    variant_id: int
    chosen: bool
    out: bool


@dataclass
class Axis:
    """One attribute in which the variants differ."""

    code: str
    name: str
    choices: list[Choice] = field(default_factory=list)

    @property
    def chosen(self) -> str:
        return next((choice.label for choice in self.choices if choice.chosen), "")


@dataclass(frozen=True)
class Value:
    """What one variant has for one attribute."""

    name: str
    label: str
    swatch: str


Values = dict[int, dict[str, Value]]


def attribute_values(products: Sequence[Product]) -> dict[int, list[ProductAttributeValue]]:
    """By product id, in the order of the attributes. One query."""
    found: dict[int, list[ProductAttributeValue]] = {product.pk: [] for product in products}
    values = (
        ProductAttributeValue.objects.filter(product__in=found)
        .select_related("attribute", "value_option")
        .order_by("attribute_id", "pk")
    )
    for value in values:
        found[value.product_id].append(value)
    return found


def variant_values(values: dict[int, list[ProductAttributeValue]]) -> Values:
    """The same, ready to compare: by variant id and attribute code."""
    return {
        pk: {
            value.attribute.code: Value(
                name=value.attribute.name,
                label=value.value_as_text,
                swatch=value.value_option.swatch if value.value_option else "",
            )
            for value in rows
        }
        for pk, rows in values.items()
    }


def variant_first(offers: Sequence[Offer], wanted: int | None) -> Offer | None:
    """The wanted variant, else the first that can be bought, else the first."""
    by_id = {offer.product.pk: offer for offer in offers}
    available = next((offer for offer in offers if offer.is_available), None)
    return by_id.get(wanted) or available or next(iter(offers), None)


def axes_make(offers: Sequence[Offer], values: Values, chosen: Offer) -> list[Axis]:
    """The rows of the picker. Attributes that all variants share are no choice and are left out."""
    here = values.get(chosen.product.pk, {})
    codes = list(dict.fromkeys(code for offer in offers for code in values[offer.product.pk]))
    axes = []
    for code in codes:
        labels: dict[str, Value] = {}
        for offer in offers:
            if value := values[offer.product.pk].get(code):
                labels.setdefault(value.label, value)
        if len(labels) < 2:
            continue
        axis = Axis(code=code, name=next(iter(labels.values())).name)
        for value in labels.values():
            target = _nearest(offers, values, here, code, value.label)
            axis.choices.append(
                Choice(
                    code=f"{code}-{len(axis.choices) + 1}",
                    label=value.label,
                    swatch=value.swatch,
                    variant_id=target.product.pk,
                    chosen=code in here and here[code].label == value.label,
                    out=not target.is_available,
                )
            )
        axes.append(axis)
    return axes


def _nearest(
    offers: Sequence[Offer], values: Values, here: dict[str, Value], code: str, label: str
) -> Offer:
    """The variant with ``label`` that keeps most of the present choice, in stock if it can be."""

    def rank(offer: Offer) -> tuple[int, bool]:
        mine = values[offer.product.pk]
        kept = sum(
            other in mine and mine[other].label == value.label
            for other, value in here.items()
            if other != code
        )
        return kept, offer.is_available

    with_label = [
        offer
        for offer in offers
        if (value := values[offer.product.pk].get(code)) and value.label == label
    ]
    return max(with_label, key=rank)
