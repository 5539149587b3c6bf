"""Reading the catalogue: departments, lists, what sells."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Window,
)
from django.db.models.functions import Coalesce, Left, RowNumber
from django.urls import reverse
from django.utils import timezone

from catalog.models import Category, Product, ProductAttributeValue, ProductCategory
from catalog.partner.models import StockRecord
from catalog.pictures.selectors import with_picture
from catalog.pictures.sources import PictureSources, picture_sources
from catalog.reviews.models import ProductReview
from shop.core.nearby import Nearby
from shop.core.prepared import INTEGER, INTEGERS, Prepared

TREE_SECONDS = 60  # how long a renamed department may keep its old name in the navigation
LOVED_DAYS = 28
SOLD_STATES = ("paid", "packed", "shipped", "delivered", "undelivered")

COLOUR = "colour"  # code of the attribute whose options are dots
ORDERS = {
    "featured": ("-priority", F("rating").desc(nulls_last=True), "-pk"),
    "newest": ("-date_created", "-pk"),
}


@dataclass
class CategoryNode:
    """One category of the tree as navigation needs it, in the current language."""

    pk: int
    path: str
    name: str
    url: str
    parent_path: str
    picture: PictureSources | None = None
    word: str = ""  # its name in the address of a list that it narrows
    children: list["CategoryNode"] = field(default_factory=list)


def category_tree() -> dict[str, CategoryNode]:
    """All browsable categories by path, parents first; to be read only. Kept for a minute."""
    return _tree.get()


def _tree_read() -> dict[str, CategoryNode]:
    tree: dict[str, CategoryNode] = {}
    slugs: dict[str, str] = {}
    words: set[str] = set()
    for category in with_picture(Category.objects.browsable(), "image").order_by("path"):
        parent_path = category.path[: -Category.steplen]
        slugs[category.path] = "/".join(filter(None, (slugs.get(parent_path), category.slug)))
        word = f"{category.slug}-{category.pk}" if category.slug in words else category.slug
        words.add(word)
        tree[category.path] = node = CategoryNode(
            pk=category.pk,
            path=category.path,
            name=category.name,
            url=reverse(
                "catalogue:category",
                kwargs={"category_slug": slugs[category.path], "pk": category.pk},
            ),
            parent_path=parent_path,
            picture=picture_sources(category.image.name or "", category.picture_facts),
            word=word,
        )
        if parent_path in tree and not category.exclude_from_menu:
            tree[parent_path].children.append(node)
    return tree


_tree = Nearby("catalog.tree", _tree_read, seconds=TREE_SECONDS, by_language=True)


def category_by_word(word: str) -> CategoryNode | None:
    """The category that a list's address calls ``word``."""
    return next((node for node in category_tree().values() if word and node.word == word), None)


def departments() -> list[CategoryNode]:
    """The top of the tree, in its order."""
    return [node for node in category_tree().values() if not node.parent_path]


def category_trail(path: str) -> list[CategoryNode]:
    """The categories above ``path`` and itself, from the outside in."""
    tree = category_tree()
    steps = range(Category.steplen, len(path) + 1, Category.steplen)
    return [tree[path[:step]] for step in steps if path[:step] in tree]


def products_listed(*, sort: str = "featured") -> QuerySet[Product]:
    """Products for cards. ``sort`` is a key of ORDERS. One query; safe to slice and to count.

    Lists that shoppers narrow are read by `catalog.listing`.
    """
    return with_card_facts(Product.objects.browsable()).order_by(*ORDERS[sort])


def with_card_facts(products: QuerySet[Product]) -> QuerySet[Product]:
    """Adds ``reviews_approved``, ``colours`` and the product class, which `catalog.cards` reads."""
    approved = (
        ProductReview.objects.filter(product=OuterRef("pk"), status=ProductReview.APPROVED)
        .order_by()
        .values("product")
        .annotate(number=Count("pk"))
        .values("number")
    )
    swatches = (
        ProductAttributeValue.objects.filter(
            product__parent=OuterRef("pk"), product__is_public=True, attribute__code=COLOUR
        )
        .exclude(value_option__swatch="")
        .order_by("product_id")
        .values("value_option__swatch")
    )
    return products.select_related("product_class").annotate(
        reviews_approved=Coalesce(Subquery(approved), 0), colours=ArraySubquery(swatches)
    )


OWN = Q(product=OuterRef("pk"))
OF_VARIANTS = Q(product__parent=OuterRef("pk"), product__is_public=True)
# Always asked one after the other: an OR of both reads the whole table for every product.


