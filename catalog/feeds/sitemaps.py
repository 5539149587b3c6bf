"""Sitemaps in parts. What the shop shows registers here as a section; pages read these.

A part is a range of keys, so a page never moves from one file to another, a file is read by its
range and not by counting off, and no file holds more than ``PART`` addresses.

Another app joins in its ``AppConfig.ready``::

    section_register("articles", ArticleSection())
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from django.core.cache import cache

from catalog.feeds.addresses import CODES

PART = 10_000  # keys of a part; the protocol allows 50,000 addresses
SUMS_SECONDS = 600  # how long the index may be old
IMAGES_AT_MOST = 10  # of a page; the protocol allows 1,000


class Image(NamedTuple):
    """``url`` is absolute."""

    url: str
    title: str


@dataclass(frozen=True)
class Page:
    """``path`` has no language before it and is quoted. ``languages``: in which it can be read."""

    path: str
    changed_at: dt.datetime | None = None
    images: tuple[Image, ...] = ()
    languages: tuple[str, ...] = tuple(CODES)


class Part(NamedTuple):
    """How many pages a part has, and when one of them changed last."""

    pages: int
    changed_at: dt.datetime | None

    @property
    def tag(self) -> str:
        return f"{self.pages}-{self.changed_at.timestamp() if self.changed_at else 0:.6f}"


class Section(Protocol):
    def parts(self) -> dict[int, Part]:
        """By number of the part; those without pages are left out. A fixed number of queries."""

    def pages(self, number: int, *, language: str) -> Iterator[Page]:
        """The pages of a part, titles in ``language``. A fixed number of queries, streamed."""


_sections: dict[str, Section] = {}


def section_register(kind: str, section: Section) -> None:
    """``kind`` stands in the address: small letters only."""
    _sections[kind] = section


def section_named(kind: str) -> Section | None:
    return _sections.get(kind)


def parts_all() -> dict[str, dict[int, Part]]:
    """The parts of every section. Kept for ten minutes: reading them looks at every product."""
    found = cache.get("feeds.sitemap.parts")
    if found is None:
        found = {kind: section.parts() for kind, section in _sections.items()}
        cache.set("feeds.sitemap.parts", found, SUMS_SECONDS)
    return found
