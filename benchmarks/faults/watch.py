"""Guests who buy all the while, and what they met."""

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.checkout.guest import CheckoutFailed, Guest
from benchmarks.checkout.walks import ours

REST_SECONDS = 0.2  # after a failure, as long as somebody takes to try again


@dataclass
class Seen:
    """``gap``: the longest time in which nobody's checkout came to its end, in seconds."""

    thanked: int = 0
    gap: float = 0.0
    met: Counter[str] = field(default_factory=Counter)


class Guests:
    """``with Guests(url, goods) as guests: …; guests.seen``"""

    def __init__(self, url: str, goods: list[tuple[str, int]], *, number: int) -> None:
        self.url, self.goods, self.number = url, goods, number
        self.seen = Seen()
        self._over, self._lock = threading.Event(), threading.Lock()
        self._last = time.monotonic()
        self._threads = [threading.Thread(target=self._buy, args=[one]) for one in range(number)]

    def __enter__(self) -> "Guests":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _buy(self, place: int) -> None:
        choose = random.Random()  # which goods does not matter here
        while not self._over.is_set():
            guest = Guest(self.url)
            path, product = choose.choice(self.goods)
            try:
                ours(guest, path, product, f"guest{place}@example.com")
                self._note("")
            except CheckoutFailed as error:
                self._note(f"{guest.step}: {str(error).rpartition(' answers ')[2][:60]}")
                self._over.wait(REST_SECONDS)
            finally:
                guest.close()

    def _note(self, met: str) -> None:
        with self._lock:
            if met:
                self.seen.met[met] += 1
                return
            now = time.monotonic()
            self.seen.thanked += 1
            self.seen.gap = max(self.seen.gap, now - self._last)
            self._last = now
