"""Measuring one page of one shop."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from benchmarks.load import load
from benchmarks.peers.processes import children, cpu_seconds, parent
from benchmarks.peers.sides import Server

SLOW_SECONDS = 2.5  # a page that takes longer is asked for once more, alone, and that is all
TIMEOUT = 240


@dataclass
class Figure:
    """Milliseconds, but for ``rate`` in requests a second. ``is_single``: one request, alone."""

    rate: float
    p50: float
    p95: float
    p99: float
    asked: int
    failures: int
    web_cpu: float  # of all web processes, for one request
    database_cpu: float
    is_single: bool = False
    sql: int = 0
    kilobytes: float = 0.0

    @property
    def cost(self) -> float:
        """Processor time of one request, web and database."""
        return self.web_cpu + self.database_cpu


class Database:
    """How much processor time the server of ``url`` has used, if it runs on this machine."""

    def __init__(self, url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute("SELECT pg_backend_pid()").fetchone()
            self.postmaster = parent(row[0]) if row else None

    def cpu(self) -> float:
        if not self.postmaster:
            return 0.0
        ended = cpu_seconds(self.postmaster, with_ended=True)
        return ended + sum(map(cpu_seconds, children(self.postmaster)))


def workers_wake(server: Server, pages: dict[str, list[str]], *, workers: int) -> None:
    """Let every worker load its modules and templates before anything is measured."""
    for page in ("product", "home"):
        load(
            pages[page][:1],
            port=server.port,
            clients=4 * workers,
            seconds=TIMEOUT,
            requests=8 * workers,
            timeout=TIMEOUT,
        )


def page_measure(
    paths: Sequence[str], *, server: Server, database: Database, clients: int, seconds: float
) -> Figure:
    """Ask for ``paths`` in turn for so long. What is slow is asked for twice and measured once."""
    ask = {"port": server.port, "timeout": TIMEOUT}
    first = load(paths[:1], clients=1, requests=1, seconds=TIMEOUT, **ask)
    if first.seconds < SLOW_SECONDS:
        load(paths, clients=clients, requests=2 * len(paths), seconds=seconds / 2, **ask)
    if first.seconds >= 4 * SLOW_SECONDS:  # once is enough to know
        clients, requests = 1, 1
    elif first.seconds >= SLOW_SECONDS:
        clients, requests = 1, 2
    else:
        requests = 10**9
    web, sql = server.cpu(), database.cpu()
    seen = load(paths, clients=clients, requests=requests, seconds=seconds, **ask)
    asked = max(1, seen.asked)
    return Figure(
        rate=seen.rate,
        p50=seen.milliseconds(0.5),
        p95=seen.milliseconds(0.95),
        p99=seen.milliseconds(0.99),
        asked=seen.asked,
        failures=seen.failures,
        web_cpu=1000 * (server.cpu() - web) / asked,
        database_cpu=1000 * (database.cpu() - sql) / asked,
        is_single=seen.asked <= 2,
    )
