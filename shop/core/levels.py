"""Levels of data, and the masks over what a reader's role does not reach.

A column is of a kind (`shop.settings.levels`), a kind is of a level, and a person of the team reaches
a level by a permission. Whoever reads at the back office is known here for the length of the request;
elsewhere nothing is masked: people see what is their own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

SEE_PERSONAL, SEE_SENSITIVE, REVEAL = (
    "audit.see_personal",
    "audit.see_sensitive",
    "audit.reveal",
)
DOTS = "•••"
Mask = Callable[[Any, str], Any]


class Level(models.IntegerChoices):
    PUBLIC = 1, _("public")
    INTERNAL = 2, _("internal")
    PERSONAL = 3, _("personal")
    SENSITIVE = 4, _("sensitive")


_viewer: ContextVar[Level | None] = ContextVar("data_level", default=None)


def level_reached(user: Any) -> Level:
    """The highest level that ``user`` reads without a mask."""
    if user.has_perm(SEE_SENSITIVE):
        return Level.SENSITIVE
    return Level.PERSONAL if user.has_perm(SEE_PERSONAL) else Level.INTERNAL


@contextmanager
def viewing(user: Any) -> Iterator[None]:
    """Inside, `masked` masks what ``user`` does not reach."""
    token = _viewer.set(level_reached(user))
    try:
        yield
    finally:
        _viewer.reset(token)


def kind_of(label: str, column: str) -> str:
    """The kind of a column of the model ``label``; empty: no mask."""
    key = f"{label}.{column}"
    if key in settings.DATA_FIELDS:
        return settings.DATA_FIELDS[key] or ""
    return settings.DATA_COLUMNS.get(column, "")


def level_of(label: str, column: str) -> Level:
    if kind := kind_of(label, column):
        return Level(settings.DATA_KINDS[kind])
    return Level.PUBLIC if label in settings.DATA_PUBLIC else Level.INTERNAL


def sees(kind: str) -> bool:
    """Whether who reads now reaches this kind."""
    level = _viewer.get()
    return level is None or settings.DATA_KINDS[kind] <= level


def masked(value: Any, kind: str) -> Any:
    """``value`` itself for whoever reaches its kind, else what is left of it under the mask."""
    return value if not value or not kind or sees(kind) else mask(str(value), kind)


def mask_now() -> Mask:
    """`masked` for who reads now, to be called later: a download is written after its view."""
    level = _viewer.get()

    def masked_later(value: Any, kind: str) -> Any:
        reaches = level is None or not kind or settings.DATA_KINDS[kind] <= level
        return value if reaches or not value else mask(str(value), kind)

    return masked_later


def mask(text: str, kind: str) -> str:
    """Enough to tell two apart in a list where that is needed, too little to know who or what."""
    if kind == "email":
        name, _at, host = text.partition("@")
        return f"{name[:1]}{DOTS}@{DOTS}.{host.rpartition('.')[2]}" if host else DOTS
    if kind == "name":
        return " ".join(f"{word[:1]}." for word in text.split()) or DOTS
    if kind in ("phone", "reference"):
        return f"{DOTS}{text[-2:]}" if len(text) > 6 else DOTS
    return DOTS
