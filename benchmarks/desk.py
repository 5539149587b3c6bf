"""The order desk with a long past: the list and its search, as a clerk asks for them."""

from pathlib import Path

from benchmarks.checkout.grow import orders_grow
from benchmarks.checkout.office import desk_measure
from benchmarks.checkout.shops import ours_open


def run(*, orders: str, workers: int) -> str:
    """A line for each of the numbers in ``orders``, which are divided by commas."""
    lines = []
    with ours_open(workers=workers) as shop:
        accounts = Path(shop.environment["DATA_DIR"]) / "demo-accounts.json"
        for number in (int(one) for one in orders.split(",")):
            there = orders_grow(shop.database_url, number=number)
            desk_measure(shop, accounts=accounts)  # warm
            found = desk_measure(shop, accounts=accounts)
            lines.append(
                f"{there:>12,} orders: list p50 {found.listed_median:,.0f} ms,"
                f" p95 {found.listed:,.0f} ms; search p50 {found.searched_median:,.0f} ms,"
                f" p95 {found.searched:,.0f} ms; {found.failed} failed"
            )
            print(lines[-1], flush=True)
    return "\n".join(lines)
