"""How many orders a second can be placed: T1, the short transaction, by several threads."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks import catalogue
from benchmarks.report import percentile, table

HEAD = ("buyers from", "threads", "orders", "refused", "orders/s", "p50 ms", "p99 ms")
SKUS = 2_000
ADDRESS = {
    "first_name": "Mei",
    "last_name": "Lin",
    "line1": "Torstraße 1",
    "line4": "Berlin",
    "postcode": "10119",
    "country_id": "DE",
}


def run(*, orders: int, threads: int) -> str:
    """Place ``orders`` of different goods, then as many of one and the same good."""
    from django.core.management import call_command

    from catalog.partner.models import StockRecord

    catalogue.load(skus=SKUS)
    for command in ("listing_rebuild", "search_rebuild"):
        call_command(command)  # they are no trigger's work; ``verify`` at the end asks for them
    records = list(StockRecord.objects.order_by("pk")[:SKUS])
    rows = []
    for label, wanted in (
        ("the whole shop", [records[number % len(records)] for number in range(orders)]),
        ("one product", [_shelf_fill(records[-1], units=orders)] * orders),
    ):
        checkouts = [_checkout(record, number) for number, record in enumerate(wanted)]
        rows.append((label, threads, *_place(checkouts, threads=threads)))
    found = table(HEAD, rows)
    print(f"{found}\nverify …", flush=True)
    call_command("verify")
    return found


def _shelf_fill(record: Any, *, units: int) -> Any:
    from supply.models import Reason
    from supply.services import stock_move

    stock_move(
        stock_record_id=record.pk, quantity=units, reason=Reason.RECEIVED, source="benchmark"
    )
    return record


def _checkout(record: Any, number: int) -> Any:
    """A basket with one unit, and what its shopper was shown."""
    from orders.basket.models import Basket
    from orders.quotes import quote_make
    from orders.services import Checkout

    basket = Basket.objects.create()
    basket.lines.create(
        product_id=record.product_id,
        stockrecord=record,
        quantity=1,
        line_reference=f"{record.product_id}_{record.pk}",
        price_currency=record.price_currency,
        price_incl_tax=record.price,
    )
    choice = {"shipping_code": "standard", "payment_method": "transfer", "shipping_fields": ADDRESS}
    quote = quote_make(basket=Basket.objects.get(pk=basket.pk), **choice)
    return Checkout(
        basket_id=basket.pk,
        email=f"buyer{number}@example.com",
        language="en",
        shown=quote.fingerprint(),
        **choice,
    )


def _place(checkouts: list[Any], *, threads: int) -> tuple[int, int, float, float, float]:
    """Orders, refusals, orders a second, and the milliseconds that an order took."""
    from django.db import connection

    from orders.services import order_place

    times: list[float] = []
    refused = 0
    lock = threading.Lock()

    def buy(checkout: Any) -> None:
        nonlocal refused
        start = time.monotonic()
        try:
            order_place(checkout=checkout)
            seconds = time.monotonic() - start
            with lock:
                times.append(seconds)
        except Exception as error:  # counted, and said, so that no run looks better than it was
            with lock:
                refused += 1
            print(f"refused: {type(error).__name__}: {error}", flush=True)

    start = time.monotonic()
    with ThreadPoolExecutor(threads, initializer=connection.ensure_connection) as pool:
        list(pool.map(buy, checkouts))
    seconds = time.monotonic() - start
    if not times:
        return 0, refused, 0.0, 0.0, 0.0
    p50, p99 = (1000 * percentile(times, share) for share in (0.5, 0.99))
    return len(times), refused, len(times) / seconds, p50, p99