def can_be_bought() -> Q:
    """Whether a unit of the product or of a variant is free; for filters on products."""
    free = Q(num_in_stock__isnull=True) | Q(num_in_stock__gt=Coalesce(F("num_allocated"), 0))
    records = StockRecord.objects.filter(free, price__isnull=False)
    return Exists(records.filter(OWN)) | Exists(records.filter(OF_VARIANTS))


def products_loved(*, limit: int) -> list[Product]:
    """What sold most in the last 28 days, most first, two of a department. Three queries."""
    since = timezone.now() - dt.timedelta(days=LOVED_DAYS)
    sold = (
        Product.objects.filter(
            line__order__date_placed__gte=since, line__order__status__in=SOLD_STATES
        )
        .annotate(root=Coalesce("parent_id", "pk"))
        .values("root")  # named: without a name, translated models group by all columns
        .annotate(units=Sum("line__quantity"))
        .order_by("-units", "root")[: limit * 12]
    )
    roots = [row["root"] for row in sold]
    return list(products_by_id(varied(roots, limit=limit, of_each=2)).values())


def varied(ids: list[int], *, limit: int, of_each: int) -> list[int]:
    """The first ``limit`` of ``ids`` with no more than ``of_each`` from one department."""
    places = ProductCategory.objects.filter(product__in=ids).values_list(
        "product_id", Left("category__path", Category.steplen)
    )
    roots = dict(places)
    taken: Counter[str] = Counter()
    kept = []
    for pk in ids:
        root = roots.get(pk, "")
        if taken[root] < of_each and len(kept) < limit:
            taken[root] += 1
            kept.append(pk)
    return kept


def products_chosen(*, limit: int, without: Iterable[Product] = ()) -> list[Product]:
    """Our own choice, one department after the other, so that a row shows the whole shop.

    Two queries; the first ranks every product that can be bought, by its key alone.
    """
    place = ProductCategory.objects.filter(product=OuterRef("pk")).order_by("category__path")
    root = Subquery(
        place.annotate(root=Left("category__path", Category.steplen)).values("root")[:1]
    )
    ranked = (
        Product.objects.browsable()
        .exclude(pk__in=[product.pk for product in without])
        .filter(listed__is_in_stock=True)
        .annotate(root=root)
        .annotate(
            turn=Window(
                RowNumber(),
                partition_by=F("root"),
                order_by=[F("priority").desc(), F("rating").desc(nulls_last=True), F("pk")],
            )
        )
        .order_by("turn", "-priority", "root")
        .values_list("pk", flat=True)
    )
    return list(products_by_id(ranked[:limit]).values())


def products_by_id(ids: Iterable[int]) -> dict[int, Product]:
    """Those of ``ids`` that may be shown, ready for cards, in the order of ``ids``. One query."""
    ids = list(ids)
    found = {product.pk: product for product in _listed_by_id.read(ids=ids)} if ids else {}
    return {pk: found[pk] for pk in ids if pk in found}


_listed_by_id: Prepared[Product] = Prepared(
    lambda ids: with_card_facts(Product.objects.browsable()).filter(pk__in=ids).order_by(),
    ids=INTEGERS,
)


def category_path_of(product_id: int) -> str:
    """The deepest public category of a family; empty without one. One query."""
    return next((path for (path,) in _paths_of.read(product=product_id)), "")


_paths_of: Prepared[tuple[str]] = Prepared(
    lambda product: (
        ProductCategory.objects.filter(product=product, category__is_public=True)
        .order_by("-category__depth", "category")
        .values_list("category__path")
    ),
    product=INTEGER,
)


def products_similar(product: Product, *, path: str, limit: int) -> list[Product]:
    """Others of the same category (``path``), then of the same department."""
    places = ProductCategory.objects.filter(category__path__startswith=path[: Category.steplen])
    near = ProductCategory.objects.filter(category__path__startswith=path)
    others = (
        products_listed()
        .filter(pk__in=places.values("product_id"))
        .exclude(pk=product.pk)
        .annotate(is_near=Exists(near.filter(product=OuterRef("pk"))))
        .order_by("-is_near", *ORDERS["featured"])
    )
    return list(others[:limit])


def department_faces() -> dict[str, Product]:
    """By path of the department: the product whose picture stands for it. Two queries."""
    faces = (
        ProductCategory.objects.filter(product__is_public=True, product__parent=None)
        .annotate(root=Left("category__path", Category.steplen))
        .order_by("root", "-product__priority", "product_id")
        .distinct("root")
        .values_list("root", "product_id")
    )
    roots = dict(faces)
    products = Product.objects.in_bulk(roots.values())
    return {root: products[pk] for root, pk in roots.items()}
