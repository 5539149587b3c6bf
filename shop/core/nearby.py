"""What every page reads and hardly anybody changes: the tree of categories, names of options.

Kept in the process, where reading it costs nothing; and in the cache, so that few processes read the
database. One stamp in the cache says which state of all of it is the present one: it is looked at once in
a request, and `nearby_forget` replaces it, so every process knows of a change with its next request.
Without a cache each request reads for itself.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.utils.translation import get_language

T = TypeVar("T")

STAMP = "nearby.stamp"
LOOK_SECONDS = 0.1  # how long a look at the stamp serves outside of requests
REQUEST_SECONDS = 5.0  # and in one: it has one state of all, unless it takes long


class _Look(threading.local):
    """The stamp that this thread saw last, when, on the monotonic clock, and how long that serves."""

    stamp = ""
    seen_at = float("-inf")
    seconds = LOOK_SECONDS


_look = _Look()


class Nearby(Generic[T]):
    """One value, or one for each language. Whoever reads it must not change it."""

    def __init__(self, name: str, read: Callable[[], T], *, seconds: float, by_language: bool):
        """``read`` gives the value from the database; after ``seconds`` it is asked again."""
        self.name, self.read, self.seconds, self.by_language = name, read, seconds, by_language
        self._held: dict[str, tuple[str, float, T]] = {}  # by language: stamp, until when, value

    def get(self) -> T:
        language = (get_language() or "") if self.by_language else ""
        stamp, now = _stamp(), time.monotonic()
        held = self._held.get(language)
        if held is None or held[0] != stamp or held[1] < now:
            # The cache's own copy is as old as it is: a copy of it may not begin a new life.
            value, until = self._shared(f"{self.name}.{language}.{stamp}")
            held = self._held[language] = (stamp, now + until - time.time(), value)
        return held[2]

    def _shared(self, key: str) -> tuple[T, float]:
        """The value and until when it serves, in seconds of the epoch."""
        found = cache.get(key)
        if found is None:
            found = (self.read(), time.time() + self.seconds)
            cache.set(key, found, self.seconds)
        return found


def nearby_forget() -> None:
    """Everything of this kind is read anew from now on, everywhere. Call it after the commit."""
    _look.stamp, _look.seen_at = uuid4().hex, time.monotonic()
    cache.set(STAMP, _look.stamp, None)


def stamp_seen(stamp: str | None) -> None:
    """Whoever asks the cache for something else may ask for ``STAMP`` by the way, and say so here."""
    if stamp:
        _look.stamp, _look.seen_at = stamp, time.monotonic()


def _stamp() -> str:
    now = time.monotonic()
    if now - _look.seen_at > _look.seconds:
        stamp = cache.get(STAMP)
        if stamp is None:
            stamp = uuid4().hex
            if not cache.add(STAMP, stamp, None):  # somebody else was quicker
                stamp = cache.get(STAMP) or stamp
        _look.stamp, _look.seen_at = stamp, now
    return _look.stamp


def _request_begins(**kwargs: object) -> None:
    _look.seen_at, _look.seconds = float("-inf"), REQUEST_SECONDS


def _request_ends(**kwargs: object) -> None:
    _look.seconds = LOOK_SECONDS


request_started.connect(_request_begins, dispatch_uid="nearby.begins")
request_finished.connect(_request_ends, dispatch_uid="nearby.ends")
