"""What Django looks up hundreds of times for a page, looked up by the interpreter itself.

Django keeps the language, the time zone, the connections and the prefix of addresses for each asynchronous task, in
Python. This shop answers a request in one thread and has no asynchronous view (a test holds it to that), so the
interpreter's own `threading.local` keeps the same. Settings guard against the methods of what a lazy object stands
for, of which they have none.
"""

import threading
from typing import Any

from django.conf import LazySettings
from django.core.cache import caches
from django.db import connections
from django.urls import base as urls
from django.utils import timezone
from django.utils.translation import trans_real

KEEPERS: tuple[tuple[Any, str], ...] = (
    (trans_real, "_active"),
    (timezone, "_active"),
    (urls, "_prefixes"),
    (urls, "_urlconfs"),
    (connections, "_connections"),
    (caches, "_connections"),
)


def threads_keep() -> None:
    """Put them in place. What this thread has already is taken along."""
    for owner, name in KEEPERS:
        setattr(owner, name, _moved(getattr(owner, name)))
    LazySettings.__getattribute__ = object.__getattribute__  # type: ignore[method-assign]


def _moved(before: Any) -> threading.local:
    if isinstance(before, threading.local):
        return before
    after = threading.local()
    for key in ("value", *connections, *caches):
        if hasattr(before, key):
            setattr(after, key, getattr(before, key))
    return after
