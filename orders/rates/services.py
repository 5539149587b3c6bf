"""Writing the tables that delivery is priced and promised by."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from orders.rates.gaps import gaps_of
from orders.rates.locks import rates_lock
from orders.rates.models import Method, PickupPoint, ProductLoad, Rate, Zone
from orders.rates.rows import LoadLine, PointLine, RateLine
from orders.rates.sheet import Sheet, ZoneRow, sheet_read, shipped_tables
from shop.core.nearby import nearby_forget
from shop.core.pagecache import SITE, drop
from shop.core.tables import TableRefused

BUILT_IN = (
    ("standard", "Standard", "标准配送", "Tracked parcel to your door", "可追踪，送货上门"),
    (
        "express",
        "Express",
        "特快配送",
        "First in the van, with a tracking link",
        "优先派送，附追踪链接",
    ),
)


def rates_follow() -> None:
    """Rates are read anew and no page of before is shown, once this is committed."""
    transaction.on_commit(nearby_forget)
    drop(SITE)


@transaction.atomic
def rates_load() -> int:
    """Write the table that came with the shop, where there is none. How many rates are new."""
    rates_lock()
    if Zone.objects.exists():
        return 0
    lines = [
        RateLine(
            zone=zone["code"],
            zone_name=zone["name"],
            countries=tuple(zone["countries"]),
            method=one["method"],
            charge=Decimal(one["charge"]),
            free_from=Decimal(one["free_from"]) if "free_from" in one else None,
            days=(one["days"][0], one["days"][1]),
        )
        for zone in shipped_tables()["zones"]
        for one in zone["rates"]
    ]
    return rates_replace(lines=lines)


@transaction.atomic
def rates_replace(*, lines: Iterable[RateLine]) -> int:
    """Put a whole table in the place of the one before; orders keep what they were charged.

    Raises ``TableRefused`` where a country, a weight or a value would be left without any way.
    """
    rates_lock()
    lines = list(lines)
    methods = methods_known()
    Rate.objects.all().delete()
    zones = _zones_write(lines)
    Rate.objects.bulk_create(
        Rate(
            zone=zones[line.zone],
            method=methods[line.method],
            group_id=line.group,
            charge=line.charge,
            free_from=line.free_from,
            weight_from=line.weight[0],
            weight_to=line.weight[1],
            volume_to=line.volume_to,
            value_from=line.value[0],
            value_to=line.value[1],
            days_least=line.days[0],
            days_most=line.days[1],
            carrier=line.carrier,
            service=line.service,
        )
        for line in lines
    )
    hidden = {code for code, one in methods.items() if one.is_hidden}
    if errors := gaps_of(_sheet_of(lines, hidden=hidden)):
        raise TableRefused(errors)
    rates_follow()
    return len(lines)


def methods_known() -> dict[str, Method]:
    """Every way of sending by its code; the two that the shop comes with are written if missing."""
    for place, (code, en, zh, note_en, note_zh) in enumerate(BUILT_IN):
        Method.objects.get_or_create(
            code=code,
            defaults={
                "name_en": en,
                "name_zh": zh,
                "note_en": note_en,
                "note_zh": note_zh,
                "position": place,
            },
        )
    return {one.code: one for one in Method.objects.all()}


def _zones_write(lines: list[RateLine]) -> dict[str, Zone]:
    wanted = {line.zone: line for line in lines}
    Zone.objects.exclude(code__in=wanted).delete()
    Zone.objects.filter(countries=[]).exclude(
        code__in=[code for code, line in wanted.items() if not line.countries]
    ).update(countries=["ZZ"])  # until its own row is written: one only may take all others
    return {
        code: Zone.objects.update_or_create(
            code=code,
            defaults={"name": line.zone_name or code, "countries": list(line.countries)},
        )[0]
        for code, line in sorted(wanted.items(), key=lambda pair: not pair[1].countries)
    }


def _sheet_of(lines: list[RateLine], *, hidden: Collection[str]) -> Sheet:
    zones: dict[str, list[RateLine]] = {}
    for line in lines:
        zones.setdefault(line.zone, []).append(line)
    return Sheet(
        zones=tuple(
            ZoneRow(
                code, frozenset(rows[0].countries), tuple(row.as_row(hidden=hidden) for row in rows)
            )
            for code, rows in zones.items()
        )
    )


@transaction.atomic
def rate_change(
    *,
    rate: Rate,
    charge: Decimal,
    free_from: Decimal | None,
    days: tuple[int, int],
    carrier: str,
    service: str,
) -> Rate:
    """What one row asks and promises; its bounds are the table's."""
    rates_lock()
    row = Rate.objects.get(pk=rate.pk)
    row.charge, row.free_from = charge, free_from
    row.days_least, row.days_most = days
    row.carrier, row.service = carrier, service
    row.save()
    return row


@transaction.atomic
def rate_add(*, columns: dict[str, Any]) -> Rate:
    """One row more; ``columns`` by the fields of `Rate`. Raises ``TableRefused`` for bounds that the
    way has in this zone already."""
    rates_lock()
    wanted = {
        name: columns[name] for name in ("zone", "method", "group", "weight_from", "value_from")
    }
    if Rate.objects.filter(**wanted).exists():
        raise TableRefused([_("There is a rate with these bounds already.")])
    return Rate.objects.create(**columns)


@transaction.atomic
def rate_remove(*, rate: Rate) -> bool:
    """One row less; orders keep what they were charged. False: it was gone already.

    Raises ``TableRefused`` where a weight or a value would be left without any way.
    """
    rates_lock()
    gone, _by_model = Rate.objects.filter(pk=rate.pk).delete()
    _refuse_gaps()
    return bool(gone)


@transaction.atomic
def method_change(*, method: Method, columns: dict[str, Any]) -> Method:
    """Its words and its place, and whether it is offered. What was ordered with it is sent with it.

    Raises ``TableRefused`` where nothing would be left to be offered.
    """
    rates_lock()
    for name, value in columns.items():
        setattr(method, name, value)
    method.save(update_fields=list(columns))
    _refuse_gaps()
    return method


def _refuse_gaps() -> None:
    """Of the tables as they are written now."""
    if errors := gaps_of(sheet_read()):
        raise TableRefused(errors)


def loads_set(*, lines: Iterable[LoadLine]) -> int:
    """What products weigh, by their id; what was known of them before is replaced."""
    rows = [
        ProductLoad(
            product_id=line.product_id,
            grams=line.grams,
            millilitres=line.millilitres,
            is_bulky=line.is_bulky,
        )
        for line in lines
    ]
    ProductLoad.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=["grams", "millilitres", "is_bulky"],
    )
    return len(rows)


def points_set(*, lines: Iterable[PointLine]) -> int:
    """Pick-up points by their code; those that the table does not name stay as they are."""
    lines = list(lines)
    rows = [PickupPoint(**vars(line)) for line in lines]
    names = [name for name in PointLine.__dataclass_fields__ if name != "code"]
    PickupPoint.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=names
    )
    return len(rows)
