"""Reading what is known of pictures, as part of the query that reads the rows that show them."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Exists, JSONField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from catalog.models import ProductImage
from catalog.pictures.drawing import RECIPE
from catalog.pictures.models import StoredPicture
from shop.core.pagecache import SITE, family_tags

#: Every column that names a picture which shoppers see.
PLACES = (
    ("catalogue.ProductImage", "original"),
    ("catalogue.Category", "image"),
    ("facts.Brand", "image"),
    ("listing.CollectionText", "image"),
    ("opinions.ReviewPhoto", "image"),
    ("content.Article", "cover"),
    ("homepage.Block", "picture"),
)
OF_FAMILIES = {"catalogue.ProductImage", "opinions.ReviewPhoto"}  # shown with one product


def facts_of(column: Any) -> Subquery:
    """For `picture_sources`: what is known of the file that ``column`` names. No query of its own."""
    known = StoredPicture.objects.filter(name=OuterRef(column))
    return Subquery(
        known.values(
            facts=JSONObject(width="width", height="height", colour="colour", recipe="recipe")
        )
    )


def with_picture(rows: QuerySet, column: str = "original") -> QuerySet:
    """Rows that know their picture: ``picture_facts`` for `picture_sources`."""
    return rows.annotate(picture_facts=facts_of(column))


def product_images() -> QuerySet[ProductImage]:
    """In their order, ready for `picture_sources`; for prefetching."""
    return with_picture(ProductImage.objects.order_by("display_order", "pk"))


def first_picture(product: str) -> Subquery:
    """The first of the product that the column names: ``name`` and ``facts`` for `picture_sources`."""
    images = ProductImage.objects.filter(product=OuterRef(product)).order_by("display_order", "pk")
    first = JSONObject(name="original", facts=facts_of("original"))
    rows = images.annotate(first=first).values("first")[:1]
    return Subquery(rows, output_field=JSONField())


def places() -> Iterator[tuple[type[Model], str]]:
    for label, column in PLACES:
        yield apps.get_model(label), column


def pictures_unknown(*, limit: int | None = None) -> list[str]:
    """Names of pictures that rows show and nobody has looked at."""
    names: dict[str, None] = {}
    for model, column in places():
        known = StoredPicture.objects.filter(name=OuterRef(column))
        rows = model._default_manager.filter(~Exists(known)).exclude(**{column: ""})
        found = rows.order_by("pk").values_list(column, flat=True)
        names |= dict.fromkeys(filter(None, found[:limit] if limit else found))
    return list(names)[:limit]


def pictures_undrawn(*, limit: int | None = None) -> list[str]:
    """Names of pictures whose widths are missing or were drawn by older rules."""
    rows = StoredPicture.objects.exclude(recipe=RECIPE).filter(problem="")
    found = rows.order_by("name").values_list("name", flat=True)
    return list(found[:limit] if limit else found)


def pictures_all() -> list[str]:
    """Names of all that is known, even of what could not be drawn the last time."""
    return list(StoredPicture.objects.order_by("name").values_list("name", flat=True))


def pictures_used(names: list[str]) -> set[str]:
    """Those of ``names`` that some row still shows. One query for each place."""
    used: set[str] = set()
    for model, column in places():
        rows = model._default_manager.filter(**{f"{column}__in": names})
        used.update(rows.values_list(column, flat=True))
    return used


def families_showing(names: list[str]) -> set[int]:
    """Ids of the families that show one of these product pictures. One query."""
    rows = ProductImage.objects.filter(original__in=names)
    found = rows.values_list("product_id", "product__parent_id")
    return {parent or pk for pk, parent in found}


def tags_showing(names: list[str]) -> set[str]:
    """Of kept pages that show one of these anywhere but as a product's picture, whose pages follow their family.

    A photo of a review stands on its product's page alone; what a category, a brand, a collection, an article or
    the home page shows may stand in menus and on cards everywhere. One query for each place.
    """
    photos = apps.get_model("opinions.ReviewPhoto")._default_manager.filter(image__in=names)
    reviewed = photos.values_list("review__product_id", "review__product__parent_id")
    tags = {*family_tags({parent or pk for pk, parent in reviewed})}
    elsewhere = (one for one in places() if one[0]._meta.label not in OF_FAMILIES)
    is_anywhere = any(
        model._default_manager.filter(**{f"{column}__in": names}).exists()
        for model, column in elsewhere
    )
    return {SITE} if is_anywhere else tags
