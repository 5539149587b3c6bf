"""The storefront's pages: SQL per page, and requests a second from the real web server."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.load import load
from benchmarks.report import table

HEAD = ("page", "SQL", "CPU ms", "KB", "requests", "requests/s", "p50 ms", "p99 ms", "failed")
SAMPLE = 40  # different products and categories, so that no single one is warm
WARM, COUNTED = 3, 15  # requests through Django's test client
OPEN_SECONDS = 60


def run(*, skus: int, seconds: float, requests: int, clients: int, workers: int) -> str:
    """Load ``skus`` SKUs, then ask for each page; the table of what was seen."""
    from benchmarks import catalogue

    catalogue.load(skus=skus)
    pages = paths()
    cookie = basket_fill()
    alone = {name: alone_measure(some[0], cookie=cookie) for name, some in pages.items()}
    rows = []
    with web_server(workers=workers) as port:
        for name, some in pages.items():
            print(f"{name} …", flush=True)
            load(some, port=port, clients=clients, seconds=5, requests=2 * len(some) + workers * 8)
            seen = load(
                some,
                port=port,
                clients=clients,
                seconds=seconds,
                requests=requests,
                cookie=cookie if name == "basket" else "",
            )
            queries, cpu, size = alone[name]
            rows.append(
                (
                    name, queries, cpu, size, len(seen.times), seen.rate,
                    seen.milliseconds(0.5), seen.milliseconds(0.99), seen.failures,
                )
            )  # fmt: skip
    return f"{skus:,} SKUs, {workers} web workers, {clients} clients\n\n{table(HEAD, rows)}"


def paths() -> dict[str, list[str]]:
    """Addresses of each kind of page; products and categories are spread over the catalogue."""
    from django.urls import reverse

    from catalog.models import Product
    from catalog.selectors import category_tree

    products = Product.objects.filter(parent=None).order_by("pk")
    step = max(1, products.count() // SAMPLE)
    nodes = list(category_tree().values())
    return {
        "home": [reverse("home")],
        "category": [node.url for node in nodes[:SAMPLE]],
        "product": [one.get_absolute_url() for one in products[: step * SAMPLE : step]],
        "search": [
            f"{reverse('search:search')}?q={word}" for word in ("mug", "lamp", "tea", "red")
        ],
        "basket": [reverse("basket:summary")],
    }


def client_make(cookie: str):
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    if cookie:
        name, _, value = cookie.partition("=")
        client.cookies[name] = value
    return client


def basket_fill() -> str:
    """Put one thing into a new basket; the cookie of its owner."""
    from django.conf import settings
    from django.core.signing import Signer

    from catalog.partner.models import StockRecord
    from catalog.partner.strategy import Selector
    from orders.basket.models import Basket
    from orders.basket.services import line_add

    basket = Basket.objects.create()
    basket.strategy = Selector().strategy()
    record = StockRecord.objects.order_by("pk").first()
    line_add(basket=basket, product=record.product, quantity=1)
    return f"{settings.OSCAR_BASKET_COOKIE_OPEN}={Signer().sign(basket.pk)}"


def alone_measure(path: str, *, cookie: str) -> tuple[int, float, int]:
    """Queries, milliseconds of CPU and kilobytes of one page, asked for by nobody else."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_make(cookie if "basket" in path else "")
    for _ in range(WARM):
        answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answers {answer.status_code}")
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    count = len(queries)
    start = time.process_time()
    for _ in range(COUNTED):
        client.get(path)
    return count, 1000 * (time.process_time() - start) / COUNTED, len(answer.content) >> 10


@contextmanager
def web_server(*, workers: int) -> Iterator[int]:
    """The shop's own web server on a free port of the loopback."""
    from django.db import connections

    from shop.runtime.ports import first_free
    from shop.runtime.processes import web

    connections.close_all()
    port = first_free([])
    with subprocess.Popen(
        web(host="127.0.0.1", port=port, workers=workers),
        env=os.environ | {"PORT": str(port)},
        stdout=subprocess.DEVNULL,
    ) as process:
        try:
            _wait_until_open(port)
            yield port
        finally:
            process.terminate()


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + OPEN_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
    raise SystemExit("the web server did not open")
