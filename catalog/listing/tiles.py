"""Small pictures that lead to lists: sub-categories, brands, collections."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.urls import reverse

from catalog.cards import pictures_of, stored_picture
from catalog.facts.models import Brand
from catalog.listing.collections import Collection, collections_public
from catalog.listing.models import CollectionText, ListedProduct
from catalog.listing.scopes import scope_collection
from catalog.models import Category, Product
from catalog.pictures import PictureSources
from catalog.selectors import CategoryNode


@dataclass(frozen=True)
class Tile:
    """``count``: how many products stand behind it; None when nobody counted."""

    name: str
    url: str
    picture: PictureSources | None = None
    count: int | None = None
    text: str = ""


def category_tiles(nodes: Iterable[CategoryNode]) -> list[Tile]:
    """With the category's own picture. No query."""
    return [
        Tile(node.name, node.url, stored_picture(Category, "image", node.image)) for node in nodes
    ]


def brand_tiles() -> list[Tile]:
    """Brands that have something to sell, by name; without a picture the best product stands in.

    Three queries.
    """
    faces: dict[int, int] = {}
    counts: dict[int, int] = {}
    rows = (
        ListedProduct.objects.filter(brand__isnull=False)
        .order_by("brand", "-is_in_stock", "-priority", "-sold", "pk")
        .values_list("brand_id", "pk")
    )
    for brand_id, pk in rows:
        faces.setdefault(brand_id, pk)
        counts[brand_id] = counts.get(brand_id, 0) + 1
    pictures = _faces(faces.values())
    return [
        Tile(
            name=brand.name,
            url=reverse("catalogue:brand", kwargs={"slug": brand.slug}),
            picture=stored_picture(Brand, "image", brand.image.name or "")
            or pictures.get(faces[brand.pk]),
            count=counts[brand.pk],
            text=brand.description,
        )
        for brand in Brand.objects.filter(pk__in=counts).order_by("name", "pk")
    ]


def collection_tiles() -> list[Tile]:
    """Public collections that hold something; four queries for any number of them."""
    kept = []
    faces = _collection_faces(collections_public())
    pictures = _faces([pk for _one, pk, _number in faces])
    for collection, pk, number in faces:
        own = stored_picture(CollectionText, "image", collection.image)
        kept.append(
            Tile(
                name=collection.name,
                url=reverse("catalogue:collection", kwargs={"slug": collection.slug}),
                picture=own or pictures.get(pk),
                count=number,
                text=collection.description,
            )
        )
    return kept


def _collection_faces(found: list[Collection]) -> list[tuple[Collection, int, int]]:
    """Of each collection that is not empty: its first product and how many there are."""
    scopes = [scope_collection(one.products(), range_id=one.pk) for one in found]
    if not scopes:
        return []
    parts = [
        f"""SELECT {place} AS place, (array_agg(product_id ORDER BY score DESC, is_in_stock DESC,
            priority DESC, product_id DESC))[1] AS face, COUNT(*) AS number
            FROM ({scope.source}) AS held JOIN listing_listedproduct USING (product_id)"""  # noqa: S608
        for place, scope in enumerate(scopes)
    ]
    params = [param for scope in scopes for param in scope.source_params]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY place", params)
        rows = cursor.fetchall()
    return [(found[place], face, number) for place, face, number in rows if number]


def _faces(ids: Iterable[int]) -> dict[int, PictureSources]:
    """By product: its first picture. One query."""
    products = list(Product.objects.filter(pk__in=list(ids)).only("pk", "structure"))
    return {pk: found[0] for pk, found in pictures_of(products).items() if found}
