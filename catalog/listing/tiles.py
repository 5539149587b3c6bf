"""Small pictures that lead to lists: sub-categories, brands, collections."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.urls import reverse

from catalog.cards import pictures_of
from catalog.facts.models import Brand
from catalog.listing.collections import Collection, collections_public
from catalog.listing.models import ListedProduct
from catalog.listing.scopes import scope_collection
from catalog.models import Product
from catalog.pictures.selectors import with_picture
from catalog.pictures.sources import PictureSources, picture_sources
from catalog.selectors import CategoryNode

FACES = 6  # products that may stand for a collection


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
    return [Tile(node.name, node.url, node.picture) for node in nodes]


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
            picture=picture_sources(brand.image.name or "", brand.picture_facts)
            or pictures.get(faces[brand.pk]),
            count=counts[brand.pk],
            text=brand.description,
        )
        for brand in with_picture(Brand.objects.filter(pk__in=counts), "image").order_by(
            "name", "pk"
        )
    ]


def collection_tiles() -> list[Tile]:
    """Public collections that hold something; four queries for any number of them."""
    rows = _collection_rows(collections_public())
    pictures = _faces([face for row in rows for face in row.faces])
    tiles = []
    shown: set[int] = set()
    for row in rows:
        # Two collections may begin with the same thing; each shows one that no other shows.
        fresh = [pk for pk in row.faces if pk in pictures and pk not in shown]
        face = next(iter(fresh or row.faces))
        shown.add(face)
        tiles.append(
            Tile(
                name=row.collection.name,
                url=reverse("catalogue:collection", kwargs={"slug": row.collection.slug}),
                picture=row.collection.picture or pictures.get(face),
                count=row.number,
                text=row.collection.description,
            )
        )
    return tiles


def collection_faces(found: list[Collection]) -> dict[int, list[int]]:
    """By collection: its first products, six at most. One query, none for nothing."""
    return {row.collection.pk: row.faces for row in _collection_rows(found)}


class _Row(NamedTuple):
    """A collection, its first products and how many there are."""

    collection: Collection
    faces: list[int]
    number: int


def _collection_rows(found: list[Collection]) -> list[_Row]:
    """Those that are not empty. One query."""
    scopes = [scope_collection(one.products(), range_id=one.pk) for one in found]
    if not scopes:
        return []
    parts = [
        f"""SELECT {place} AS place, (array_agg(product_id ORDER BY score DESC, is_in_stock DESC,
            priority DESC, product_id DESC))[1:{FACES}] AS faces, COUNT(*) AS number
            FROM ({scope.source}) AS held JOIN listing_listedproduct USING (product_id)"""  # noqa: S608
        for place, scope in enumerate(scopes)
    ]
    params = [param for scope in scopes for param in scope.source_params]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY place", params)
        rows = cursor.fetchall()
    return [_Row(found[place], faces, number) for place, faces, number in rows if number]


def _faces(ids: Iterable[int]) -> dict[int, PictureSources]:
    """By product: its first picture. One query."""
    products = list(Product.objects.filter(pk__in=list(ids)).only("pk", "structure"))
    return {pk: found[0] for pk, found in pictures_of(products).items() if found}
