"""What was measured, as tables between two marks of docs/benchmarks.md."""

import os
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.checkout.crowd import Crowd, Rush
from benchmarks.checkout.office import Desk
from benchmarks.checkout.walks import STEPS
from benchmarks.report import table

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"
MARKS = re.compile(
    r"(<!-- checkout: written by the command -->\n).*(<!-- /checkout -->)", re.DOTALL
)
NAMES = {"ours": "ours", "stock": "stock Oscar"}


@dataclass
class Seen:
    workers: int
    seconds: float
    rounds: int
    started: str
    pause: float = 0.0
    #: By shop, then for each number of clients all rounds, the slowest first.
    crowds: dict[str, list[list[Crowd]]] = field(default_factory=dict)
    rush: dict[str, Rush] = field(default_factory=dict)
    statements: dict[str, dict[str, int]] = field(default_factory=dict)
    pasts: list[tuple[int, Crowd, Desk]] = field(default_factory=list)


def moment() -> str:
    """Now, the cores, and how busy the machine is."""
    load = os.getloadavg()[0]
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M}, {os.cpu_count()} cores, load {load:.1f} before"


def text(seen: Seen) -> str:
    parts = [
        f"{seen.started}; {seen.workers} web workers, {seen.rounds} rounds of {seen.seconds:.0f} s for"
        " each line, which is that of the round in the middle; *times*: ours by stock Oscar's. The provider"
        f" took {1000 * seen.pause:.0f} ms for the calls of an order, and so long does stock Oscar's"
        " payment pause.",
        _crowds(seen),
        _steps(seen),
        _rushes(seen),
    ]
    if seen.pasts:
        parts.append(_pasts(seen))
    return "\n\n".join(parts)


def write(tables: str) -> None:
    """Put them between the marks."""
    document = DOCUMENT.read_text(encoding="utf-8")
    fresh = MARKS.sub(lambda found: f"{found[1]}{tables}\n{found[2]}", document)
    DOCUMENT.write_text(fresh, encoding="utf-8")


def _middle(rounds: list[Crowd]) -> Crowd:
    return rounds[(len(rounds) - 1) // 2]  # of an even number the slower one


def _crowds(seen: Seen) -> str:
    head = (
        "shop", "clients", "orders", "orders/s", "slowest to fastest", "times", "p50 ms", "p95 ms",
        "all done after s", "orders/s with all done", "CPU ms an order", "lock ms an order", "failed",
    )  # fmt: skip
    rows = [
        (
            NAMES[name], one.clients, one.orders, f"{one.rate:.2f}",
            f"{rounds[0].rate:.2f} to {rounds[-1].rate:.2f}",
            f"{one.rate / _middle(beside).rate:.1f}", one.milliseconds(0.5),
            one.milliseconds(0.95), f"{one.behind:.1f}", f"{one.rate_of_all:.2f}",
            1000 * one.cpu / max(1, one.orders),
            1000 * one.waited / max(1, one.orders),
            sum(sum(each.failures.values()) for each in rounds),
        )
        for name, found in seen.crowds.items()
        for rounds, beside in zip(found, seen.crowds["stock"], strict=True)
        for one in [_middle(rounds)]
    ]  # fmt: skip
    return table(head, rows)


def _steps(seen: Seen) -> str:
    """With the fewest clients, so that a step is not the waiting for others."""
    head = (
        "step",
        *[f"{NAMES[one]}: {what}" for one in seen.crowds for what in ("SQL", "p50 ms", "p95 ms")],
    )
    rows = []
    for step in STEPS:
        cells: list[object] = [step]
        for name, found in seen.crowds.items():
            first = _middle(found[0])
            cells += [
                seen.statements[name].get(step, 0), first.milliseconds(0.5, step),
                first.milliseconds(0.95, step),
            ]  # fmt: skip
        rows.append(tuple(cells))
    return table(head, rows)


def _rushes(seen: Seen) -> str:
    head = (
        "shop",
        "buyers at once",
        "units",
        "orders",
        "refused",
        "failed",
        "seconds",
        "answers/s",
    )
    rows = [
        (
            NAMES[name], one.buyers, one.units, one.orders, one.refused, sum(one.failed.values()),
            one.seconds, one.buyers / one.seconds if one.seconds else 0.0,
        )
        for name, one in seen.rush.items()
    ]  # fmt: skip
    return table(head, rows)


def _pasts(seen: Seen) -> str:
    head = (
        "orders there", "orders/s of 4 clients", "p95 ms of a checkout", "order list p95 ms",
        "its search p95 ms", "failed",
    )  # fmt: skip
    rows = [
        (
            number, f"{one.rate:.2f}", one.milliseconds(0.95), desk.listed, desk.searched,
            sum(one.failures.values()) + desk.failed,
        )
        for number, one, desk in seen.pasts
    ]  # fmt: skip
    return table(head, rows)
