"""The whole comparison, size after size, within a budget of minutes."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.database import cache_forget
from benchmarks.peers import report
from benchmarks.peers.figures import Database, Figure, page_measure, workers_wake
from benchmarks.peers.sides import Side, sides_make, web_server

CACHED = ("home", "category", "product", "search, common")  # kinds of page that are kept whole
ONE_CLIENT = ("search, common", "search, rare", "search, facets", "suggestions")
UNCACHED = {"PAGE_CACHE": "off"}  # every page is rendered for every request
SECONDS = (0.4, 6.0)  # for a page, at least and at most
LOADS = 30  # pages measured for one size, all sides together
FILLING = 0.5  # of the budget


@dataclass
class Size:
    """What was seen with so many products. Figures are by side and page."""

    families: int
    filled: dict[str, dict] = field(default_factory=dict)
    figures: dict[tuple[str, str], Figure] = field(default_factory=dict)
    memory: dict[str, list[float]] = field(default_factory=dict)

    def of(self, side: str, page: str) -> Figure | None:
        return self.figures.get((side, page))


def run(
    *,
    products: str,
    minutes: float,
    clients: int,
    workers: int,
    stock_at_most: int,
    quick: bool,
    keep: bool,
    write: bool,
) -> str:
    """Measure all sizes; the tables. ``write`` puts them into docs/benchmarks.md too.

    ``stock_at_most``: how many products stock Oscar is filled with; its index is slow to write.
    ``keep``: leave the databases, and go on from those that an earlier run left.
    """
    sizes = sorted(int(one) for one in products.split(","))
    if quick:
        sizes, minutes = sizes[:1], min(minutes, 2.0)
    seconds = minutes * 60 * (1 - FILLING) / (LOADS * len(sizes))
    seconds = min(max(seconds, SECONDS[0]), SECONDS[1])
    started = report.moment()
    with shops(keep=keep) as sides:
        database = Database(os.environ["DATABASE_URL"])
        seen = [
            _size_measure(families, sides, database, clients, workers, seconds, stock_at_most)
            for families in sizes
        ]
    text = report.text(seen, started=started, clients=clients, workers=workers, seconds=seconds)
    if write:
        report.write(text)
    return text


@contextmanager
def shops(*, keep: bool) -> Iterator[dict[str, Side]]:
    """The three sides, two of them with a database that is gone afterwards unless it is kept."""
    given, name = os.environ["DATABASE_URL"], "kept" if keep else str(os.getpid())
    folder = Path(os.environ["DATA_DIR"]).resolve() / "benchmarks"
    sides = sides_make(f"benchmark_{name}", folder)
    shops = [sides["ours"], sides["stock"]]
    try:
        for side in shops:
            (folder / side.name).mkdir(parents=True, exist_ok=True)
            if not _exists(given, side.database):
                _administer(given, "CREATE DATABASE {}", side.database)
            print(f"{side.name}: tables …", flush=True)
            side.inside("tables")  # a kept one may be older than the last migration
        yield sides
    finally:
        for side in shops:
            cache_forget(side.database)
            if not keep:
                _administer(given, "DROP DATABASE IF EXISTS {} WITH (FORCE)", side.database)
                shutil.rmtree(folder / side.name / side.database, ignore_errors=True)  # its index


def _exists(url: str, name: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def _administer(url: str, statement: str, name: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _size_measure(
    families: int,
    sides: dict[str, Side],
    database: Database,
    clients: int,
    workers: int,
    seconds: float,
    stock_at_most: int,
) -> Size:
    size, pages = Size(families), {}
    shops = ["ours", "stock"] if families <= stock_at_most else ["ours"]
    for name in shops:
        print(f"{name}: {families:,} products …", flush=True)
        size.filled[name] = sides[name].inside("fill", families)
        cache_forget(sides[name].database)
        pages[name] = sides[name].inside("pages")
    print("  asking …", flush=True)
    ask = {"database": database, "seconds": seconds}
    with web_server(sides["bare"], workers=workers) as server:
        size.figures["bare", "bare"] = page_measure(["/"], server=server, clients=clients, **ask)
        size.memory["bare"] = server.memory()
    with web_server(sides["ours"], workers=workers) as server:
        workers_wake(server, pages["ours"], workers=workers)
        for page in CACHED:
            size.figures["cached", page] = _measured(
                "cached", page, pages["ours"][page][:1], server, clients, ask
            )
        size.memory["cached"] = server.memory()
    for name in shops:
        more = UNCACHED if name == "ours" else {}
        with web_server(sides[name], workers=workers, **more) as server:
            workers_wake(server, pages[name], workers=workers)
            for page, paths in pages[name].items():
                size.figures[name, page] = _measured(name, page, paths, server, clients, ask)
            for page in ONE_CLIENT:
                figure = size.of(name, page)
                if figure and not figure.is_single:
                    size.figures[f"{name} alone", page] = _measured(
                        f"{name} alone", page, pages[name][page], server, 1, ask
                    )
            size.memory[name] = server.memory()
        if name == "ours":
            _anew_measure(size, sides[name], pages[name], workers, clients, ask)
        _alone_add(size, sides[name], pages[name], more)
    return size


def _anew_measure(size, side, pages, workers, clients, ask) -> None:
    """Lists once more, without what they keep between two changes."""
    with web_server(side, workers=workers, **UNCACHED, LISTS_KEPT_SECONDS="0") as server:
        workers_wake(server, pages, workers=workers)
        for page in ("category", "deep page"):
            size.figures["read anew", page] = _measured(
                "read anew", page, pages[page], server, clients, ask
            )


def _measured(name, page, paths, server, clients, ask) -> Figure:
    start = time.monotonic()
    figure = page_measure(paths, server=server, clients=clients, **ask)
    print(
        f"  {name}: {page}: {figure.rate:,.1f}/s, p50 {figure.p50:,.1f} ms,"
        f" CPU {figure.web_cpu:.1f} + {figure.database_cpu:.1f} ms, {figure.failures} failed"
        f" ({time.monotonic() - start:.1f} s)",
        flush=True,
    )
    return figure


def _alone_add(size: Size, side: Side, pages: dict[str, list[str]], more: dict[str, str]) -> None:
    """Queries and size of each page, in one process for all of them."""
    first = {page: paths[0] for page, paths in pages.items()}
    for page, seen in side.inside("alone", *[f"{k}={v}" for k, v in first.items()], **more).items():
        figure = size.figures[side.name, page]
        figure.sql, figure.kilobytes = int(seen["sql"]), seen["kilobytes"]
