"""A cache that is a help, never a need."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SILENCE_SECONDS = 2.0


class KeptClient(RedisCacheClient):
    """One client for all look-ups of a process: Django makes one for each, which costs more than it asks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[int, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        place = self._get_connection_pool_index(write)  # type: ignore[attr-defined]
        if place not in self._clients:
            self._clients[place] = super().get_client(key, write=write)
        return self._clients[place]


class ForgivingRedisCache(RedisCache):
    """Redis, or nothing: when it is down every look-up misses and every write is dropped.

    After a failure it is left alone for ``SILENCE_SECONDS``, so that a Redis that hangs costs a page
    one time-out and not one for each look-up.
    """

    silent_until = 0.0  # on the monotonic clock

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = KeptClient

    def _try(self, call: Callable[..., Any], fallback: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self.silent_until:
            return fallback
        try:
            return call(*args, **kwargs)
        except (RedisError, OSError) as error:
            self.silent_until = time.monotonic() + SILENCE_SECONDS
            logger.warning("cache %s failed: %s", call.__name__, type(error).__name__)
            return fallback

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._try(super().add, True, *args, **kwargs)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(super().get, default, key, default=default, version=version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try(super().set, None, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._try(super().touch, False, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._try(super().delete, False, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return self._try(super().get_many, {}, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._try(super().has_key, False, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ``ValueError`` for a missing key, as every cache does, and so without Redis."""
        count = self._try(super().incr, None, key, delta=delta, version=version)
        if count is None:
            raise ValueError(f"key {key!r} is not in the cache")
        return count

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return self._try(super().set_many, [], *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._try(super().delete_many, None, *args, **kwargs)

    def clear(self) -> None:
        self._try(super().clear, None)
