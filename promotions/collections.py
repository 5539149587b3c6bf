"""In which collections a product stands, and putting it in or taking it out by hand.

A collection is a range that shoppers see, or that has texts for them. Where its range has a rule (all
products, types, categories, a class of its own) the rule decides, and the range's own pages change it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Max, Q

from catalog.models import Product
from promotions.locks import ranges_lock
from promotions.offer.models import Range, RangeProduct
from promotions.ranges import RangeFacts, places_attach, ranges_read
from shop.core.locks import retry_on_conflict


@dataclass(frozen=True)
class Shelf:
    """A collection as one product sees it. ``by_hand``: the product, or a variant of it, was put in."""

    pk: int
    name: str
    is_public: bool
    has_rule: bool
    by_hand: bool
    by_rule: bool


def shelves_of(product: Product | None) -> list[Shelf]:
    """All collections, by name; None for a product that is not there yet. Four queries at most."""
    shown = Range.objects.filter(Q(is_public=True) | Q(collection__isnull=False))
    public = dict(shown.values_list("pk", "is_public"))
    facts = ranges_read(public).values() if public else []
    if product is not None:
        places_attach([product], with_paths=any(one.asks_places for one in facts))
    family = _family_keys(product)
    shelves = [_shelf(one, product, family, is_public=public[one.pk]) for one in facts]
    return sorted(shelves, key=lambda one: (one.name.casefold(), one.pk))


@retry_on_conflict
def shelves_change(*, product: Product, put_in: Iterable[int], take_out: Iterable[int]) -> None:
    """By collections' keys: those without a rule only, others are left as they are. Safe to repeat.

    What comes in stands last; the order of the others stays.
    """
    wanted, unwanted = set(put_in), set(take_out)
    held = ranges_lock(wanted | unwanted)
    by_hand = {pk for pk, one in ranges_read(held).items() if not has_rule(one)} if held else set()
    family = _family_keys(product)
    for pk in sorted(unwanted & by_hand):
        for row in RangeProduct.objects.filter(range=pk, product__in=family):
            row.delete()
    for pk in sorted(wanted & by_hand):
        rows = RangeProduct.objects.filter(range=pk)
        held[pk].excluded_products.remove(product)
        if not rows.filter(product__in=family).exists():
            last = rows.aggregate(last=Max("display_order"))["last"]
            place = 0 if last is None else last + 1
            RangeProduct.objects.create(range=held[pk], product=product, display_order=place)


def has_rule(facts: RangeFacts) -> bool:
    """Whether anything beside the hand puts products into the range."""
    return bool(facts.includes_all or facts.own or facts.classes or facts.paths)


def _shelf(
    facts: RangeFacts, product: Product | None, family: Collection[int], *, is_public: bool
) -> Shelf:
    by_hand = bool(facts.included.intersection(family)) and not facts.excluded.intersection(family)
    return Shelf(
        pk=facts.pk,
        name=facts.name,
        is_public=is_public,
        has_rule=has_rule(facts),
        by_hand=by_hand,
        by_rule=not by_hand and product is not None and facts.contains_product(product),
    )


def _family_keys(product: Product | None) -> set[int]:
    return (
        set() if product is None else {product.pk, *product.children.values_list("pk", flat=True)}
    )
