"""Guests who buy all the while, and what they met."""

import itertools
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

from benchmarks.checkout.guest import Answer, CheckoutFailed, Guest
from benchmarks.checkout.walks import ours

REST_SECONDS = 0.3  # after a failure, as long as somebody takes to try again
SHOWN = 60  # letters of what a page says
SERVER_ERROR, BUSY = 500, 503
ALERT = re.compile(rb'class="alert alert--error">.*?<p class="alert__body">(.*?)</p>', re.DOTALL)
HEADING = re.compile(rb"<h1[^>]*>(.*?)</h1>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
OF_THE_SHOP = b'<a class="logo"'  # our own page about an error has it; a web server's has not
NUMBERS, RUN = itertools.count(1), int(time.time())


@dataclass
class Seen:
    """``tried``: the e-mails of all guests; ``thanked``: of whose checkout came to its end. ``gap``: the longest time in which
    nobody's did, in seconds. ``bare``: errors of the shop without a word to the shopper."""

    tried: list[str] = field(default_factory=list)
    thanked: list[str] = field(default_factory=list)
    gap: float = 0.0
    met: Counter[str] = field(default_factory=Counter)
    bare: Counter[str] = field(default_factory=Counter)


class Watched(Guest):
    """Remembers the last page, and each error that the shop answered with."""

    last: Answer | None = None
    bare = ""

    def _ask(self, method: str, url: str, values: dict[str, str] | None) -> tuple[Answer, str]:
        self.last = None
        answer, location = super()._ask(method, url, values)
        self.last = answer
        if self.is_shop(url) and answer.status >= SERVER_ERROR:
            said = OF_THE_SHOP in answer.body or bool(self.heads)  # a piece of a page has no head
            if answer.status != BUSY or not said:
                self.bare = f"{answer.status} at {self.step}"
        return answer, location

    def is_shop(self, url: str) -> bool:
        return urlsplit(url).netloc == urlsplit(self.origin).netloc

    def saw(self, error: CheckoutFailed) -> str:
        """What the page said that the guest could not go on from."""
        if self.last is None:
            return f"{self.step}: {str(error).rpartition(': ')[2]}"
        if not self.is_shop(self.last.url):
            return f"{self.step}: {self.last.status} of the provider"
        found = ALERT.search(self.last.body) or HEADING.search(self.last.body)
        words = unescape(TAG.sub("", found[1].decode())) if found else "no words"
        short = " ".join(words.split())[:SHOWN]
        return f"{self.step}: {self.last.status}, “{short}”"


class Guests:
    """``with Guests(url, goods) as guests: …; guests.seen``"""

    def __init__(self, url: str, goods: list[tuple[str, int]], *, number: int) -> None:
        self.url, self.goods = url, goods
        self.seen = Seen()
        self._over, self._lock = threading.Event(), threading.Lock()
        self._last = time.monotonic()
        self._threads = [threading.Thread(target=self._buy) for _ in range(number)]

    def __enter__(self) -> "Guests":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._pause_note()

    def _buy(self) -> None:
        choose = random.Random()  # which goods does not matter here
        while not self._over.is_set():
            guest = Watched(self.url)
            path, product = choose.choice(self.goods)
            email = f"guest{next(NUMBERS)}.{RUN}@example.com"
            self.seen.tried.append(email)
            try:
                ours(guest, path, product, email)
                self._note(guest, thanked=email)
            except CheckoutFailed as error:
                self._note(guest, met=guest.saw(error))
                self._over.wait(REST_SECONDS)
            finally:
                guest.close()

    def _note(self, guest: Watched, *, thanked: str = "", met: str = "") -> None:
        with self._lock:
            if guest.bare:
                self.seen.bare[guest.bare] += 1
            if met:
                self.seen.met[met] += 1
            else:
                self.seen.thanked.append(thanked)
                self._pause_note()

    def _pause_note(self) -> None:
        now = time.monotonic()
        self.seen.gap = max(self.seen.gap, now - self._last)
        self._last = now
