"""Reading sets: what is in them, what they cost, whether they can be had now."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from catalog.cards import pictures_of
from catalog.exchange.rates import Exchange, exchange_of
from catalog.families import with_variants
from catalog.kinds.models import ProductFile, ProductSet, SetPart
from catalog.kinds.reckoning import Part, Rule, set_price
from catalog.models import Kind, Product
from catalog.partner.models import StockRecord
from catalog.partner.strategy import ShopStrategy
from catalog.pictures.sources import PictureSources
from catalog.pricing.prices import PriceContext
from catalog.pricing.resolver import prices_resolve
from catalog.pricing.shopper import shopper_context
from catalog.variants import attribute_values
from shop.core.money import ZERO
from shop.core.prepared import INTEGERS, Prepared, related_known


@dataclass(frozen=True)
class Choice:
    """One thing that a part can be. ``units`` None: as many as one likes."""

    product: Product
    label: str
    price: Decimal
    units: int | None

    def makes(self, quantity: int) -> bool:
        return self.units is None or self.units >= quantity


@dataclass
class PartView:
    """A part as the page shows it, with what the shopper may choose from."""

    part: SetPart
    family: Product
    choices: list[Choice] = field(default_factory=list)
    picture: PictureSources | None = None

    @property
    def quantity(self) -> int:
        return self.part.quantity

    @property
    def is_available(self) -> bool:
        return any(choice.makes(self.quantity) for choice in self.choices)

    @property
    def first(self) -> Choice | None:
        """What is chosen before anybody chooses: the cheapest that can be had."""
        there = [one for one in self.choices if one.makes(self.quantity)] or self.choices
        return min(there, key=lambda one: (one.price, one.product.pk), default=None)


@dataclass
class SetView:
    """A set for its page, the back office and the lists. Money includes tax, in ``currency``."""

    rule: Rule
    product: Product
    parts: list[PartView]
    currency: str

    @property
    def set_id(self) -> int:
        return self.rule.set_id

    @property
    def pick(self) -> int | None:
        return self.rule.pick

    @property
    def alone(self) -> Decimal:
        """What the cheapest choice costs without the set."""
        firsts = [(part.first, part.quantity) for part in self.parts]
        prices = [one.price * count for one, count in firsts if one is not None]
        if self.pick is None:
            return sum(prices, ZERO)
        there = [part.first.price for part in self.parts if part.first and part.is_available]
        there = sorted(there or prices)
        return there[0] * self.pick if there else ZERO

    @property
    def price(self) -> Decimal:
        if self.pick and self.rule.price is not None:
            return self.rule.price  # "any 3 for 30" is 30, whatever would be cheaper alone
        return set_price(self.rule, self.alone, self.currency)

    @property
    def saved(self) -> Decimal:
        """For the first choice; a set to pick says what the dearest would save."""
        if self.pick is None:
            return max(ZERO, self.alone - self.price)
        dearest = max(
            (one.price for part in self.parts for one in part.choices if one.makes(1)), default=ZERO
        )
        return max(
            ZERO, dearest * self.pick - set_price(self.rule, dearest * self.pick, self.currency)
        )

    @property
    def is_fixed_price(self) -> bool:
        """Whether every choice costs the same."""
        if self.rule.price is not None:
            return True
        prices = [{one.price for one in part.choices} for part in self.parts]
        return all(len(one) <= 1 for one in prices) and not self.pick

    @property
    def most(self) -> int | None:
        """How many whole sets can be had; None: not counted."""
        if self.pick:
            units = [one.units for part in self.parts for one in part.choices]
            return None if None in units else sum(filter(None, units)) // self.pick
        counts = []
        for part in self.parts:
            units = [one.units for one in part.choices]
            if None not in units:
                counts.append(max((one or 0 for one in units), default=0) // part.quantity)
        return min(counts, default=None)

    @property
    def is_available(self) -> bool:
        if not self.parts or (self.pick is None and not all(p.is_available for p in self.parts)):
            return False
        return self.most is None or self.most > 0

    @property
    def is_any_choice(self) -> bool:
        return bool(self.pick) or any(len(part.choices) > 1 for part in self.parts)


def sets_with_parts(ids: Collection[int] | None = None) -> QuerySet[ProductSet]:
    """Sets with their products and parts. Two queries."""
    parts = SetPart.objects.select_related(
        "product__product_class", "product__parent__product_class"
    ).order_by("position", "pk")
    rows = ProductSet.objects.select_related("product__product_class").prefetch_related(
        Prefetch("parts", parts)
    )
    return rows if ids is None else rows.filter(pk__in=ids)


def rule_of(product_set: ProductSet) -> Rule:
    return Rule(
        set_id=product_set.pk,
        title=product_set.product.get_title(),
        parts=tuple(Part(one.product_id, one.quantity) for one in product_set.parts.all()),
        price=product_set.price,
        percent=product_set.percent,
        pick=product_set.pick,
    )


def rule_in(rule: Rule, exchange: Exchange) -> Rule:
    """The same set in another currency."""
    return rule if rule.price is None else replace(rule, price=exchange.price(rule.price))


def rules_on_sale(ids: Iterable[int]) -> dict[int, Rule]:
    """By set: what the basket needs to know of sets that are on sale. Two queries, put together once."""
    rows = _on_sale.read(ids=list(ids))
    related_known(rows, "parts", _parts_of.read(ids=[row.pk for row in rows]) if rows else [])
    return {row.pk: rule_of(row) for row in rows}


_on_sale: Prepared[ProductSet] = Prepared(
    lambda ids: (
        ProductSet.objects.select_related("product")
        .filter(pk__in=ids, product__is_public=True)
        .order_by()
    ),
    ids=INTEGERS,
)
_parts_of: Prepared[SetPart] = Prepared(
    lambda ids: SetPart.objects.filter(product_set__in=ids).order_by("position", "pk"),
    ids=INTEGERS,
)


def set_views(
    ids: Collection[int], *, with_pictures: bool = False, context: PriceContext | None = None
) -> list[SetView]:
    """Whole sets in the order of their keys; ``context``: for whom, left out for a stranger.

    Three queries and those of prices, two more for pictures and labels.
    """
    exchange = exchange_of(context.currency if context else "")
    rows = list(sets_with_parts(ids).order_by("pk"))
    wanted = [part.product for row in rows for part in row.parts.all()]
    choices = _choices(wanted, with_labels=with_pictures, context=context)
    families = {one.parent or one for one in wanted}
    pictures = pictures_of([*wanted, *families]) if with_pictures else defaultdict(list)
    views = []
    for row in rows:
        parts = []
        for part in row.parts.all():
            family = part.product.parent or part.product
            found = pictures[part.product_id] or pictures[family.pk]
            parts.append(
                PartView(
                    part=part,
                    family=family,
                    choices=choices[part.product_id],
                    picture=next(iter(found), None),
                )
            )
        views.append(
            SetView(
                rule=rule_in(rule_of(row), exchange),
                product=row.product,
                parts=parts,
                currency=exchange.currency,
            )
        )
    return views


def set_view(product: Product) -> SetView | None:
    """The set that a product is, with pictures; None when it is none."""
    views = set_views([product.pk], with_pictures=True, context=shopper_context())
    return next(iter(views), None)


def _choices(
    products: Collection[Product], *, with_labels: bool, context: PriceContext | None
) -> dict[int, list[Choice]]:
    """By the product that a part names: it, or its public variants, at prices before offers."""
    by_id = {one.pk: one for one in products}
    records = (
        StockRecord.objects.filter(product__in=with_variants(by_id), product__is_public=True)
        .select_related("product__product_class", "product__parent__product_class")
        .order_by("product_id", "pk")
    )
    firsts = {record.product_id: record for record in reversed(list(records))}
    sold = [firsts[pk].product for pk in sorted(firsts)]
    values = attribute_values([one for one in sold if one.is_child]) if with_labels else {}
    prices = prices_resolve(list(firsts.values()), context=context)
    strategy = ShopStrategy()
    found: dict[int, list[Choice]] = defaultdict(list)
    for product in sold:
        record = firsts[product.pk]
        price = prices.get(record.pk)
        family = product.parent or product
        if price is None or not family.is_public:
            continue
        units = getattr(strategy.availability_policy(product, record), "num_available", None)
        label = " · ".join(value.value_as_text for value in values.get(product.pk, ()))
        choice = Choice(product, label or product.get_title(), price.base, units)
        for key in {product.pk, family.pk} & by_id.keys():
            found[key].append(choice)
    return found


def files_offered(product_ids: Collection[int]) -> dict[int, list[ProductFile]]:
    """By product: what its buyers may fetch."""
    found: dict[int, list[ProductFile]] = defaultdict(list)
    for file in ProductFile.objects.filter(product__in=product_ids, is_offered=True):
        found[file.product_id].append(file)
    return found


def kind_of(product: Product) -> Kind:
    return Kind(product.get_product_class().kind)
