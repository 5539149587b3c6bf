"""Collections: Oscar's public ranges, with the texts of `CollectionText` where there are some."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from catalog.listing.models import CollectionText
from catalog.models import Product
from catalog.pictures.selectors import with_picture
from catalog.pictures.sources import PictureSources, picture_sources


@dataclass(frozen=True)
class Collection:
    """A range as shoppers meet it, in the reader's language."""

    pk: int
    slug: str
    name: str
    description: str
    picture: PictureSources | None
    source: Any
    text: CollectionText | None  # None: the range has its own name only

    def products(self) -> QuerySet[Product]:
        """What the range holds, variants among them. Asks the range, so offers and page agree."""
        return self.source.all_products()


def collections_public() -> list[Collection]:
    """By name. One query."""
    return sorted((_made(row) for row in _public()), key=lambda one: one.name)


def collection_by_slug(slug: str) -> Collection | None:
    row = _public().filter(slug=slug).first()
    return _made(row) if row else None


def _public() -> QuerySet[Any]:
    """The model belongs to a floor above; the relation leads there."""
    ranges = CollectionText._meta.get_field("range").related_model._default_manager
    rows = ranges.filter(is_public=True).select_related("collection")
    return with_picture(rows, "collection__image")


def _made(row: Any) -> Collection:
    text = getattr(row, "collection", None)
    return Collection(
        pk=row.pk,
        slug=row.slug,
        name=(text and text.name) or row.name,
        description=(text.description if text else "") or row.description or "",
        picture=picture_sources(text.image.name or "", row.picture_facts) if text else None,
        source=row,
        text=text,
    )
