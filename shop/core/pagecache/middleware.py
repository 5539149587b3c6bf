"""Kept pages, in front of everything else.

`PageCacheMiddleware` answers strangers before sessions and baskets are thought of. A visitor with a
session or a basket goes on through the other middlewares, and `LatePageCacheMiddleware`, the last of
them, answers from the same kept page, knowing who it is.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.module_loading import import_string

from shop.core.pagecache.answer import answer
from shop.core.pagecache.gather import gathered, visits_make
from shop.core.pagecache.holes import late_cookies
from shop.core.pagecache.page import Page
from shop.core.pagecache.render import page_make
from shop.core.pagecache.shelf import GRACE_SECONDS, LOCK_SECONDS, Found, shelf
from shop.core.pagecache.spec import Address, address_of

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]
LOOK_SECONDS = 0.02  # between looks at what another process is making
IDLE_SECONDS = 20  # that the thread of renewals keeps its connection without work
REST_SHARE = 3.0  # of the time that a page took: renewals have a quarter of a thread at most


class PageCacheMiddleware:
    """Answers from kept pages, and keeps them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.renewals = Renewals()
        self.late_cookies = late_cookies()
        self.making: dict[str, threading.Event] = {}
        self.guard = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if gathered.get() is not None:
            return self.get_response(request)  # this is the rendering of a page to keep
        address = self.address(request)
        if address is None:
            return self.plain(request)
        if not self.late_cookies.isdisjoint(request.COOKIES):
            request.kept = (self, address)  # type: ignore[attr-defined]
            return self.plain(request)
        found = self.obtain(request, address)
        return answer(request, found) if isinstance(found, Page) else found or self.plain(request)

    def address(self, request: HttpRequest) -> Address | None:
        is_asked_whole = (
            request.method in ("GET", "HEAD")
            and "HTTP_HX_REQUEST" not in request.META
            and "HTTP_AUTHORIZATION" not in request.META
        )
        return address_of(request) if settings.PAGE_CACHE and is_asked_whole else None

    def plain(self, request: HttpRequest) -> HttpResponseBase:
        """Rendered for this visitor alone."""
        response = self.get_response(request)
        visits_make(request, response, getattr(request, "visits", ()))
        return response

    def obtain(
        self,
        request: HttpRequest,
        address: Address,
        *,
        segment: str = "",
        user_id: int | None = None,
    ) -> Page | HttpResponse | None:
        """The page, made now if need be; an answer that is the same for everybody; or None.

        One makes a page and the others wait for it, or take what was true a moment ago.
        """
        key = address.key(segment)
        found = shelf.read(key)
        make = partial(self.make, request.META, address, key=key, user_id=user_id)
        if found is not None and found.is_good:
            if found.is_old:
                self.renewals.ask(key, make)
            return found.page
        is_recent = found is not None and time.time() - (found.dropped or 0.0) < GRACE_SECONDS
        with self.guard:
            done = self.making.get(key)
            if done is None:
                mine = self.making[key] = threading.Event()
        if done is not None:  # another thread of this process is at it
            if found is not None and is_recent:
                return found.page
            done.wait(LOCK_SECONDS)
            return self.there(key)
        try:
            return self.alone(key, found, make, is_recent=is_recent)
        finally:
            with self.guard:
                del self.making[key]
            mine.set()

    def alone(
        self,
        key: str,
        found: Found | None,
        make: Callable[[], Page | HttpResponse | None],
        *,
        is_recent: bool,
    ) -> Page | HttpResponse | None:
        """Make it, unless another process is making it."""
        if shelf.lock(key):
            try:
                return make()
            except (OperationalError, InterfaceError):
                if found is None:
                    raise
                logger.warning("the database is away, a kept page stands in for it")
                return found.page
            finally:
                shelf.unlock(key)
        if found is not None and is_recent:
            return found.page
        end = time.monotonic() + LOCK_SECONDS
        while time.monotonic() < end and shelf.is_locked(key):
            time.sleep(LOOK_SECONDS)
        return self.there(key)

    def there(self, key: str) -> Page | None:
        """What somebody else has made; None when it took too long or cannot be kept."""
        found = shelf.read(key)
        return found.page if found is not None and found.is_good else None

    def make(
        self, meta: Mapping[str, Any], address: Address, *, key: str, user_id: int | None
    ) -> Page | HttpResponse | None:
        """Render the page and keep it, unless it came while we were on our way to the lock."""
        there = shelf.newest(key)
        if there is not None and there.is_good and not there.is_old:
            return there.page
        seq = shelf.seq()
        made = page_make(
            self.get_response, meta, address, seq=-1 if seq is None else seq, user_id=user_id
        )
        if isinstance(made, Page):
            shelf.write(key, made)
            return made
        is_elsewhere = made.status_code in (301, 302, 308) and isinstance(made, HttpResponse)
        return made if is_elsewhere and not made.cookies else None  # type: ignore[return-value]


class LatePageCacheMiddleware:
    """For visitors with a session or a basket; stands behind all other middlewares."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.segment_of: Callable[[HttpRequest], str | None] = import_string(
            settings.PAGE_CACHE_SEGMENT
        )

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        keeper, address = getattr(request, "kept", (None, None))
        if keeper is None:
            return self.get_response(request)
        segment = self.segment_of(request)
        if segment is None:
            return self.get_response(request)  # prices of this member's own
        user_id = request.user.pk if segment else None
        found = keeper.obtain(request, address, segment=segment, user_id=user_id)
        return (
            answer(request, found)
            if isinstance(found, Page)
            else found or self.get_response(request)
        )


class Renewals:
    """One thread that makes old pages anew, so that no visitor waits for it.

    It keeps its connection, with its plans, until nobody has asked for a while; and it rests after each page, for
    pages that were made in one rush grow old in one rush.
    """

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[tuple[str, Callable[[], object]]] = queue.SimpleQueue()
        self._waiting: set[str] = set()
        self._thread: threading.Thread | None = None
        self._guard = threading.Lock()

    def ask(self, key: str, make: Callable[[], object]) -> None:
        """Once for all who see the same old page; the lock is given back when the page is there."""
        if key in self._waiting or not shelf.lock(key):
            return
        with self._guard:
            self._waiting.add(key)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, daemon=True, name="renewals")
                self._thread.start()
        self._asked.put((key, make))

    def _work(self) -> None:
        while True:
            try:
                key, make = self._asked.get(timeout=IDLE_SECONDS)
            except queue.Empty:
                connections.close_all()
                key, make = self._asked.get()
            start = time.monotonic()
            self._make(key, make)
            time.sleep(REST_SHARE * (time.monotonic() - start))

    def _make(self, key: str, make: Callable[[], object]) -> None:
        close_old_connections()
        try:
            make()
        except Exception:
            logger.exception("a kept page could not be made anew")
            connections.close_all()
        finally:
            shelf.unlock(key)
            self._waiting.discard(key)
