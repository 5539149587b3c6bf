"""The whole of it: both shops side by side, a rush for one product, and a shop with a long past."""

import os
import time
from pathlib import Path

from benchmarks.checkout import report
from benchmarks.checkout.crowd import Crowd, Rush, crowd, pages_visited, rush
from benchmarks.checkout.grow import orders_grow
from benchmarks.checkout.office import Desk, desk_measure
from benchmarks.checkout.shops import (
    Shop,
    inside,
    ours_open,
    provider_seconds,
    stock_open,
)
from benchmarks.checkout.walks import (
    ours_place,
    ours_to_preview,
    stock_place,
    stock_to_preview,
)

WAKING_SECONDS, WAKING_CLIENTS = 15, 16  # until each connection has its plans
CALM_SECONDS, LOOK_SECONDS, CALM_SHARE = 90, 4, 0.15
RUSH_UNITS = 50


def run(
    *,
    clients: str,
    seconds: float,
    workers: int,
    buyers: int,
    orders: str,
    rounds: int,
    write: bool,
) -> str:
    """Measure; the tables. ``orders``: how many there are when the shop with a past is measured.

    ``clients`` and ``orders`` are numbers with commas between them; ``rounds``: how often each number of clients.
    """
    numbers = [int(one) for one in clients.split(",")]
    pasts = [int(one) for one in orders.split(",") if one]
    seen = report.Seen(workers=workers, seconds=seconds, rounds=rounds, started=report.moment())
    with ours_open(workers=workers) as ours:
        seen.pause = provider_seconds(ours)
        with stock_open(workers=workers, pause=seen.pause) as stock:
            _side_by_side(seen, [ours, stock], numbers, seconds, buyers)
        for past in pasts:
            print(f"ours: {past:,} orders …", flush=True)
            there = orders_grow(ours.database_url, number=past)
            _wake(ours)  # new statistics end the plans that connections had
            seen.pasts.append((there, _crowd(ours, 4, seconds), _desk(ours)))
    text = report.text(seen)
    if write:
        report.write(text)
    return text


def _side_by_side(
    seen: report.Seen, shops: list[Shop], numbers: list[int], seconds: float, buyers: int
) -> None:
    """Both are open, and each line of one is followed by the other's: a machine is not as fast all day."""
    for shop in shops:
        _wake(shop)
        seen.crowds[shop.name] = []
    for clients in numbers:
        taken = [[_crowd(shop, clients, seconds) for shop in shops] for _ in range(seen.rounds)]
        for shop, found in zip(shops, zip(*taken, strict=True), strict=True):
            seen.crowds[shop.name].append(sorted(found, key=lambda one: one.rate))
    for shop in shops:
        seen.rush[shop.name] = _rush(shop, buyers)
        seen.statements[shop.name] = _statements(shop)


def _calm(shop: Shop) -> None:
    """Wait until what a shop does after its start is done."""
    end = time.monotonic() + CALM_SECONDS
    while time.monotonic() < end:
        before = shop.cpu()
        time.sleep(LOOK_SECONDS)
        if shop.cpu() - before < LOOK_SECONDS * CALM_SHARE:
            return


def _wake(shop: Shop) -> None:
    _calm(shop)
    pages_visited(shop)
    crowd(shop, clients=WAKING_CLIENTS, seconds=WAKING_SECONDS, seed=0)


def _crowd(shop: Shop, clients: int, seconds: float) -> Crowd:
    found = crowd(shop, clients=clients, seconds=seconds, seed=time.monotonic_ns())
    print(
        f"  {shop.name}, {clients} clients: {found.orders} orders, {found.rate:.2f}/s,"
        f" p95 {found.milliseconds(0.95):,.0f} ms, all done {found.behind:.1f} s after"
        f" ({found.rate_of_all:.2f}/s), {1000 * found.cpu / max(1, found.orders):.0f} ms"
        f" of CPU each; failed {dict(found.failures) or 'none'}",
        flush=True,
    )
    return found


def _rush(shop: Shop, buyers: int) -> Rush:
    product = shop.goods[-1]
    if shop.name == "ours":
        inside(shop, "shelf", str(product[1]), str(RUSH_UNITS))
        walk = {"to_preview": ours_to_preview, "place": ours_place}
    else:
        shop.rows(
            "UPDATE partner_stockrecord SET num_in_stock = COALESCE(num_allocated, 0)"
            f" + {RUSH_UNITS} WHERE product_id = {product[1]} RETURNING id"
        )
        walk = {"to_preview": stock_to_preview, "place": stock_place}
    found = rush(shop, product=product, buyers=buyers, units=RUSH_UNITS, **walk)
    shop.goods.remove(product)  # there is none left
    print(f"  {shop.name}, rush: {found}", flush=True)
    return found


def _statements(shop: Shop) -> dict[str, int]:
    import json

    path, product = shop.goods[0]
    return json.loads(inside(shop, "statements", shop.name, path, str(product)).splitlines()[-1])


def _desk(shop: Shop) -> Desk:
    secrets = Path(shop.environment["DATA_DIR"]) / "demo-accounts.json"
    assert os.path.exists(secrets)
    found = desk_measure(shop, accounts=secrets)
    print(f"  order desk: {found}", flush=True)
    return found
