"""Addresses of a picture for the pages, made from what the database knows of it.

The file ``cup.webp`` has siblings ``cup.webp.w160r1.avif``, ``cup.webp.w160r1.jpg`` and so on beside it:
``r`` is the recipe, so a name never gets other content.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.files.storage import default_storage

from catalog.pictures.drawing import RECIPE, Kind, widths_of

SMALL, MIDDLE = 160, 430  # pixels; what `small` and `src` are at least, where the picture is


@dataclass(frozen=True)
class PictureSources:
    """Ready for `components/picture.html`.

    ``srcset`` names JPEGs and ``avif`` the same in AVIF, both "" until they are drawn; ``small``,
    ``src`` and ``jpeg`` are single files for the size of a stamp, of a card, and the widest;
    ``large`` is the original. Width and height are the original's, 0 where nobody has looked yet.
    """

    src: str
    srcset: str = ""
    avif: str = ""
    small: str = ""
    jpeg: str = ""
    large: str = ""
    width: int = 0
    height: int = 0
    colour: str = ""


def sibling_name(name: str, width: int, kind: Kind, recipe: int = RECIPE) -> str:
    return f"{name}.w{width}r{recipe}.{kind.value}"


def sibling_names(name: str, *, width: int, recipe: int = RECIPE) -> list[str]:
    """Of a picture that is ``width`` pixels wide: all the files that are drawn of it."""
    return [sibling_name(name, one, kind, recipe) for one in widths_of(width) for kind in Kind]


def picture_sources(name: str, facts: Mapping[str, Any] | None) -> PictureSources | None:
    """``facts`` as `catalog.pictures.selectors` adds them to rows; no query, no file is touched.

    None without a picture. One that nobody has looked at yet is shown as it came.
    """
    if not name:
        return None
    if facts is None:
        return _original(name, 0, 0)
    width, height = facts["width"], facts["height"]
    if not width:
        return None
    if not facts["recipe"]:
        return _original(name, width, height)
    return _drawn(name, width, height, facts["colour"], facts["recipe"])


def picture_first(*pictures: Mapping[str, Any] | None) -> PictureSources | None:
    """Of pictures as `catalog.pictures.selectors.first_picture` gives them, the first that can be shown."""
    known = (picture_sources(one["name"], one["facts"]) for one in pictures if one)
    return next(filter(None, known), None)


def _original(name: str, width: int, height: int) -> PictureSources:
    url = default_storage.url(name)
    return PictureSources(src=url, small=url, jpeg=url, large=url, width=width, height=height)


@lru_cache(maxsize=20_000)
def _drawn(name: str, width: int, height: int, colour: str, recipe: int) -> PictureSources:
    widths = widths_of(width)
    urls = {
        (one, kind): default_storage.url(sibling_name(name, one, kind, recipe))
        for one in widths
        for kind in Kind
    }

    def at_least(pixels: int) -> str:
        return urls[next((one for one in widths if one >= pixels), widths[-1]), Kind.JPEG]

    def srcset(kind: Kind) -> str:
        return ", ".join(f"{urls[one, kind]} {one}w" for one in widths)

    return PictureSources(
        src=at_least(MIDDLE),
        srcset=srcset(Kind.JPEG),
        avif=srcset(Kind.AVIF),
        small=at_least(SMALL),
        jpeg=urls[widths[-1], Kind.JPEG],
        large=default_storage.url(name),
        width=width,
        height=height,
        colour=colour,
    )
