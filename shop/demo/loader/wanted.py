"""Size guides, announced deliveries, and readers who wait for what is sold out."""

import datetime as dt
import random
import tomllib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from catalog.facts.guides import guide_give
from catalog.facts.models import SizeGuide
from catalog.partner.models import StockRecord
from crm.alerts.models import AlertState, StockAlert
from shop.demo.catalogue import DATA, Catalogue, Good, Text
from shop.demo.loader.bulk import bulk
from shop.demo.loader.products import Shelved, two
from supply.models import ExpectedArrival

NOTES = ("Confirmed by mail", "By sea, the ship is named", "Half of what was ordered", "")
LATE = dt.timedelta(days=-3)


def guides_load(catalogue: Catalogue, shelved: Shelved) -> None:
    """One guide per ladder of sizes, on every family that has that choice."""
    with (DATA / "guides.toml").open("rb") as source:
        planned = tomllib.load(source)
    for row in planned.values():
        families = [shelved.products[good.key].pk for good in catalogue.goods if _fits(good, row)]
        if families:
            guide = SizeGuide.objects.create(
                **two("name", Text(*row["name"])),
                **two("how", Text(*row["how"])),
                **two("table", Text(row["en"].strip(), row["zh"].strip())),
            )
            guide_give(guide=guide, families=families)


def _fits(good: Good, row: dict[str, Any]) -> bool:
    if good.choice is None or good.choice.en != row["choice"]:
        return False
    first = next(variant.step for variant in good.variants if variant.step)
    return first.name.en == (row["first"] or first.name.en)


def wanted_load(shelved: Shelved, *, now: dt.datetime, seed: int) -> None:
    """Two of three that are sold out are announced, and have up to fourteen readers who wait."""
    rng = random.Random(f"{seed}:wanted")
    arrivals: list[ExpectedArrival] = []
    alerts: list[StockAlert] = []
    for sku in sorted(shelved.records):
        record = shelved.records[sku]
        free = (record.num_in_stock or 0) - (record.num_allocated or 0)
        if free > 4:
            continue
        if rng.random() < (0.67 if free <= 0 else 0.3):
            arrivals.append(_arrival(record, rng, now=now, is_late=len(arrivals) % 9 == 4))
        if free <= 0:
            alerts += _waiting(record, rng, now=now)
    bulk(arrivals)
    bulk(alerts)


def _arrival(
    record: StockRecord, rng: random.Random, *, now: dt.datetime, is_late: bool
) -> ExpectedArrival:
    ahead = LATE if is_late else dt.timedelta(days=rng.randint(3, 24))
    return ExpectedArrival(
        stock_record=record,
        day=(now + ahead).date(),
        units=rng.choice((6, 12, 20, 24, 40)),
        note=rng.choice(NOTES),
        key=UUID(int=rng.getrandbits(128)),
        created_at=now - dt.timedelta(days=rng.randint(4, 20)),
    )


def _waiting(record: StockRecord, rng: random.Random, *, now: dt.datetime) -> Iterator[StockAlert]:
    for number in range(rng.choice((0, 1, 2, 3, 5, 8, 14))):
        asked = now - dt.timedelta(hours=rng.randint(2, 24 * 20))
        yield StockAlert(
            product=record.product,
            email=f"waiting-{record.pk}-{number}@mail.example",
            language=rng.choice(("en", "en", "zh-hans")),
            state=AlertState.OPEN,
            asked_at=asked,
            confirmed_at=asked + dt.timedelta(minutes=rng.randint(1, 90)),
        )
