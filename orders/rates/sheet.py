"""The rate tables as selling reads them: one small object, kept nearby, read in one query.

A shop that has no zone of its own yet sells by ``data/sheet.toml``.
"""

import datetime as dt
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from orders.fulfilment.routing import distance_between
from orders.rates.models import (
    Holiday,
    Method,
    Mover,
    Rate,
    Surcharge,
    WorkingWeek,
    Zone,
    working_days,
)
from shop.core.nearby import Nearby
from supply.models import Warehouse
from supply.models.places import WORKING_DAYS

SHIPPED = Path(__file__).parent / "data" / "sheet.toml"
KEPT_SECONDS = 300
USUAL_GRAMS = 500  # of what nobody weighed
CUT_OFF = dt.time(14)


@dataclass(frozen=True)
class Load:
    """What is to be sent. ``value``: in the shop's own currency, as the basket shows it."""

    grams: int = 0
    litres: int = 0
    value: Decimal = Decimal(0)
    is_bulky: bool = False
    groups: frozenset[int] = frozenset()


@dataclass(frozen=True)
class RateRow:
    """As `Rate`; ``method`` by its code. ``is_hidden``: that way is kept for the orders that have it."""

    method: str
    charge: Decimal
    days: tuple[int, int]
    free_from: Decimal | None = None
    group: int | None = None
    weight: tuple[int, int | None] = (0, None)
    volume_to: int | None = None
    value: tuple[Decimal, Decimal | None] = (Decimal(0), None)
    carrier: str = ""
    service: str = ""
    is_hidden: bool = False

    def takes(self, load: Load) -> bool:
        return (
            not self.is_hidden
            and (self.group is None or self.group in load.groups)
            and _within(load.grams, self.weight)
            and (self.volume_to is None or load.litres <= self.volume_to)
            and _within(load.value, self.value)
        )


@dataclass(frozen=True)
class ZoneRow:
    code: str
    countries: frozenset[str]
    rates: tuple[RateRow, ...]

    @property
    def asks_weight(self) -> bool:
        """Whether any of its rates depends on what the goods weigh or take up."""
        bounds = ((one.weight, one.volume_to) for one in self.rates)
        return any(weight != (0, None) or volume is not None for weight, volume in bounds)

    @property
    def asks_group(self) -> bool:
        return any(one.group is not None for one in self.rates)

    def rates_for(self, load: Load) -> list[RateRow]:
        """For each method the row that takes the load: one for its group before all others."""
        found: dict[str, RateRow] = {}
        for row in self.rates:
            if row.takes(load):
                before = found.get(row.method)
                if before is None or (before.group is None and row.group is not None):
                    found[row.method] = row
        return list(found.values())


@dataclass(frozen=True)
class MethodRow:
    code: str
    name_en: str
    name_zh: str
    note_en: str
    note_zh: str
    to_point: bool


@dataclass(frozen=True)
class SurchargeRow:
    kind: str
    country: str
    postcodes: tuple[str, ...]
    charge: Decimal
    days_more: int

    def hits(self, *, country: str, postcode: str, is_bulky: bool) -> bool:
        if self.country and self.country != country:
            return False
        if self.postcodes and not postcode.startswith(self.postcodes):
            return False
        return is_bulky if self.kind == Surcharge.Kind.BULKY else True


@dataclass(frozen=True)
class Week:
    days: frozenset[int]
    cut_off: dt.time


@dataclass(frozen=True)
class PlaceRow:
    """A warehouse that sells; ``order`` among those that are as near."""

    code: str
    country: str
    order: tuple[bool, int, int]


DAYS_AT_MOST = 10_000  # kept of one sheet
USUAL_WEEK = Week(frozenset(working_days()), CUT_OFF)


