"""A cache that is a help, never a need."""

import logging
import os
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.connection import ConnectionInterface
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import RedisError, ResponseError

logger = logging.getLogger(__name__)

SILENCE_SECONDS = 2.0


#: What a second time changes something: whoever does it may have done it already when the answer was lost.
ONCE = ("INCRBY", "NX")


class KeptRedis(Redis):
    """One command and its answer over a connection that lies ready.

    The library counts and times each step of it for measurements that nobody takes here; without them a look-up
    costs a quarter less. What it does with many commands at once (pipelines) goes its usual way.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ready: list[ConnectionInterface] = []
        self._pid = os.getpid()

    def execute_command(self, *args: Any, **options: Any) -> Any:
        connection = self._connection()
        may_be_asked_again = connection.is_connected and not any(one in args for one in ONCE)
        try:
            try:
                return self._asked(connection, args, options)
            except NotConnected:
                if not may_be_asked_again:
                    raise
                return self._asked(connection, args, options)  # Redis was started anew meanwhile
        finally:
            self._ready.append(connection)

    def _asked(
        self, connection: ConnectionInterface, args: tuple[Any, ...], options: dict[str, Any]
    ) -> Any:
        try:
            connection.send_command(*args)
            return self.parse_response(connection, args[0], **options)
        except ResponseError:  # an answer as well
            raise
        except BaseException:  # or the next one who asks would read what was meant for this one
            connection.disconnect()
            raise

    def _connection(self) -> ConnectionInterface:
        if self._pid != os.getpid():  # forked: the others are of the process it came from
            self._ready, self._pid = [], os.getpid()
        try:
            return self._ready.pop()
        except IndexError:
            return self.connection_pool.make_connection()


class KeptClient(RedisCacheClient):
    """One client for all look-ups of a process: Django makes one for each, which costs more than it asks."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._client = KeptRedis
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

    def validate_key(self, key: str) -> None:
        """Redis takes any; what Django looks at each letter for is another store."""

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
