"""A cache that is a help, never a need."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis, or nothing: when it is down every look-up misses and every write is dropped."""

    def _try(self, method: str, fallback, *args, **kwargs):
        try:
            return getattr(super(), method)(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("cache %s failed: %s", method, type(error).__name__)
            return fallback

    def add(self, *args, **kwargs):
        return self._try("add", True, *args, **kwargs)

    def get(self, key, default=None, version=None):
        return self._try("get", default, key, default=default, version=version)

    def set(self, *args, **kwargs):
        return self._try("set", None, *args, **kwargs)

    def incr(self, key, delta=1, version=None):
        return self._try("incr", delta, key, delta, version=version)

    def touch(self, *args, **kwargs):
        return self._try("touch", False, *args, **kwargs)

    def delete(self, *args, **kwargs):
        return self._try("delete", False, *args, **kwargs)

    def get_many(self, *args, **kwargs):
        return self._try("get_many", {}, *args, **kwargs)

    def has_key(self, *args, **kwargs):
        return self._try("has_key", False, *args, **kwargs)

    def set_many(self, *args, **kwargs):
        return self._try("set_many", [], *args, **kwargs)

    def delete_many(self, *args, **kwargs):
        return self._try("delete_many", None, *args, **kwargs)

    def clear(self):
        return self._try("clear", False)
