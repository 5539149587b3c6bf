"""What the rows of lists should say, read from the catalogue."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Count, Q, QuerySet

from catalog.cards import Offer, cheapest_of, offers_of
from catalog.exchange.rates import currencies_offered
from catalog.facts.models import ProductFacts
from catalog.families import with_variants
from catalog.listing.models import ListedProduct
from catalog.models import Category, Product, ProductAttributeValue, ProductCategory
from catalog.pricing.prices import PriceContext
from catalog.reviews.models import ProductReview
from shop.core.prepared import INTEGERS, Prepared

CHUNK = 500
COMPARED = [
    field.attname for field in ListedProduct._meta.concrete_fields if field.attname != "sold"
]


def families_browsable() -> QuerySet[Product]:
    """What lists may show."""
    return Product.objects.browsable().select_related("product_class").order_by("pk")


def families_drifted() -> Iterator[int]:
    """Families whose row is missing, too much, or says something else than the catalogue."""
    shown = families_browsable()
    yield from ListedProduct.objects.exclude(pk__in=shown.values("pk")).values_list("pk", flat=True)
    ids = list(shown.values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        families = list(shown.filter(pk__in=ids[start : start + CHUNK]))
        written = ListedProduct.objects.in_bulk([family.pk for family in families])
        for row in rows_made(families):
            there = written.get(row.pk)
            if said_of(there) != said_of(row):
                yield row.pk


def said_of(row: ListedProduct | None) -> list[object]:
    """All that lists read of it; empty for no row."""
    return [] if row is None else [getattr(row, name) for name in COMPARED]


def rows_made(families: Sequence[Product]) -> list[ListedProduct]:
    """Unsaved rows of browsable families."""
    if not families:
        return []
    ids = [family.pk for family in families]
    offers = offers_of(families, context=PriceContext())
    elsewhere = {
        code: offers_of(families, context=PriceContext(currency=code))
        for code in currencies_offered()[1:]
    }
    places = _categories_of(ids)
    options = _options_of(ids)
    brands = dict(_brands.read(ids=ids))
    reviews = _reviews_of(ids)
    return [
        ListedProduct(
            product=family,
            category_ids=sorted(places[family.pk]),
            option_ids=sorted({one for own in options[family.pk].values() for one in own}),
            options_in_stock=sorted(
                _in_stock(family.pk, offers.get(family.pk, ()), options[family.pk])
            ),
            brand_id=brands.get(family.pk),
            **_price_of(offers.get(family.pk, ())),
            prices={
                code: str(cheapest.price)
                for code, found in elsewhere.items()
                if (cheapest := cheapest_of(found.get(family.pk, ())))
            },
            is_in_stock=any(offer.is_available for offer in offers.get(family.pk, ())),
            rating=family.rating,
            reviews=reviews.get(family.pk, 0),
            priority=family.priority,
            listed_at=family.date_created,
        )
        for family in families
    ]


def _price_of(offers: Sequence[Offer]) -> dict[str, object]:
    """As the card says it to a stranger: of what can be bought now, else of what there is."""
    cheapest = cheapest_of(offers)
    if cheapest is None:
        return {"price": None, "price_before": None, "is_on_offer": False, "offer_ends_at": None}
    was = cheapest.resolved.was
    return {
        "price": cheapest.price,
        "price_before": cheapest.price if was is None else was,
        "is_on_offer": was is not None,
        "offer_ends_at": None if was is None else cheapest.resolved.ends_at,
    }


def _categories_of(ids: Sequence[int]) -> dict[int, set[int]]:
    """By family: its categories and all above them. Two queries, one where there are none."""
    step = Category.steplen
    found: dict[int, set[int]] = defaultdict(set)
    places = _places.read(ids=ids)
    by_path = dict(_paths.read()) if places else {}
    for family, path in places:
        steps = range(step, len(path) + 1, step)
        found[family].update(by_path[path[:end]] for end in steps if path[:end] in by_path)
    return found


def _options_of(ids: Sequence[int]) -> dict[int, dict[int, set[int]]]:
    """By family: by the family itself or its public variants, the options chosen. One query."""
    found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for product, parent, *options in _options.read(ids=ids):
        found[parent or product][product] |= {*options} - {None}
    return found


def _in_stock(family: int, offers: Iterable[Offer], options: dict[int, set[int]]) -> set[int]:
    """The options of what can be bought; the family's own hold for each of its variants."""
    available = [offer.product.pk for offer in offers if offer.is_available]
    found = {one for pk in available for one in options.get(pk, ())}
    return found | options.get(family, set()) if available else set()


def _reviews_of(ids: Sequence[int]) -> dict[int, int]:
    return dict(_reviews.read(ids=ids))


_brands: Prepared[tuple[int, int | None]] = Prepared(
    lambda ids: ProductFacts.objects.filter(pk__in=ids).values_list("pk", "brand_id"),
    ids=INTEGERS,
)
_paths: Prepared[tuple[str, int]] = Prepared(
    lambda: Category.objects.rewrite(False).order_by().values_list("path", "pk")
)
_places: Prepared[tuple[int, str]] = Prepared(
    lambda ids: (
        ProductCategory.objects.filter(product__in=ids)
        .order_by()
        .values_list("product_id", "category__path")
    ),
    ids=INTEGERS,
)
_options: Prepared[tuple[int | None, ...]] = Prepared(
    lambda ids: (
        ProductAttributeValue.objects.filter(product__in=with_variants(ids))
        .filter(Q(value_option__isnull=False) | Q(value_multi_option__isnull=False))
        .rewrite(False)
        .order_by()
        .values_list("product_id", "product__parent_id", "value_option", "value_multi_option")
    ),
    ids=INTEGERS,
)
_reviews: Prepared[tuple[int, int]] = Prepared(
    lambda ids: (
        ProductReview.objects.filter(product__in=ids, status=ProductReview.APPROVED)
        .order_by()
        .values("product")
        .annotate(number=Count("pk"))
        .values_list("product", "number")
    ),
    ids=INTEGERS,
)
