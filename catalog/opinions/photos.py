"""Photos of reviews with their addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.pictures.sources import PictureSources, picture_sources


@dataclass(frozen=True)
class Photo:
    """One photo as the templates take it. ``sources`` is None when its file is gone."""

    pk: int
    sources: PictureSources | None
    full: str
    review_id: int | None = None


def photo_of(
    pk: int, name: str, facts: Mapping[str, Any] | None, review_id: int | None = None
) -> Photo:
    """``facts``: what `catalog.pictures.selectors` adds to rows."""
    sources = picture_sources(name, facts)
    return Photo(pk=pk, sources=sources, full=sources.large if sources else "", review_id=review_id)
