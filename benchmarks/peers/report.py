"""The comparison as tables for people."""

import datetime as dt
import os
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.peers.figures import Figure
from benchmarks.peers.goals import goals
from benchmarks.report import table

if TYPE_CHECKING:
    from benchmarks.peers.run import Size

DOCS = Path(__file__).resolve().parent.parent.parent / "docs" / "benchmarks.md"
BEGIN, END = "<!-- peers: written by the command -->", "<!-- /peers -->"
PAGES_HEAD = (
    "page", "ours: req/s", "p50 ms", "p99 ms", "SQL", "CPU ms", "kB",
    "stock: req/s", "p50 ms", "p99 ms", "SQL", "CPU ms", "times faster",
)  # fmt: skip
CACHED_HEAD = ("page", "req/s", "p50 ms", "p99 ms", "CPU ms", "of the bare view")
ALONE_HEAD = ("page", "ours: p50 ms", "p95 ms", "stock: p50 ms", "p95 ms")
NAMES = {
    "ours": "ours",
    "cached": "ours with kept pages",
    "stock": "stock Oscar",
    "bare": "the bare view",
}
SAME = ("django", "django-oscar", "django-haystack", "whoosh", "granian", "psycopg")


class Moment(NamedTuple):
    """When a run began and how busy the machine was with other things."""

    at: dt.datetime
    load: float


def moment() -> Moment:
    return Moment(dt.datetime.now().astimezone(), os.getloadavg()[0])


def text(
    sizes: Sequence["Size"], *, started: Moment, clients: int, workers: int, seconds: float
) -> str:
    """Machine, tables size by size, growth, and what was to be reached."""
    ended = moment()
    parts = [_machine(started, ended, clients, workers, seconds)]
    for size in sizes:
        parts += _size(size)
    if len(sizes) > 1:
        parts += ["#### How each grows", growth_table(sizes)]
    parts += ["#### What was to be reached", goals(sizes)]
    return "\n\n".join(parts)


def write(made: str) -> None:
    """Put it between the marks of docs/benchmarks.md."""
    before, rest = DOCS.read_text().split(BEGIN)
    DOCS.write_text(f"{before}{BEGIN}\n{made}\n{END}{rest.split(END)[1]}")


def _machine(started: Moment, ended: Moment, clients: int, workers: int, seconds: float) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in SAME)
    minutes = (ended.at - started.at).total_seconds() / 60
    return (
        f"{started.at:%Y-%m-%d %H:%M}, {minutes:.0f} minutes; {os.cpu_count()} cores ({_processor()}),"
        f" load {started.load:.1f} before and {ended.load:.1f} after; Python"
        f" {platform.python_version()}, {versions}. {workers} web workers, {clients} clients,"
        f" {seconds:.1f} s for a page."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), "?")


def _size(size: "Size") -> Iterable[str]:
    for side, filled in size.filled.items():
        yield (
            f"{NAMES[side]}: {filled['rows']:,} rows of products with their variants, a database of"
            f" {filled['megabytes']:,} MB, filled up in {filled['seconds']:.0f} s."
        )
    yield pages_table(size)
    yield cached_table(size)
    yield alone_table(size)
    yield _memory(size)


def pages_table(size: "Size") -> str:
    """Every page rendered anew, ours beside stock Oscar's."""
    rows = []
    for page in _pages(size):
        ours, stock = size.of("ours", page), size.of("stock", page)
        rows.append(
            (
                page,
                *_cells(ours), f"{ours.kilobytes:.0f}",
                *(_cells(stock) if stock else ("–",) * 5),
                ratio(ours, stock),
            )
        )  # fmt: skip
    return table(PAGES_HEAD, rows)


def cached_table(size: "Size") -> str:
    bare = size.of("bare", "bare")
    rows = [("bare Django view", *_short(bare), "100 %")]
    for side, page in size.figures:
        if side == "cached":
            figure = size.figures[side, page]
            rows.append(
                (f"{page}, kept", *_short(figure), f"{100 * figure.rate / bare.rate:.0f} %")
            )
    return table(CACHED_HEAD, rows)


def alone_table(size: "Size") -> str:
    """One client, so that nobody waits for anybody else."""
    rows = []
    for side, page in size.figures:
        if side == "ours alone":
            ours, stock = size.figures[side, page], size.of("stock alone", page)
            stock = stock or size.of("stock", page)
            rows.append((f"{page}, one client", *_ends(ours), *_ends(stock)))
    return table(ALONE_HEAD, rows)


def growth_table(sizes: Sequence["Size"]) -> str:
    """Processor time of one request, web and database together, by number of products."""
    head = ("page, CPU ms", *(f"{size.families:,}" for size in sizes), "grows")
    rows = []
    sides = (("ours", "ours"), ("read anew", "ours, read anew"), ("stock", "stock Oscar"))
    for side, name in sides:
        for page in _pages(sizes[0]):
            figures = [size.of(side, page) for size in sizes]
            costs = [figure.cost for figure in figures if figure]
            if len(costs) > 1:
                shown = [f"{figure.cost:.1f}" if figure else "–" for figure in figures]
                grows = f"{costs[-1] / costs[0]:.2f} times" if costs[0] else "–"
                rows.append((f"{name}: {page}", *shown, grows))
    return table(head, rows)


def ratio(ours: Figure | None, stock: Figure | None) -> str:
    return f"{ours.rate / stock.rate:.1f}" if ours and stock and stock.rate else "–"


def _pages(size: "Size") -> list[str]:
    return [page for side, page in size.figures if side == "ours"]


def _cells(figure: Figure) -> tuple[str, ...]:
    mark = "*" if figure.is_single else ""
    failed = f" ({figure.failures} failed)" if figure.failures else ""
    return (
        f"{figure.rate:,.2f}{mark}{failed}" if figure.rate < 10 else f"{figure.rate:,.0f}{failed}",
        f"{figure.p50:,.0f}",
        f"{figure.p99:,.0f}",
        f"{figure.sql}",
        f"{figure.cost:,.1f}",
    )


def _short(figure: Figure) -> tuple[str, ...]:
    failed = f" ({figure.failures} failed)" if figure.failures else ""
    return (
        f"{figure.rate:,.0f}{failed}",
        f"{figure.p50:,.1f}",
        f"{figure.p99:,.1f}",
        f"{figure.cost:,.2f}",
    )


def _ends(figure: Figure | None) -> tuple[str, str]:
    return (f"{figure.p50:,.1f}", f"{figure.p95:,.1f}") if figure else ("–", "–")


def _memory(size: "Size") -> str:
    parts = [
        f"{name} {sum(size.memory[side]) / len(size.memory[side]):.0f} MB"
        for side, name in NAMES.items()
        if size.memory.get(side)
    ]
    return f"Memory of a web worker afterwards: {', '.join(parts)}."
