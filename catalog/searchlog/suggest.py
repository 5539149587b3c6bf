"""What the search box suggests while somebody types. Two queries, four if a slip had to be mended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.db.models import F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.exchange.shopper import shopper_currency
from catalog.listing.models import ListedProduct
from catalog.models import Product, ProductImage
from catalog.partner.models import StockRecord
from catalog.pictures.selectors import facts_of
from catalog.pictures.sources import PictureSources, picture_sources
from catalog.search.suggesting import suggestions
from catalog.searchlog.pages import results_url
from catalog.searchlog.selectors import queries_popular
from shop.core.money import shown

PRODUCTS = 5
POPULAR = 8


@dataclass(frozen=True)
class Hint:
    name: str
    url: str
    note: str = ""
    price: str = ""
    picture: PictureSources | None = None


@dataclass(frozen=True)
class Group:
    """``code`` is queries, categories, brands or products."""

    code: str
    title: str
    hints: list[Hint] = field(default_factory=list)


def hints_make(*, query: str, language: str) -> list[Group]:
    """The groups that have something for ``query``; without one, what is searched for most."""
    if not query:
        popular = queries_popular(language=language, limit=POPULAR)
        groups = [Group("queries", _("Often searched for"), queries_hints(popular))]
    else:
        found = suggestions(query=query, language=language, limit=PRODUCTS)
        groups = [
            Group("queries", _("Others searched for"), queries_hints(found.queries)),
            Group("categories", _("Categories"), _places(found.categories)),
            Group("brands", _("Brands"), _places(found.brands)),
            Group("products", _("Products"), _products([pk for pk, _name in found.products])),
        ]
    return [group for group in groups if group.hints]


def queries_hints(queries: Sequence[str]) -> list[Hint]:
    return [Hint(name=query, url=results_url(query)) for query in queries]


def _places(names: Iterable[tuple[str, str]]) -> list[Hint]:
    return [Hint(name=name, url=url) for name, url in names]


def _products(ids: Sequence[int]) -> list[Hint]:
    """In the order of ``ids``. One query; the price is the one of lists, for everybody."""
    pictures = ProductImage.objects.order_by("display_order", "pk").values("original")
    rows = (
        Product.objects.browsable()
        .filter(pk__in=ids)
        .select_related("listed")
        .annotate(
            picture=Coalesce(
                Subquery(pictures.filter(product=OuterRef("pk"))[:1]),
                Subquery(pictures.filter(product__parent=OuterRef("pk"))[:1]),
            ),
            spread=Subquery(_spread()),
        )
        .annotate(picture_facts=facts_of("picture"))
    )
    products = {product.pk: product for product in rows}
    return [_product(products[pk]) for pk in ids if pk in products]


def _spread() -> QuerySet:
    """Between the dearest and the cheapest variant that can be bought, before offers."""
    free = Q(num_in_stock__isnull=True) | Q(num_in_stock__gt=Coalesce(F("num_allocated"), 0))
    records = StockRecord.objects.filter(
        free, product__parent=OuterRef("pk"), product__is_public=True, price__isnull=False
    )
    prices = records.order_by().values("product__parent")
    return prices.annotate(spread=Max("price") - Min("price")).values("spread")


def _product(product: Product) -> Hint:
    listed = getattr(product, "listed", None)
    price = ""
    if listed and (lowest := _listed_price(listed)) is not None:
        price = shown(lowest, shopper_currency(), get_language() or "en")
        if product.spread:
            price = _("from %(amount)s") % {"amount": price}
    return Hint(
        name=product.title,
        url=product.get_absolute_url(),
        price=price,
        picture=picture_sources(product.picture or "", product.picture_facts),
    )


def _listed_price(listed: ListedProduct) -> Decimal | None:
    """In the reader's currency; None where there is none."""
    currency = shopper_currency()
    if currency == settings.OSCAR_DEFAULT_CURRENCY:
        return listed.price
    known = listed.prices.get(currency)
    return None if known is None else Decimal(known)
