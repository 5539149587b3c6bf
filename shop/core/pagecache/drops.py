"""Writes drop the pages of what they changed."""

from collections.abc import Callable, Iterable
from functools import partial

from django.conf import settings
from django.db import transaction

from shop.core.pagecache.gather import family_tags
from shop.core.pagecache.shelf import SITE, shelf

MANY = 200  # more than so many tags at once drop every page instead


def drop(*tags: str) -> None:
    """Drop the pages that depend on any of ``tags`` once the transaction is committed."""
    if tags and settings.PAGE_CACHE:
        wanted = tags if len(tags) <= MANY else (SITE,)
        transaction.on_commit(partial(shelf.drop, wanted), robust=True)


def drop_families_of(ask: Callable[[], Iterable[int]]) -> None:
    """The same for families that ``ask`` names after the commit, outside of anybody's locks."""
    if settings.PAGE_CACHE:
        transaction.on_commit(lambda: shelf.drop(family_tags(ask())), robust=True)
