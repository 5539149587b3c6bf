"""Where kept pages lie: in the process, behind it in Redis, with one count of all drops.

``seq`` counts drops. A page knows the count at which its rendering began; a tag knows the count of its
last drop. A page is good while none of its tags was dropped after it began. As long as the count
stands still, what was good stays good.

A *bell*, eight bytes of a file that the processes of a machine share, is rung by every drop on this
machine, and Redis is asked anew when it rang; else twice a second, for what other machines dropped. So
an answer asks nobody, and is true with the next request here and within half a second elsewhere.

Without Redis pages are rendered for each request, but one that this process made within the last
second serves again.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache

from shop.core.pagecache.bell import Bell
from shop.core.pagecache.page import Page

#: A page older than this is shown once more and made anew beside the request. Whatever is written drops its pages, and
#: what the clock changes ends them: age is for what nobody tells of, as the order that follows from yesterday's sales.
FRESH_SECONDS = 600.0
LIFE_SECONDS = 3600  # and one older than this is no more
LOOK_SECONDS = 0.5  # how long other machines' drops may go unnoticed
GRACE_SECONDS = 1.0  # how long a dropped page may be shown while somebody makes it anew
TAG_SECONDS = 2 * LIFE_SECONDS
LOCK_SECONDS = 10
NEAR_BYTES = 64 * 1024 * 1024  # of pages in one process
SOURCES = (
    "catalog",
    "crm",
    "orders",
    "promotions",
    "shop",
    "supply",
    "templates",
    "static",
    "locale",
)
SUFFIXES = (".py", ".html", ".css", ".js", ".mo")
SEQ = "pages.seq"
SITE = "site"  # tag of every page


@dataclass
class Near:
    """A page in this process, and at which count it was last found good."""

    page: Page
    seq: int


@dataclass(frozen=True)
class Found:
    """``dropped``: when it ceased to be true, in seconds since 1970; None while it is."""

    page: Page
    dropped: float | None
    is_old: bool

    @property
    def is_good(self) -> bool:
        return self.dropped is None


class Shelf:
    """Safe to use from several threads."""

    def __init__(self) -> None:
        self._near: OrderedDict[str, Near] = OrderedDict()
        self._bytes = 0
        self._guard = threading.Lock()
        self._missed = False  # a drop that Redis did not hear of
        self._known: tuple[int | None, int, float] = (None, -1, 0.0)  # count, bell, when

    @cached_property
    def bell(self) -> Bell:
        return Bell(settings.DATA_DIR / "pages.bell")

    # Reading

    def seq(self) -> int | None:
        """The count of drops, no older than the last drop on this machine; None without Redis."""
        rung, moment = self.bell.read(), time.monotonic()
        known, heard, looked = self._known
        if rung != heard or moment - looked > LOOK_SECONDS:
            known = self._seq_read()
            self._known = (known, rung, moment)
        return known

    def _seq_read(self) -> int | None:
        count: int | None = cache.get(SEQ)
        if count is None:
            count = self._seq_begin()
        if count is not None and self._missed:
            count = self._forget_all()
        return count

    def read(self, key: str) -> Found | None:
        """The page under ``key`` and whether it is still true."""
        now = time.time()
        seq = self.seq()
        near = self._near.get(key)
        if seq is None:
            is_young = near is not None and now - near.page.made < GRACE_SECONDS
            return _found(near.page, None, now) if near and is_young else None
        if near is not None and near.seq == seq:
            return _found(near.page, None, now)
        dropped = None if near is None else self._dropped(near.page)
        if near is None or dropped is not None:
            far: Page | None = cache.get(_page_key(key))
            if far is not None and (near is None or far.seq > near.page.seq):
                near, dropped = Near(far, seq), self._dropped(far)
        if near is None:
            return None
        if dropped is None:
            self._keep(key, Near(near.page, seq))
        return _found(near.page, dropped, now)

    def newest(self, key: str) -> Found | None:
        """The same, and if it is old, what another process may have made since."""
        found = self.read(key)
        if found is None or not found.is_good or not found.is_old:
            return found
        far: Page | None = cache.get(_page_key(key))
        if far is None or far.made <= found.page.made:
            return found
        self._keep(key, Near(far, -1))
        return self.read(key)

    def _dropped(self, page: Page) -> float | None:
        if page.seq < 0:  # made without Redis: nobody knows
            return 0.0
        known = cache.get_many([_tag_key(tag) for tag in page.tags])
        later = [moment for count, moment in known.values() if count > page.seq]
        return max(later, default=None)

    # Writing

    def write(self, key: str, page: Page) -> None:
        self._keep(key, Near(page, -1))  # looked at once more before it serves
        cache.set(_page_key(key), page, LIFE_SECONDS)

    def lock(self, key: str) -> bool:
        """True for the one who may make the page; the others wait or take what there is."""
        return bool(cache.add(f"pages.lock.{key}", 1, LOCK_SECONDS))

    def unlock(self, key: str) -> None:
        cache.delete(f"pages.lock.{key}")

    def is_locked(self, key: str) -> bool:
        return cache.get(f"pages.lock.{key}") is not None

    def drop(self, tags: Iterable[str]) -> None:
        """What depends on any of ``tags`` is true no more.

        The count goes up before the tags are marked, so that a page begun now counts as new, and
        once more after it, so that nobody goes on believing what they looked up in between.
        """
        count = self._count_up()
        if count is None:
            self._missed = True
            self.clear_near()
            self.bell.ring()
            return
        mark = (count, time.time())
        cache.set_many({_tag_key(tag): mark for tag in tags}, TAG_SECONDS)
        if self._count_up() is None:
            self._missed = True
        self.bell.ring()

    def clear_near(self) -> None:
        """Forget what this process holds."""
        with self._guard:
            self._near.clear()
            self._bytes = 0
            self._known = (None, -1, 0.0)

    def _count_up(self) -> int | None:
        if self._seq_read() is None:
            return None
        try:
            return cache.incr(SEQ)
        except ValueError:  # Redis went away in between
            return None

    def _seq_begin(self) -> int | None:
        """Counts begin with the time, so that none comes twice when Redis has lost its memory."""
        start = int(time.time() * 1000)
        if cache.add(SEQ, start, None):
            cache.set(_tag_key(SITE), (start, time.time()), TAG_SECONDS)
        count: int | None = cache.get(SEQ)
        return count

    def _forget_all(self) -> int | None:
        """Redis is back, and did not hear of a drop: every page from before is in doubt."""
        try:
            count = cache.incr(SEQ)
        except ValueError:
            return None
        cache.set(_tag_key(SITE), (count, time.time()), TAG_SECONDS)
        self._missed = False
        return count

    def _keep(self, key: str, near: Near) -> None:
        """Hold it, unless a newer page came while ``near`` was being looked up."""
        with self._guard:
            before = self._near.get(key)
            if before is not None and before.page.made > near.page.made:
                return
            before = self._near.pop(key, None)
            if before is not None:
                self._bytes -= before.page.size
            self._near[key] = near
            self._bytes += near.page.size
            while self._bytes > NEAR_BYTES and len(self._near) > 1:
                _key, oldest = self._near.popitem(last=False)
                self._bytes -= oldest.page.size


def _found(page: Page, dropped: float | None, now: float) -> Found:
    if dropped is None and page.until is not None and now >= page.until:
        dropped = page.until
    return Found(page, dropped, is_old=now - page.made > FRESH_SECONDS)


def _page_key(key: str) -> str:
    return f"pages.{release()}.{key}"


@lru_cache(maxsize=1)
def release() -> str:
    """A name for what runs: pages of other templates, words or styles are not ours."""
    if settings.RELEASE:
        return str(settings.RELEASE)
    digest = sha256(settings.LANGUAGE_CODE.encode())
    for folder in SOURCES:
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.suffix in SUFFIXES:
                found = file.stat()
                digest.update(f"{file}:{found.st_mtime_ns}:{found.st_size}".encode())
    return digest.hexdigest()[:12]


def _tag_key(tag: str) -> str:
    return f"pages.tag.{tag}"


shelf = Shelf()


def keys_of(tags: Sequence[str], *, at_most: int) -> str:
    """For the header ``Surrogate-Key``; empty when they are too many to send."""
    joined = " ".join(tags)
    return joined if len(joined) <= at_most else ""
