"""Photos of reviews with their addresses."""

from dataclasses import dataclass

from catalog.opinions.models import ReviewPhoto
from catalog.pictures import PictureSources, picture_sources


@dataclass(frozen=True)
class Photo:
    """One photo as the templates take it. ``sources`` is None when its file is gone."""

    pk: int
    sources: PictureSources | None
    full: str
    review_id: int | None = None


def photo_of(pk: int, name: str, review_id: int | None = None) -> Photo:
    image = ReviewPhoto(image=name).image
    return Photo(
        pk=pk, sources=picture_sources(image), full=image.url if name else "", review_id=review_id
    )
