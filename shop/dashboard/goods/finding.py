"""Finding products at the desk: words, facets with counts, order. Ids first, rows for one page."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import Category, Product, ProductCategory, ProductImage
from catalog.partner.models import StockRecord

WORDS_MOST = 6
FREE = Coalesce(F("num_in_stock"), 0) - Coalesce(F("num_allocated"), 0)


class View(models.TextChoices):
    """The tabs of the list."""

    ALL = "all", _("All")
    SALE = "sale", _("On sale")
    DRAFT = "hidden", _("Drafts")
    PLANNED = "planned", _("Planned")
    ARCHIVED = "archived", pgettext_lazy("products", "Archived")


class Stock(models.TextChoices):
    IN = "in", _("In stock")
    LOW = "low", _("Running low")
    OUT = "out", _("Sold out")
    NONE = "none", _("No price or SKU")


class Missing(models.TextChoices):
    CHINESE = "chinese", _("Chinese texts")
    DESCRIPTION = "description", _("Description")
    PICTURE = "picture", _("Picture")
    CATEGORY = "category", _("Category")
    BRAND = "brand", _("Brand")


class Sort(models.TextChoices):
    NEWEST = "", _("Newest")
    TITLE = "title", _("Title")
    CHEAP = "price", _("Price, lowest first")
    DEAR = "-price", _("Price, highest first")
    LEAST = "stock", _("Stock, least first")
    MOST = "-stock", _("Stock, most first")
    CHANGED = "changed", _("Changed last")


@dataclass(frozen=True)
class Search:
    """What an operator looks for. Ids of 0 and empty texts mean: whichever."""

    text: str = ""
    view: str = View.ALL
    category: int = 0
    brand: int = 0
    kind: int = 0  # product class
    stock: str = ""
    missing: str = ""
    sort: str = Sort.NEWEST
    now: dt.datetime = field(default_factory=timezone.now)


def products_found(search: Search, *, but: str = "") -> QuerySet[Product]:
    """Families that fit, in no order; ``but`` names a facet that is left aside, to count its values."""
    rows = Product.objects.exclude(structure=Product.CHILD)
    for word in search.text.split()[:WORDS_MOST]:
        rows = rows.filter(_says(word))
    for name, condition in CONDITIONS.items():
        value = getattr(search, name)
        if name != but and (value or name == "view"):
            rows = rows.filter(condition(value))
    return rows


def products_sorted(search: Search) -> QuerySet[Product]:
    """The same in the order that is asked for; safe to slice and count."""
    rows = products_found(search)
    if search.sort.endswith("price"):
        rows = rows.annotate(low=_of_family(Min("price"), Least))
        return rows.order_by(_direction(search.sort, "low"), "-pk")
    if search.sort.endswith("stock"):
        rows = rows.annotate(free=_of_family(Sum(FREE), _sum))
        return rows.order_by(_direction(search.sort, "free"), "-pk")
    orders = {Sort.TITLE: ("title_en", "pk"), Sort.CHANGED: ("-date_updated", "-pk")}
    return rows.order_by(*orders.get(search.sort, ("-date_created", "-pk")))


def _direction(sort: str, name: str) -> Any:
    one = F(name)
    return one.desc(nulls_last=True) if sort.startswith("-") else one.asc(nulls_last=True)


def _sum(*parts: Any) -> Any:
    return Coalesce(parts[0], 0) + Coalesce(parts[1], 0)


def _of_family(what: Any, joined: Callable[..., Any]) -> Any:
    """``what`` over a product's own record and its variants', by index."""
    own = StockRecord.objects.filter(product=OuterRef("pk")).order_by().values("product")
    children = (
        StockRecord.objects.filter(product__parent=OuterRef("pk"))
        .order_by()
        .values("product__parent")
    )
    return joined(
        Subquery(own.annotate(found=what).values("found")),
        Subquery(children.annotate(found=what).values("found")),
    )


def _says(word: str) -> Q:
    titles = Q()
    for code, _name in settings.LANGUAGES:
        titles |= Q(**{f"title_{code.replace('-', '_')}__icontains": word})
    skus = StockRecord.objects.filter(partner_sku__icontains=word)
    codes = Product.objects.filter(upc__iexact=word)
    return (
        titles
        | Q(pk__in=skus.filter(product__parent=None).values("product"))
        | Q(pk__in=skus.filter(product__parent__isnull=False).values("product__parent"))
        | Q(pk__in=codes.filter(parent=None).values("pk"))
        | Q(pk__in=codes.filter(parent__isnull=False).values("parent"))
    )


def _view(value: str) -> Q:
    archived = Q(plan__archived_at__isnull=False)
    planned = Q(plan__starts_at__isnull=False) | Q(plan__ends_at__isnull=False)
    return {
        View.SALE: Q(is_public=True),
        View.DRAFT: Q(is_public=False) & ~archived,
        View.PLANNED: planned,
        View.ARCHIVED: archived,
    }.get(View(value), ~archived)


def _category(value: int) -> Q:
    """In the category or below it."""
    path = Category.objects.filter(pk=value).values_list("path", flat=True).first()
    places = ProductCategory.objects.filter(category__path__startswith=path or "-")
    return Q(pk__in=places.values("product"))


def _families(records: QuerySet[StockRecord]) -> QuerySet[Any]:
    return records.order_by().values(family=Coalesce("product__parent_id", "product_id"))


def _stock(value: str) -> Q:
    priced = StockRecord.objects.filter(price__isnull=False).alias(free=FREE)
    uncounted = Q(num_in_stock__isnull=True)
    can_be_had = _families(priced.filter(Q(free__gt=0) | uncounted))
    low = _families(priced.filter(low_stock_threshold__gte=F("free"), free__gt=0))
    return {
        Stock.IN: Q(pk__in=can_be_had),
        Stock.LOW: Q(pk__in=low),
        Stock.OUT: Q(pk__in=_families(priced)) & ~Q(pk__in=can_be_had),
        Stock.NONE: ~Q(pk__in=_families(priced)),
    }[Stock(value)]


def _empty(name: str) -> Q:
    return Q(**{name: ""}) | Q(**{f"{name}__isnull": True})


def _missing(value: str) -> Q:
    pictures = ProductImage.objects.values("product")
    of_variants = ProductImage.objects.filter(product__parent__isnull=False)
    has_english = ~_empty("description_en")
    return {
        Missing.CHINESE: _empty("title_zh_hans") | (_empty("description_zh_hans") & has_english),
        Missing.DESCRIPTION: _empty("description_en") & _empty("description_zh_hans"),
        Missing.PICTURE: ~Q(pk__in=pictures) & ~Q(pk__in=of_variants.values("product__parent")),
        Missing.CATEGORY: ~Q(pk__in=ProductCategory.objects.values("product")),
        Missing.BRAND: Q(facts__brand__isnull=True),
    }[Missing(value)]


CONDITIONS: dict[str, Callable[[Any], Q]] = {
    "view": _view,
    "category": _category,
    "brand": lambda value: Q(facts__brand=value),
    "kind": lambda value: Q(product_class=value),
    "stock": _stock,
    "missing": _missing,
}


def _counts(search: Search, name: str, values: list[Any]) -> dict[Any, int]:
    """How many would be found with each value of a facet. One query."""
    counted = {
        f"n{place}": Count("pk", filter=CONDITIONS[name](value), distinct=True)
        for place, value in enumerate(values)
    }
    found = products_found(search, but=name).aggregate(**counted)
    return {value: found[f"n{place}"] for place, value in enumerate(values)}


def facet_counts(search: Search) -> dict[str, dict[Any, int]]:
    """By facet and value, what choosing it would find. A query for each facet, however many values."""
    found: dict[str, dict[Any, int]] = {
        "view": _counts(search, "view", View.values),
        "stock": _counts(search, "stock", Stock.values),
        "missing": _counts(search, "missing", Missing.values),
    }
    for name, path in (("brand", "facts__brand"), ("kind", "product_class")):
        rows = products_found(search, but=name).order_by().values(value=F(path))
        found[name] = {
            row["value"]: row["number"] for row in rows.annotate(number=Count("pk")) if row["value"]
        }
    found["category"] = _category_counts(search)
    return found


def _category_counts(search: Search) -> dict[int, int]:
    """By category, families in it or below it, each once. Two queries."""
    wanted = products_found(search, but="category").values("pk")
    places = ProductCategory.objects.filter(product__in=wanted)
    by_path = dict(Category.objects.values_list("path", "pk"))
    inside: dict[int, set[int]] = {}
    for family, path in places.values_list("product_id", "category__path"):
        for end in range(Category.steplen, len(path) + 1, Category.steplen):
            if path[:end] in by_path:
                inside.setdefault(by_path[path[:end]], set()).add(family)
    return {pk: len(families) for pk, families in inside.items()}


def variants_of(ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    """By family, its variants with what the list unfolds. One query."""
    rows = (
        Product.objects.filter(parent__in=ids)
        .order_by("pk")
        .annotate(
            sku=Max("stockrecords__partner_sku"),
            price=Min("stockrecords__price"),
            currency=Max("stockrecords__price_currency"),
            free=Sum(
                Coalesce(F("stockrecords__num_in_stock"), Value(0))
                - Coalesce(F("stockrecords__num_allocated"), Value(0))
            ),
        )
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.parent_id, []).append(
            {
                "product": row,
                "sku": row.sku,
                "price": row.price,
                "currency": row.currency,
                "free": row.free,
            }
        )
    return found
