"""Many guests at once, each buying one thing after the other, and 500 who want the same."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psycopg

from benchmarks.checkout.guest import Answer, CheckoutFailed, Guest
from benchmarks.checkout.shops import Shop
from benchmarks.report import percentile

SAMPLE_SECONDS = 0.1
BEHIND_AT_MOST = 600
STILL_TO_DO = (
    "SELECT COUNT(*) FROM core_outboxdelivery WHERE delivered_at IS NULL AND parked_at IS NULL"
)
WAITING = (
    "SELECT COUNT(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass
class Crowd:
    """What came of it. ``steps``: seconds by step; ``waited``: seconds that statements waited for locks.

    ``behind``: seconds until all that follows from these orders was done; ``cpu`` counts it too.
    """

    clients: int
    orders: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    waited: float = 0.0
    behind: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)
    steps: dict[str, list[float]] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return self.orders / self.seconds if self.seconds else 0.0

    @property
    def rate_of_all(self) -> float:
        """Orders a second with all that follows from them done."""
        return self.orders / (self.seconds + self.behind) if self.seconds else 0.0

    def milliseconds(self, share: float, step: str = "") -> float:
        """Of one step, or of a whole checkout."""
        if step:
            return 1000 * percentile(self.steps[step], share) if self.steps.get(step) else 0.0
        wholes = [sum(one) for one in zip(*self.steps.values(), strict=False)]
        return 1000 * percentile(wholes, share) if wholes else 0.0


def crowd(shop: Shop, *, clients: int, seconds: float, seed: int) -> Crowd:
    """``clients`` guests at once buy different goods until ``seconds`` are over."""
    found, lock = Crowd(clients), threading.Lock()
    start = time.perf_counter()
    deadline, cpu, before = start + seconds, shop.cpu(), shop.orders()

    def buy(number: int) -> None:
        choose = random.Random(f"{seed} {clients} {number}")
        count = 0
        while time.perf_counter() < deadline:
            guest = Guest(shop.origin)
            path, product = choose.choice(shop.goods)
            count += 1
            try:
                shop.walk(guest, path, product, f"b{seed}c{clients}n{number}x{count}@example.com")
                with lock:
                    for step, taken in guest.times.items():
                        found.steps.setdefault(step, []).append(taken)
            except CheckoutFailed as error:
                with lock:
                    found.failures[str(error)[:120]] += 1
            finally:
                guest.close()

    with Locks(shop) as locks, ThreadPoolExecutor(clients) as pool:
        list(pool.map(buy, range(clients)))
    found.seconds = time.perf_counter() - start
    found.orders, found.waited = shop.orders() - before, locks.seconds
    found.behind = caught_up(shop)
    found.cpu = shop.cpu() - cpu
    return found


def pages_visited(shop: Shop) -> None:
    """Each product's page once: in a shop that is open somebody has always been there before."""

    def visit(path: str) -> None:
        guest = Guest(shop.origin)
        guest.get(path)
        guest.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(visit, [path for path, _product in shop.goods]))


def caught_up(shop: Shop) -> float:
    """Seconds until nothing of the orders waits for the worker any more; a shop without one has none."""
    start = time.perf_counter()
    while shop.name == "ours" and shop.rows(STILL_TO_DO)[0][0]:
        if time.perf_counter() - start > BEHIND_AT_MOST:
            raise SystemExit("the worker does not catch up")
        time.sleep(0.1)
    return time.perf_counter() - start


@dataclass
class Rush:
    buyers: int
    units: int
    orders: int
    refused: int
    failed: Counter[str]
    seconds: float
    waited: float


def rush(
    shop: Shop,
    *,
    product: tuple[str, int],
    buyers: int,
    units: int,
    to_preview: Callable[[Guest, str, int, str], Answer],
    place: Callable[[Guest, Answer], Answer],
) -> Rush:
    """All ``buyers`` stand at the button and press it at the same moment."""
    before, failed = shop.orders(), Counter[str]()

    def arrive(number: int) -> tuple[Guest, Answer] | None:
        guest = Guest(shop.origin)
        try:
            return guest, to_preview(guest, *product, f"rush{number}@example.com")
        except CheckoutFailed as error:
            failed[str(error)[:120]] += 1
            return None

    with ThreadPoolExecutor(8) as pool:
        there = [one for one in pool.map(arrive, range(buyers)) if one]
    for guest, _ in there:
        guest.close()  # a connection that was kept might have ended by now
    start_together = threading.Barrier(len(there) + 1)
    statuses: list[int] = []

    def press(guest: Guest, preview: Answer) -> None:
        start_together.wait()
        try:
            statuses.append(place(guest, preview).status)
        except CheckoutFailed as error:
            failed[str(error)[:120]] += 1

    threads = [threading.Thread(target=press, args=one) for one in there]
    with Locks(shop) as locks:
        for thread in threads:
            thread.start()
        start_together.wait()
        start = time.perf_counter()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - start
    orders = shop.orders() - before
    refused = sum(status == 409 for status in statuses)
    return Rush(len(there), units, orders, refused, failed, seconds, locks.seconds)


class Locks:
    """Looks at the database again and again: how long statements wait for locks, added up."""

    def __init__(self, shop: Shop) -> None:
        self.url, self.seconds = shop.database_url, 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "Locks":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            last = time.perf_counter()
            while not self._over.wait(SAMPLE_SECONDS):
                waiting = connection.execute(WAITING).fetchone()[0]
                now = time.perf_counter()
                self.seconds += waiting * (now - last)
                last = now
