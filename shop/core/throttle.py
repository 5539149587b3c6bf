"""Counting tries, so that guessing gets slow. The cache keeps the counts: without it nobody is locked out."""

from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True)
class Throttle:
    """At most ``limit`` tries in ``seconds`` for each subject, counted from its first one."""

    name: str
    limit: int
    seconds: int

    def is_full(self, subject: str) -> bool:
        """Whether the next try has to wait. Counts nothing."""
        return (cache.get(self._key(subject)) or 0) >= self.limit

    def count(self, subject: str) -> None:
        key = self._key(subject)
        if not cache.add(key, 1, self.seconds):
            try:
                cache.incr(key)
            except ValueError:  # it ran out in between
                cache.set(key, 1, self.seconds)

    def allows(self, subject: str) -> bool:
        """Count this try; False if it is one too many."""
        if self.is_full(subject):
            return False
        self.count(subject)
        return True

    def forget(self, subject: str) -> None:
        cache.delete(self._key(subject))

    def _key(self, subject: str) -> str:
        """Hashed: e-mail addresses do not belong into the cache's key list."""
        return f"throttle:{self.name}:{sha256(subject.casefold().encode()).hexdigest()[:32]}"


def client_address(request: HttpRequest) -> str:
    """The address the request came from; behind our own proxy, what that proxy saw."""
    if settings.SECURE_PROXY_SSL_HEADER:
        seen = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        if seen:
            return seen
    return request.META.get("REMOTE_ADDR", "")
