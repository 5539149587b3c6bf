"""`make faults FAULTS_ARGS="--only Redis"`. Opens a shop of its own; needs no other server."""

import argparse
import json
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg

from benchmarks.checkout.shops import GOODS, GOODS_SQL, UNITS, run_inside
from benchmarks.faults.faults import FAULTS, Fault
from benchmarks.faults.house import House
from benchmarks.faults.watch import Guests, Seen
from benchmarks.report import table
from payments.localprovider.control import Control

DOCUMENT = Path(__file__).parents[2] / "docs" / "faults.md"
BEGIN, END = "<!-- written by make faults -->\n", "<!-- /faults -->"
HEAD = ("what breaks", "thanked", "turned away with", "longest gap s", "settled after s", "verify")
BEFORE, DURING = 3.0, 12.0  # seconds
SETTLE = 240.0  # seconds; the reconciler's clock is a minute


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--only", default="", help="faults with this word in their names")
    parser.add_argument("--guests", type=int, default=3, help="who buy all the while")
    parser.add_argument("--write", action="store_true", help="put the table into docs/faults.md")
    wanted = parser.parse_args()
    faults = [one for one in FAULTS if wanted.only in one.name]
    folder = Path(os.environ["DATA_DIR"]).resolve() / f"faults-{os.getpid()}"
    folder.mkdir(parents=True)
    house = House(folder, workers=2)
    started = f"{datetime.now(UTC):%Y-%m-%d %H:%M}, {os.cpu_count()} cores, {wanted.guests} guests"
    try:
        house.open()
        environment = house.environment()
        goods = _goods(house, environment)
        with Control(environment["STRIPE_API_BASE"], environment["STRIPE_SECRET_KEY"]) as control:
            rows = [_try(fault, house, control, goods, wanted.guests) for fault in faults]
    finally:
        house.close()
        shutil.rmtree(folder, ignore_errors=True)
    text = f"{started}; each is watched for {DURING:.0f} s.\n\n{table(HEAD, rows)}\n"
    print(f"\n{text}")
    if wanted.write:
        document = DOCUMENT.read_text(encoding="utf-8")
        before, _, rest = document.partition(BEGIN)
        fresh = f"{before}{BEGIN}{text}{END}{rest.partition(END)[2]}"
        DOCUMENT.write_text(fresh, encoding="utf-8")
    if any(row[-1] != "clean" for row in rows):
        raise SystemExit(1)


def _goods(house: House, environment: dict[str, str]) -> list[tuple[str, int]]:
    run_inside(environment, "stock", str(UNITS), str(GOODS))
    with psycopg.connect(house.database_url) as connection:
        rows = connection.execute(GOODS_SQL, [UNITS, GOODS]).fetchall()
    return [(f"/catalogue/{slug}_{family}/", pk) for slug, family, pk in rows]


def _try(
    fault: Fault, house: House, control: Control, goods: list[tuple[str, int]], number: int
) -> tuple:
    print(f"{fault.name} …", flush=True)
    with Guests(house.url, goods, number=number) as guests:
        time.sleep(BEFORE)
        fault.begin(house, control)
        time.sleep(DURING)
        _again(lambda: fault.end(house, control))
    seconds, verdict = _settle(house)
    seen = guests.seen
    row = (fault.name, seen.thanked, _met(seen), seen.gap, seconds, verdict)
    print(f"  {json.dumps(row)}", flush=True)
    return row


def _settle(house: House) -> tuple[float, str]:
    """How long until `manage.py verify` finds nothing, and what it says in the end."""
    start = time.monotonic()
    while True:
        done = house.verify()
        seconds = time.monotonic() - start
        if done.returncode == 0:
            return seconds, "clean"
        if seconds > SETTLE:
            print(done.stdout, flush=True)
            return seconds, "not clean"
        time.sleep(5)


def _again(call) -> None:
    """The provider may just be starting."""
    for _ in range(20):
        try:
            call()
            return
        except httpx.HTTPError:
            time.sleep(0.5)


def _met(seen: Seen) -> str:
    return "; ".join(f"{count} × {what}" for what, count in seen.met.most_common(3)) or "nothing"


if __name__ == "__main__":
    main()
