"""Sessions in the database, with a copy in the cache that no visitor is to see when it is old.

While Redis is away a change reaches the database alone, and what Redis still holds of that session
is old: it knows nothing of an order just paid, and it still knows who has signed out meanwhile. So
this process reads such a session from the database, and deletes the copy as soon as Redis answers.
"""

import threading
import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import cached_db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.core.cache import caches
from django.utils.crypto import get_random_string

from shop.core.nearby import STAMP, stamp_seen
from shop.core.planned import planned_rows

CREATE = (
    "INSERT INTO django_session (session_data, expire_date, session_key) VALUES (%s, %s, %s)"
    " ON CONFLICT DO NOTHING RETURNING session_key"
)
UPDATE = (
    "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"
    " RETURNING session_key"
)
PAUSE_SECONDS = 0.1  # between two tries to reach Redis
AGAIN_SECONDS = 1.0  # a write that timed out may still arrive; what it brought is deleted too

_doubted: dict[str, float] = {}  # keys in the cache whose copies are old, and since when
_lock = threading.Lock()
_is_cleaning = False


class SessionStore(cached_db.SessionStore):
    """As Django's, but for what a cache that was away has missed."""

    _cache: Any

    def load(self) -> dict[str, Any]:
        if not self.session_key:
            return super().load()
        if self.cache_key not in _doubted:
            # Nearly every page that knows its visitor asks for the stamp next.
            found = self._cache.get_many([self.cache_key, STAMP])
            stamp_seen(found.get(STAMP))
            data = found.get(self.cache_key)
            return super().load() if data is None else data
        session = self._get_session_from_db()  # type: ignore[attr-defined]
        return self.decode(session.session_data) if session else {}

    def save(self, must_create: bool = False) -> None:
        """Django's, in one planned statement. Raises ``CreateError``, ``UpdateError`` as that does."""
        if self.session_key is None:
            self.create()
            return
        was_silent = _is_silent(self._cache)
        self._row_save(must_create)
        self._cache.set(self.cache_key, self._session, self.get_expiry_age())  # type: ignore[attr-defined]
        if was_silent or _is_silent(self._cache):
            _doubt(self.cache_key)

    def _row_save(self, must_create: bool) -> None:
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        values = [self.encode(data), self.get_expiry_date(), self.session_key]
        if not planned_rows(CREATE if must_create else UPDATE, values):
            raise CreateError if must_create else UpdateError

    def _get_new_session_key(self) -> str:
        """Django looks first whether it is taken, which ``create`` finds out by itself."""
        return get_random_string(32, VALID_KEY_CHARS)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        was_silent = _is_silent(self._cache)
        super().delete(session_key)
        if key and (was_silent or _is_silent(self._cache)):
            _doubt(f"{self.cache_key_prefix}{key}")


def _is_silent(cache: Any) -> bool:
    """See `shop.core.cache.ForgivingRedisCache`: what is said to it now is lost."""
    return time.monotonic() < getattr(cache, "silent_until", 0.0)


def _doubt(key: str) -> None:
    global _is_cleaning
    with _lock:
        _doubted[key] = time.monotonic()
        if not _is_cleaning:
            _is_cleaning = True
            threading.Thread(target=_clean, name="sessions", daemon=True).start()


def _clean() -> None:
    """Delete old copies until none is left."""
    global _is_cleaning
    cache: Any = caches[settings.SESSION_CACHE_ALIAS]
    while True:
        with _lock:
            keys = dict(_doubted)
            if not keys:
                _is_cleaning = False
                return
        if not _deleted(cache, keys):
            time.sleep(PAUSE_SECONDS)
            continue
        time.sleep(AGAIN_SECONDS)
        if _deleted(cache, keys):
            with _lock:
                for key, since in keys.items():
                    if _doubted[key] == since:
                        del _doubted[key]


def _deleted(cache: Any, keys: dict[str, float]) -> bool:
    cache.silent_until = 0.0  # this thread asks at once, nobody waits for it
    cache.delete_many(list(keys))
    return not _is_silent(cache)
