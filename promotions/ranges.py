"""Which products an offer means, answered from memory.

Oscar asks the database for every line, offer and range. The facts of all ranges are read in one
query instead, and both the basket and the price resolver ask them, so they cannot disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language

from catalog.listing.models import CollectionText
from catalog.models import Category, Product, ProductCategory, ProductClass
from promotions.offer.models import Range, RangeProduct
from shop.core.prepared import INTEGERS, Prepared


@dataclass(frozen=True)
class RangeFacts:
    """A range as offers use it. ``paths`` are those of categories; what is below counts too."""

    pk: int
    names: tuple[str, str]  # in English and in Chinese, where it is a collection
    includes_all: bool
    included: frozenset[int]
    excluded: frozenset[int]
    classes: frozenset[int]
    paths: tuple[str, ...]
    excluded_paths: tuple[str, ...]
    own: Any = None  # a custom range of Oscar's kind, which answers for itself

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.names[(get_language() or "").startswith("zh")]

    @property
    def asks_places(self) -> bool:
        return bool(self.excluded_paths if self.includes_all else self.paths)

    def contains_product(self, product: Any) -> bool:
        """``product.offer_places`` must be there (`places_attach`). Variants go with their parent."""
        if self.own is not None:
            return self.own.contains_product(product)
        keys = {product.pk, product.parent_id}
        if keys & self.excluded:
            return False
        if self.includes_all:
            return not product.offer_places.startswith_any(self.excluded_paths)
        if keys & self.included or product.offer_places.startswith_any(self.paths):
            return True
        return bool(self.classes) and product.offer_places.product_class_id in self.classes


@dataclass(frozen=True)
class Places:
    """Where a product stands: the paths of its family's categories, and its type."""

    product_class_id: int | None
    paths: tuple[str, ...] = ()

    def startswith_any(self, roots: tuple[str, ...]) -> bool:
        return bool(roots) and any(path.startswith(roots) for path in self.paths)


def ranges_read(ids: Iterable[int]) -> dict[int, RangeFacts]:
    """One query for all of them."""
    return ranges_made(ranges_rows(ids))


def ranges_rows(ids: Iterable[int]) -> list[tuple[Any, ...]]:
    """Their plain columns, the same as long as nothing about them changes. One query."""
    return _ranges.rows(ids=sorted(set(ids)))


def ranges_made(rows: list[tuple[Any, ...]]) -> dict[int, RangeFacts]:
    """Of such columns."""
    return {
        one.pk: RangeFacts(
            pk=one.pk,
            names=(one.name_en or one.name, one.name_zh or one.name_en or one.name),
            includes_all=one.includes_all_products,
            included=frozenset(one.its_products),
            excluded=frozenset(one.not_products),
            classes=frozenset(one.its_classes),
            paths=tuple(one.its_paths),
            excluded_paths=tuple(one.not_paths),
            own=one.proxy,
        )
        for one in _ranges.made_of(rows)
    }


def _ranges_query(ids: Iterable[int]) -> QuerySet[Any]:
    def ids_of(rows: Any) -> ArraySubquery:
        return ArraySubquery(rows.order_by().values("pk"))

    def paths_of(rows: Any) -> ArraySubquery:
        return ArraySubquery(rows.order_by().values("path"))

    me = OuterRef("pk")
    return Range.objects.filter(pk__in=ids).annotate(
        its_products=ArraySubquery(
            RangeProduct.objects.filter(range=me).order_by().values("product_id")
        ),
        not_products=ids_of(Product.objects.filter(excludes=me)),
        its_classes=ids_of(ProductClass.objects.filter(classes=me)),
        its_paths=paths_of(Category.objects.filter(includes=me)),
        not_paths=paths_of(Category.objects.filter(excludes=me)),
        name_en=_collection_name(me, "name_en"),
        name_zh=_collection_name(me, "name_zh_hans"),
    )


def _collection_name(range_pk: OuterRef, column: str) -> Subquery:
    return Subquery(CollectionText.objects.filter(range=range_pk).values(column)[:1])


_ranges: Prepared[Any] = Prepared(_ranges_query, ids=INTEGERS)


def places_read(products: Iterable[Product], *, with_paths: bool) -> dict[int, Places]:
    """By product id. One query with the paths, none without; parents must be loaded."""
    products = list(products)
    paths: dict[int, list[str]] = {}
    if with_paths:
        families = {product.parent_id or product.pk for product in products}
        rows = ProductCategory.objects.filter(product__in=families).order_by("pk")
        for family, path in rows.values_list("product_id", "category__path"):
            paths.setdefault(family, []).append(path)
    return {
        product.pk: Places(
            product_class_id=(product.parent if product.is_child else product).product_class_id,
            paths=tuple(paths.get(product.parent_id or product.pk, ())),
        )
        for product in products
    }


def places_attach(products: Iterable[Product], *, with_paths: bool) -> None:
    """Tell each product where it stands, for `RangeFacts.contains_product`."""
    products = list(products)
    places = places_read(products, with_paths=with_paths)
    for product in products:
        product.offer_places = places[product.pk]
