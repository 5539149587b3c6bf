"""Who is told that something which readers see has changed.

Kept pages are dropped by tag. A page about content depends on one tag of its own and on those of the
things it lists; `catalog.refresh` tells of the products on it.
"""

from collections.abc import Callable
from functools import partial

from django.db import transaction

LINKS = "content:links"  # the foot of every page
GUIDES = "content:guides"  # lists of guides, and the guides beside a guide

Listener = Callable[[frozenset[str]], None]
_listeners: list[Listener] = []


def article_tag(pk: int) -> str:
    return f"content:article:{pk}"


def page_tag(pk: int) -> str:
    return f"content:page:{pk}"


def content_listen(listener: Listener) -> None:
    """``listener`` gets the tags that changed, after the commit. Registering twice changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def content_changed(*tags: str) -> None:
    """Tell of a change, once it is certain: after the commit of the transaction around it."""
    transaction.on_commit(partial(_tell, frozenset(tags)))


def _tell(tags: frozenset[str]) -> None:
    for listener in _listeners:
        listener(tags)
