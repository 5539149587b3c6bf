"""The choice of a variant: one row of links per attribute, each to the variant it leads to."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.cards import Offer
from catalog.models import Product, ProductAttributeValue
from shop.core.prepared import INTEGERS, Prepared


@dataclass(frozen=True)
class Choice:
    """One value of an attribute. ``variant_id``: where it leads from the present choice.

    ``out``: sold out. ``elsewhere``: does not exist with the rest of the choice, so it changes
    that too.
    """

    code: str
    label: str
    swatch: str
    variant_id: int
    chosen: bool
    out: bool
    elsewhere: bool = False


@dataclass(frozen=True)
class Axis:
    """One attribute in which the variants differ."""

    code: str
    name: str
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> str:
        return next((choice.label for choice in self.choices if choice.chosen), "")

    @property
    def has_elsewhere(self) -> bool:
        return any(choice.elsewhere for choice in self.choices)


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
    for value in _values.read(ids=list(found)) if found else ():
        found[value.product_id].append(value)
    return found


_values: Prepared[ProductAttributeValue] = Prepared(
    lambda ids: (
        ProductAttributeValue.objects.filter(product__in=ids)
        .select_related("attribute", "value_option")
        .order_by("attribute_id", "pk")
    ),
    ids=INTEGERS,
)


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


def axes_make(offers: Sequence[Offer], values: Values, chosen: Offer) -> tuple[Axis, ...]:
    """The rows of the picker. Attributes that all variants share are no choice and are left out."""
    labels = _labels_by_code(offers, values)
    mine = values.get(chosen.product.pk, {})
    here = {code: mine[code].label for code in labels if code in mine}
    axes = []
    for code, of_code in labels.items():
        choices = []
        rest = {other: label for other, label in here.items() if other != code}
        for number, value in enumerate(of_code.values(), start=1):
            target, kept = _nearest(offers, values, rest, code, value.label)
            choices.append(
                Choice(
                    code=f"{code}-{number}",
                    label=value.label,
                    swatch=value.swatch,
                    variant_id=target.product.pk,
                    chosen=here.get(code) == value.label,
                    out=not target.is_available,
                    elsewhere=kept < len(rest),
                )
            )
        name = next(iter(of_code.values())).name
        axes.append(Axis(code=code, name=name, choices=tuple(choices)))
    return tuple(axes)


def _labels_by_code(offers: Sequence[Offer], values: Values) -> dict[str, dict[str, Value]]:
    """The different values of each attribute in which variants differ, in their order."""
    labels: dict[str, dict[str, Value]] = {}
    for offer in offers:
        for code, value in values[offer.product.pk].items():
            labels.setdefault(code, {}).setdefault(value.label, value)
    return {code: found for code, found in labels.items() if len(found) > 1}


def _nearest(
    offers: Sequence[Offer], values: Values, rest: dict[str, str], code: str, label: str
) -> tuple[Offer, int]:
    """The variant with ``label`` that keeps most of the choice, in stock if it can be.

    Second: how much of ``rest`` (attribute code to label) it keeps.
    """

    def kept(offer: Offer) -> int:
        mine = values[offer.product.pk]
        return sum(other in mine and mine[other].label == text for other, text in rest.items())

    with_label = [
        offer
        for offer in offers
        if (value := values[offer.product.pk].get(code)) and value.label == label
    ]
    best = max(with_label, key=lambda offer: (kept(offer), offer.is_available))
    return best, kept(best)