@dataclass(frozen=True)
class Sheet:
    """All of it. ``weeks`` and ``holidays`` by whose they are; the code "" is for all of the kind."""

    zones: tuple[ZoneRow, ...]
    methods: Mapping[str, MethodRow] = field(default_factory=dict)
    surcharges: tuple[SurchargeRow, ...] = ()
    weeks: Mapping[tuple[str, str], Week] = field(default_factory=dict)
    holidays: frozenset[tuple[str, str, str, dt.date]] = frozenset()
    places: tuple[PlaceRow, ...] = ()

    def sender(self, country: str) -> str:
        """The code of the warehouse that sends there if it has all of it, as routing chooses it."""
        near = sorted(
            self.places, key=lambda one: (distance_between(country, one.country), one.order)
        )
        return near[0].code if near else ""

    def zone_of(self, country: str) -> ZoneRow | None:
        """The zone that names the country, else the one for all others, if there is one."""
        named = next((one for one in self.zones if country in one.countries), None)
        return named or next((one for one in self.zones if not one.countries), None)

    def week(self, mover: str, code: str = "") -> Week:
        return self.weeks.get((mover, code)) or self.weeks.get((mover, "")) or USUAL_WEEK

    def works(self, mover: str, code: str, day: dt.date, country: str = "") -> bool:
        """Whether a warehouse or carrier moves goods on a day; ``country``: where they go."""
        if day.weekday() not in self.week(mover, code).days:
            return False
        whose = {(one, place) for one in ("", code) for place in ("", country)}
        return not any((mover, one, place, day) in self.holidays for one, place in whose)

    def day_after(
        self, mover: str, code: str, day: dt.date, count: int, country: str = ""
    ) -> dt.date:
        """The ``count``-th working day after ``day``; after a year without one, whatever day it is."""
        asked = (mover, code, day, count, country)
        known: dict[tuple[Any, ...], dt.date] = vars(self).setdefault("_days", {})
        found = known.get(asked)  # pages ask for the same ones all day
        if found is None:
            if len(known) >= DAYS_AT_MOST:
                known.clear()
            found = known[asked] = self._day_after(*asked)
        return found

    def _day_after(self, mover: str, code: str, day: dt.date, count: int, country: str) -> dt.date:
        last = day + dt.timedelta(days=366)
        while count and day < last:
            day += dt.timedelta(days=1)
            count -= self.works(mover, code, day, country)
        return day


def sheet_now() -> Sheet:
    """What holds now. No query, but for the first of a process after a change."""
    return _sheet.get()


def _within(value: Any, bounds: tuple[Any, Any]) -> bool:
    least, most = bounds
    return value >= least and (most is None or value < most)


#: One row of JSON: PostgreSQL gathers the eight small tables, so that a cold cache costs one query.
_PARTS = {
    "zones": (Zone, "id"),
    "rates": (Rate, "zone_id, weight_from, value_from, id"),
    "methods": (Method, "position, id"),
    "surcharges": (Surcharge, "id"),
    "weeks": (WorkingWeek, "id"),
    "holidays": (Holiday, "id"),
    "places": (Warehouse, "id"),
}


def _gathering() -> str:
    parts = (
        f"'{name}', (SELECT coalesce(json_agg(row ORDER BY {order}), '[]') FROM {model._meta.db_table} row)"  # noqa: S608  names of our own
        for name, (model, order) in _PARTS.items()
    )
    return f"SELECT json_build_object({', '.join(parts)})::text"


