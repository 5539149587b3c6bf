"""Which warehouse sends an order: a small policy that can be exchanged. No writing here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Protocol

from orders.fulfilment.models import Rule
from shop.core.prepared import INTEGERS, Prepared
from supply.models import Warehouse, WarehouseStock

MOST_PARCELS = 3  # beyond that whoever has something sends it
SAME, NEAR, FAR = 0, 1, 2
CONTINENTS = (
    frozenset(
        [
            "AD",
            "AL",
            "AT",
            "BA",
            "BE",
            "BG",
            "CH",
            "CY",
            "CZ",
            "DE",
            "DK",
            "EE",
            "ES",
            "FI",
            "FO",
            "FR",
            "GB",
            "GG",
            "GI",
            "GR",
            "HR",
            "HU",
            "IE",
            "IM",
            "IS",
            "IT",
            "JE",
            "LI",
            "LT",
            "LU",
            "LV",
            "MC",
            "MD",
            "ME",
            "MK",
            "MT",
            "NL",
            "NO",
            "PL",
            "PT",
            "RO",
            "RS",
            "SE",
            "SI",
            "SK",
            "SM",
            "UA",
            "VA",
            "XK",
        ]
    ),
    frozenset(
        [
            "CN",
            "HK",
            "ID",
            "IN",
            "JP",
            "KH",
            "KR",
            "LA",
            "MM",
            "MN",
            "MO",
            "MY",
            "PH",
            "SG",
            "TH",
            "TW",
            "VN",
        ]
    ),
    frozenset(["CA", "GL", "MX", "PM", "US"]),
)


@dataclass(frozen=True)
class Place:
    """A warehouse as the policy sees it. ``free``: units by stock record that are not reserved."""

    warehouse: Warehouse
    distance: int
    free: Mapping[int, int]

    def has(self, record: int, units: int) -> bool:
        return self.free.get(record, 0) >= units


@dataclass(frozen=True)
class Need:
    """Units of one order line. ``is_counted``: False for what is sent and never counted."""

    line_id: int
    record: int
    units: int
    is_counted: bool = True


@dataclass(frozen=True)
class Part:
    """What one warehouse sends: units by order line."""

    warehouse: Warehouse
    units: dict[int, int]


@dataclass(frozen=True)
class Choice:
    rule: Rule
    parts: tuple[Part, ...]
    facts: dict = field(default_factory=dict)


class Policy(Protocol):
    def choose(self, *, needs: Sequence[Need], places: Sequence[Place]) -> Choice | None:
        """Who sends what, with the reason; None when nobody can send all of it."""


class FewestParcels:
    """One parcel if somebody has all of it, and then the nearest; else as few parcels as can be."""

    def choose(self, *, needs: Sequence[Need], places: Sequence[Place]) -> Choice | None:
        ordered = sorted(places, key=_nearness)
        facts = {"considered": [_seen(place, needs) for place in ordered]}
        whole = [place for place in ordered if _covers((place,), needs)]
        if whole:
            rule = Rule.WHOLE if len(whole) > 1 else Rule.ONLY
            return Choice(rule, (Part(whole[0].warehouse, _all(needs)),), facts)
        for number in range(2, min(MOST_PARCELS, len(ordered)) + 1):
            able = [some for some in combinations(ordered, number) if _covers(some, needs)]
            if able:
                best = min(able, key=lambda some: [_nearness(place) for place in some])
                return Choice(Rule.SPLIT, _divided(best, needs), facts)
        if _covers(ordered, needs):
            return Choice(Rule.SPLIT, _divided(ordered, needs), facts)
        return None


def distance_between(country: str, other: str) -> int:
    """By country alone: the same one, the same continent, or elsewhere."""
    if country == other:
        return SAME
    return NEAR if any({country, other} <= some for some in CONTINENTS) else FAR


def places_for(*, country: str, records: Iterable[int], without: Iterable[int] = ()) -> list[Place]:
    """Every warehouse that sells, with what is free there of these records. Two queries."""
    free: dict[int, dict[int, int]] = {}
    for place, record, on_hand, reserved in _stock_of.read(records=sorted(set(records))):
        free.setdefault(place, {})[record] = on_hand - reserved
    left_out = set(without)
    return [
        Place(one, distance_between(country, one.country_id), free.get(one.pk, {}))
        for one in _sellable.read()
        if one.pk not in left_out
    ]


_stock_of: Prepared[tuple[int, int, int, int]] = Prepared(
    lambda records: WarehouseStock.objects.filter(stock_record__in=records).values_list(
        "warehouse_id", "stock_record_id", "on_hand", "reserved"
    ),
    records=INTEGERS,
)
_sellable: Prepared[Warehouse] = Prepared(lambda: Warehouse.objects.filter(is_sellable=True))


def _nearness(place: Place) -> tuple[int, bool, int, int]:
    one = place.warehouse
    return place.distance, not one.is_default, one.rank, one.pk


def _seen(place: Place, needs: Sequence[Need]) -> dict:
    whole = sum(not need.is_counted or place.has(need.record, need.units) for need in needs)
    return {
        "code": place.warehouse.code,
        "distance": place.distance,
        "lines": whole,
        "of": len(needs),
    }


def _covers(places: Sequence[Place], needs: Sequence[Need]) -> bool:
    wanted: dict[int, int] = {}
    for need in needs:
        if need.is_counted:
            wanted[need.record] = wanted.get(need.record, 0) + need.units
    return bool(places) and all(
        sum(place.free.get(record, 0) for place in places) >= units
        for record, units in wanted.items()
    )


def _all(needs: Sequence[Need]) -> dict[int, int]:
    return {need.line_id: need.units for need in needs}


def _divided(places: Sequence[Place], needs: Sequence[Need]) -> tuple[Part, ...]:
    """A line stays together where one of the places has it whole; the first place is asked first."""
    left = [dict(place.free) for place in places]
    parts: list[dict[int, int]] = [{} for _place in places]
    for need in needs:
        if not need.is_counted:
            parts[0][need.line_id] = need.units
            continue
        whole = next(
            (n for n, free in enumerate(left) if free.get(need.record, 0) >= need.units), None
        )
        wanted = need.units
        for number in range(len(places)) if whole is None else (whole,):
            units = min(wanted, left[number].get(need.record, 0))
            if units > 0:
                left[number][need.record] -= units
                parts[number][need.line_id] = units
                wanted -= units
    return tuple(
        Part(place.warehouse, units) for place, units in zip(places, parts, strict=True) if units
    )
