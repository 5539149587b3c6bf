"""The two shops that guests buy from, each open on 127.0.0.1 with goods that do not run out."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import httpx
import psycopg

from benchmarks.checkout.walks import WALKS, Walk
from benchmarks.peers.processes import children, cpu_seconds
from benchmarks.peers.run import shops as peers_open
from benchmarks.peers.sides import web_server
from tests.browser.live_shop import LiveShop

UNITS = 1_000_000
GOODS = 200  # different ones, so that guests seldom want the same
# The page of a variant is that of its family.
GOODS_SQL = """
    SELECT f.slug, f.id, p.id FROM catalogue_product p
    JOIN catalogue_product f ON f.id = coalesce(p.parent_id, p.id)
    JOIN partner_stockrecord s ON s.product_id = p.id JOIN listing_listedproduct l ON l.product_id = f.id
    WHERE s.num_in_stock >= %s ORDER BY p.id LIMIT %s
"""


@dataclass
class Shop:
    """``goods``: the path of a product's page and its key. ``environment``: of a command in this shop."""

    name: str
    origin: str
    database_url: str
    goods: list[tuple[str, int]]
    pid: int
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def walk(self) -> Walk:
        return WALKS[self.name]

    def cpu(self) -> float:
        """Seconds of processor time of the web server, the worker and whatever else it started."""
        waiting, seconds = [self.pid], 0.0
        while waiting:
            pid = waiting.pop()
            seconds += cpu_seconds(pid)
            waiting += children(pid)
        return seconds

    def orders(self) -> int:
        return int(self.rows("SELECT COUNT(*) FROM order_order")[0][0])

    def rows(self, statement: str) -> list[tuple]:
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            return connection.execute(statement).fetchall()


@contextmanager
def ours_open(*, workers: int) -> Iterator[Shop]:
    """Our whole shop as `make run` starts it: web, worker, clock, and the payment provider."""
    folder = Path(os.environ["DATA_DIR"]).resolve() / "benchmarks" / f"checkout-{os.getpid()}"
    folder.mkdir(parents=True)
    live = LiveShop(folder, workers=workers)
    try:
        print("ours: opening …", flush=True)
        live.open()
        assert live.process is not None
        run_inside(live.environment(), "stock", str(UNITS), str(GOODS))
        run_inside(live.environment(), "pictures")
        with psycopg.connect(live.database_url) as connection:
            goods = connection.execute(GOODS_SQL, [UNITS, GOODS]).fetchall()
        paths = [(f"/catalogue/{slug}_{family}/", pk) for slug, family, pk in goods]
        yield Shop("ours", live.url, live.database_url, paths, live.process.pid, live.environment())
    finally:
        live.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def stock_open(*, workers: int, pause: float) -> Iterator[Shop]:
    """A stock Oscar with 1,000 products. ``pause``: seconds that its payment takes."""
    with peers_open(keep=False) as sides:
        side = sides["stock"]
        print("stock: filling …", flush=True)
        side.inside("fill", 1000)
        more = {"BENCHMARK_PAYMENT_SECONDS": str(pause)}
        with web_server(side, workers=workers, **more) as server:
            url = side.environment["DATABASE_URL"]
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("UPDATE partner_stockrecord SET num_in_stock = %s", [UNITS])
                connection.execute(
                    "INSERT INTO address_country (iso_3166_1_a2, iso_3166_1_a3, iso_3166_1_numeric,"
                    " printable_name, name, display_order, is_shipping_country)"
                    " VALUES ('DE', 'DEU', '276', 'Germany', 'Germany', 0, true)"
                    " ON CONFLICT DO NOTHING"
                )
                goods = connection.execute(
                    "SELECT p.slug, p.id FROM catalogue_product p JOIN partner_stockrecord s"
                    " ON s.product_id = p.id WHERE p.structure = 'standalone' ORDER BY p.id LIMIT %s",
                    [GOODS],
                ).fetchall()
            paths = [(f"/catalogue/{slug}_{pk}/", pk) for slug, pk in goods]
            origin = f"http://127.0.0.1:{server.port}"
            yield Shop("stock", origin, url, paths, server.pid, side.environment | more)


def provider_seconds(shop: Shop) -> float:
    """What our provider takes for the calls of one order: open a session, and look at it twice."""
    url, key = shop.environment["STRIPE_API_BASE"], shop.environment["STRIPE_SECRET_KEY"]
    session = {
        "mode": "payment",
        "success_url": "http://127.0.0.1/",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": "1000",
        "line_items[0][price_data][product_data][name]": "A benchmark",
    }
    times = []
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}) as client:
        for _ in range(20):
            start = time.perf_counter()
            made = client.post("/v1/checkout/sessions", data=session).raise_for_status().json()
            for _ in range(2):
                client.get(f"/v1/checkout/sessions/{made['id']}").raise_for_status()
            times.append(time.perf_counter() - start)
            client.post(f"/v1/checkout/sessions/{made['id']}/expire").raise_for_status()
    return median(times)


def run_inside(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.checkout.inside", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{arguments[0]} failed")
    return done.stdout


def inside(shop: Shop, *arguments: str) -> str:
    """What `benchmarks.checkout.inside` prints in ``shop``."""
    return run_inside(shop.environment, *arguments)