def sheet_read() -> Sheet:
    """As it is written now, past what is kept nearby. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_gathering())
        tables = json.loads(cursor.fetchone()[0], parse_float=Decimal)
    places = [row for row in tables["places"] if row["is_sellable"]]
    methods = {row["id"]: row for row in tables["methods"]}
    place = {pk: number for number, pk in enumerate(methods)}
    rates = sorted(tables["rates"], key=lambda row: place[row["method_id"]])
    zones = tuple(_zone(row, rates, methods) for row in tables["zones"])
    return Sheet(
        zones=zones or sheet_shipped().zones,
        methods={row["code"]: _method(row) for row in tables["methods"]},
        surcharges=tuple(_surcharge(row) for row in tables["surcharges"]),
        weeks=_place_weeks(places)
        | {
            (row["mover"], row["code"]): Week(
                frozenset(row["days"]), dt.time.fromisoformat(row["cut_off"])
            )
            for row in tables["weeks"]
        },
        holidays=frozenset(
            (row["mover"], row["code"], row["country"], dt.date.fromisoformat(row["day"]))
            for row in tables["holidays"]
        )
        | _place_holidays(places),
        places=_places(places),
    )


def _places(rows: list[dict]) -> tuple[PlaceRow, ...]:
    return tuple(
        PlaceRow(row["code"], row["country_id"], (not row["is_default"], row["rank"], row["id"]))
        for row in rows
    )


def _place_weeks(rows: list[dict]) -> dict[tuple[str, str], Week]:
    """Of warehouses that work otherwise than all; what nobody changed is as for all."""
    weeks = {}
    for row in rows:
        cut_off = dt.time.fromisoformat(row["cut_off"])
        if (row["working_days"], cut_off) != (WORKING_DAYS, CUT_OFF):
            days = frozenset(int(day) - 1 for day in row["working_days"])
            weeks[str(Mover.WAREHOUSE), row["code"]] = Week(days, cut_off)
    return weeks


def _place_holidays(rows: list[dict]) -> frozenset[tuple[str, str, str, dt.date]]:
    return frozenset(
        (str(Mover.WAREHOUSE), row["code"], "", dt.date.fromisoformat(day))
        for row in rows
        for day in row["holidays"]
    )


def _zone(row: dict, rates: Iterable[dict], methods: dict[int, dict]) -> ZoneRow:
    return ZoneRow(
        code=row["code"],
        countries=frozenset(row["countries"]),
        rates=tuple(_rate(one, methods) for one in rates if one["zone_id"] == row["id"]),
    )


def _rate(row: dict, methods: dict[int, dict]) -> RateRow:
    return RateRow(
        method=methods[row["method_id"]]["code"],
        charge=_money(row["charge"]),
        days=(row["days_least"], row["days_most"]),
        free_from=None if row["free_from"] is None else Decimal(row["free_from"]),
        group=row["group_id"],
        weight=(row["weight_from"], row["weight_to"]),
        volume_to=row["volume_to"],
        value=(
            Decimal(row["value_from"]),
            None if row["value_to"] is None else Decimal(row["value_to"]),
        ),
        carrier=row["carrier"],
        service=row["service"],
        is_hidden=methods[row["method_id"]]["is_hidden"],
    )


def _method(row: dict) -> MethodRow:
    return MethodRow(**{name: row[name] for name in MethodRow.__dataclass_fields__})


def _surcharge(row: dict) -> SurchargeRow:
    return SurchargeRow(
        kind=row["kind"],
        country=row["country"],
        postcodes=tuple(row["postcodes"].split()),
        charge=_money(row["charge"]),
        days_more=row["days_more"],
    )


def _money(value: Any) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"))


@cache
def shipped_tables() -> dict[str, Any]:
    """What the shop came with, as it stands in the file."""
    with SHIPPED.open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)


@cache
def sheet_shipped() -> Sheet:
    return Sheet(
        zones=tuple(
            ZoneRow(
                code=zone["code"],
                countries=frozenset(zone["countries"]),
                rates=tuple(
                    RateRow(
                        method=one["method"],
                        charge=_money(one["charge"]),
                        days=(one["days"][0], one["days"][1]),
                        free_from=Decimal(one["free_from"]) if "free_from" in one else None,
                    )
                    for one in zone["rates"]
                ),
            )
            for zone in shipped_tables()["zones"]
        )
    )


_sheet = Nearby("shipping.sheet", sheet_read, seconds=KEPT_SECONDS, by_language=False)
