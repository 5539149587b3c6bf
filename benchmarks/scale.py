"""What more web processes bring: one worker, two, and two servers side by side on one database."""

import threading
from contextlib import ExitStack

from benchmarks.load import Load, load
from benchmarks.pages import paths, web_server
from benchmarks.report import table

HEAD = ("web processes", "requests", "requests/s", "p50 ms", "p99 ms", "failed")
SET_UPS = (  # servers, workers of each
    ("one worker", 1, 1),
    ("two workers", 1, 2),
    ("two servers of one worker", 2, 1),
)


def run(*, skus: int, seconds: float, clients: int) -> str:
    """Load ``skus`` SKUs, then ask every set-up for products and categories in turn."""
    from benchmarks import catalogue

    catalogue.load(skus=skus)
    some = paths()
    asked = [path for pair in zip(some["product"], some["category"], strict=False) for path in pair]
    rows = []
    for label, servers, workers in SET_UPS:
        print(f"{label} …", flush=True)
        with ExitStack() as stack:
            ports = [stack.enter_context(web_server(workers=workers)) for _ in range(servers)]
            for port in ports:
                load(asked, port=port, clients=4, seconds=seconds, requests=len(asked))
            seen = _together(asked, ports, clients // servers, seconds)
        rows.append(
            (
                label, sum(len(one.times) for one in seen), sum(one.rate for one in seen),
                max(one.milliseconds(0.5) for one in seen),
                max(one.milliseconds(0.99) for one in seen), sum(one.failures for one in seen),
            )
        )  # fmt: skip
    return f"{skus:,} SKUs, {clients} clients, products and categories\n\n{table(HEAD, rows)}"


def _together(asked: list[str], ports: list[int], clients: int, seconds: float) -> list[Load]:
    """Every server at the same time, each by a thread of its own."""
    found: list[Load] = []

    def ask(port: int) -> None:
        found.append(load(asked, port=port, clients=clients, seconds=seconds, requests=10**9))

    threads = [threading.Thread(target=ask, args=[port]) for port in ports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
