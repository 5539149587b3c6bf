"""`make faults FAULTS_ARGS="--only Redis"`. Opens a shop of its own; needs no other server."""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from benchmarks.checkout.shops import GOODS, GOODS_SQL, UNITS
from benchmarks.faults.faults import FAULTS, Fault
from benchmarks.faults.house import House
from benchmarks.faults.money import off
from benchmarks.faults.watch import Guests, Seen
from benchmarks.report import table
from payments.localprovider.control import Control

DOCUMENT = Path(__file__).parents[2] / "docs" / "faults.md"
BEGIN, END = "<!-- written by make faults -->\n", "<!-- /faults -->"
HEAD = ("what breaks", "thanked", "longest gap s", "settled after s", "turned away with")
BEFORE, DURING = 1.0, 6.0  # seconds
THANKED, AT_MOST = 4, 20.0  # a fault lasts until so many more were thanked, or so many seconds
PATIENCE = 3.0  # seconds until the next fault begins although one is not settled
SETTLE = 300.0  # seconds after the last; the reconciler asks after two minutes, by the minute


@dataclass
class Trial:
    """One fault, what guests met, and when their orders were settled."""

    name: str
    seen: Seen
    ended: float
    settled: float | None = None
    wrong: tuple[str, ...] = ()

    def look(self, house: House, control: Control) -> bool:
        if self.settled is None:
            self.wrong = off(house, control, tried=self.seen.tried, thanked=self.seen.thanked)
            if not self.wrong:
                self.settled = time.monotonic() - self.ended
        return self.settled is not None

    def row(self) -> tuple[object, ...]:
        met = "; ".join(f"{count} × {what}" for what, count in self.seen.met.most_common(3))
        after = "never" if self.settled is None else f"{self.settled:.1f}"
        return self.name, len(self.seen.thanked), self.seen.gap, after, met or "nothing"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--only", default="", help="faults with this word in their names")
    parser.add_argument("--guests", type=int, default=3, help="who buy all the while")
    parser.add_argument("--write", action="store_true", help="put the result into docs/faults.md")
    wanted = parser.parse_args()
    faults = [one for one in FAULTS if wanted.only in one.name]
    house = House(Path(os.environ["DATA_DIR"]).resolve() / "faults", workers=2)
    begun, start = datetime.now(UTC), time.monotonic()
    try:
        print("opening …", flush=True)
        house.open()
        goods = _goods(house)
        provider = house.environment()
        with Control(provider["STRIPE_API_BASE"], provider["STRIPE_SECRET_KEY"]) as control:
            _warm_up(house, goods)
            trials: list[Trial] = []
            for fault in faults:
                trials.append(_try(fault, house, control, goods, wanted.guests))
                _settle(trials, house, control, patience=PATIENCE)
            _settle(trials, house, control, patience=SETTLE)
        verdict = house.verify()
    finally:
        house.close()
    minutes = (time.monotonic() - start) / 60
    is_right = _told(trials, verdict.returncode, verdict.stdout)
    text = _text(trials, is_right, f"{begun:%Y-%m-%d %H:%M}", minutes, wanted.guests)
    print(f"\n{text}")
    if wanted.write:
        document = DOCUMENT.read_text(encoding="utf-8")
        before, _, rest = document.partition(BEGIN)
        fresh = f"{before}{BEGIN}{text}{END}{rest.partition(END)[2]}"
        DOCUMENT.write_text(fresh, encoding="utf-8")
    if not is_right:
        raise SystemExit(1)


def _goods(house: House) -> list[tuple[str, int]]:
    house.receive(UNITS, GOODS)
    rows = house.rows(GOODS_SQL, [UNITS, GOODS])
    return [(f"/catalogue/{slug}_{family}/", pk) for slug, family, pk in rows]


def _warm_up(house: House, goods: list[tuple[str, int]]) -> None:
    with Guests(house.url, goods, number=2):
        time.sleep(BEFORE)


def _try(
    fault: Fault, house: House, control: Control, goods: list[tuple[str, int]], number: int
) -> Trial:
    print(f"{fault.name} …", flush=True)
    with Guests(house.url, goods, number=number) as guests:
        time.sleep(BEFORE)
        fault.begin(house, control)
        begun, before = time.monotonic(), len(guests.seen.thanked)
        time.sleep(DURING)
        while len(guests.seen.thanked) - before < THANKED and time.monotonic() - begun < AT_MOST:
            time.sleep(0.2)
        _again(lambda: fault.end(house, control))
    trial = Trial(fault.name, guests.seen, time.monotonic())
    print(f"  {trial.row()[1:]}", flush=True)
    return trial


def _settle(trials: list[Trial], house: House, control: Control, *, patience: float) -> None:
    """Look at what is not settled yet, until all is or patience ends."""
    end = time.monotonic() + patience
    while True:
        waiting = [one for one in trials if not one.look(house, control)]
        if not waiting or time.monotonic() > end:
            return
        time.sleep(0.5)


def _again(call: Callable[[], None]) -> None:
    """The provider may just be starting."""
    for _ in range(40):
        try:
            call()
            return
        except httpx.HTTPError:
            time.sleep(0.5)


def _told(trials: list[Trial], status: int, verdict: str) -> bool:
    """Print what is not right; whether all is."""
    for one in trials:
        for line in one.wrong:
            print(f"NOT SETTLED  {one.name}: {line}", flush=True)
        for bare, count in one.seen.bare.items():
            print(f"BARE ERROR  {one.name}: {count} × {bare}", flush=True)
    if status:
        print(verdict, flush=True)
    return not status and not any(one.wrong or one.seen.bare for one in trials)


def _text(trials: list[Trial], is_right: bool, begun: str, minutes: float, guests: int) -> str:
    thanked = sum(len(one.seen.thanked) for one in trials)
    outcome = (
        f"Afterwards `manage.py verify` found nothing; each of the {thanked:,} guests who were thanked "
        "has one paid order with one charge, no other charge is left, and nobody saw an error without words."
        if is_right
        else "Something was NOT right; the run said what."
    )
    head = f"{begun} UTC, {os.cpu_count()} cores, {guests} guests, {minutes:.0f} minutes in all. {outcome}"
    return f"{head}\n\n{table(HEAD, [one.row() for one in trials])}\n"


if __name__ == "__main__":
    main()
