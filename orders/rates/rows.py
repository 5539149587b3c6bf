"""The tables as CSV: their columns, and reading them with every error and its row."""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from catalog.models import Product
from orders.carriers.registry import carrier_of, is_service_of
from orders.rates.models import Method, PickupPoint, ProductLoad, Rate
from orders.rates.sheet import RateRow
from shop.core.tables import TableRefused

MOST_ROWS = 20_000
MOST_ERRORS = 20  # told at once
MOST = Decimal(10) ** 9
RATE_HEAD = [
    "zone",
    "name",
    "countries",
    "method",
    "group",
    "weight_from_g",
    "weight_to_g",
    "volume_to_l",
    "value_from",
    "value_to",
    "charge",
    "free_from",
    "days_from",
    "days_to",
    "carrier",
    "service",
]
POINT_HEAD = ["code", "carrier", "name", "street", "postcode", "city", "country", "hours", "open"]
LOAD_HEAD = ["sku", "grams", "millilitres", "bulky"]
Line = TypeVar("Line")


@dataclass(frozen=True)
class RateLine:
    """A row of the rate table. ``group``: the id of the customers' group."""

    zone: str
    countries: tuple[str, ...]
    method: str
    charge: Decimal
    days: tuple[int, int]
    zone_name: str = ""
    free_from: Decimal | None = None
    group: int | None = None
    weight: tuple[int, int | None] = (0, None)
    volume_to: int | None = None
    value: tuple[Decimal, Decimal | None] = (Decimal(0), None)
    carrier: str = ""
    service: str = ""

    def as_row(self, *, hidden: Collection[str] = ()) -> RateRow:
        return RateRow(
            method=self.method,
            charge=self.charge,
            days=self.days,
            free_from=self.free_from,
            weight=self.weight,
            volume_to=self.volume_to,
            value=self.value,
            group=self.group,
            is_hidden=self.method in hidden,
        )


@dataclass(frozen=True)
class PointLine:
    """A pick-up point; the fields are the model's."""

    code: str
    carrier: str
    name: str
    street: str
    postcode: str
    city: str
    country: str
    hours: str = ""
    is_open: bool = True


@dataclass(frozen=True)
class LoadLine:
    """What one product weighs and takes up, packed."""

    product_id: int
    grams: int
    millilitres: int = 0
    is_bulky: bool = False


class _Wrong(Exception):
    """What is wrong with a cell, in the reader's language."""


def rates_read(text: str) -> list[RateLine]:
    """The whole table. Raises ``TableRefused``. Two queries."""
    methods = set(Method.objects.values_list("code", flat=True)) | {"standard", "express"}
    groups = dict(Group.objects.values_list("name", "pk"))
    lines = _read(text, RATE_HEAD, lambda cells: _rate(cells, methods, groups))
    seen: set[Any] = set()
    for line in lines:
        key = (line.zone, line.method, line.group, line.weight[0], line.value[0])
        if key in seen:
            facts = {"zone": line.zone, "method": line.method}
            raise TableRefused([_("%(zone)s, %(method)s: the same bounds twice.") % facts])
        seen.add(key)
    named: dict[str, str] = {}
    for zone, countries in {line.zone: line.countries for line in lines}.items():
        for country in countries or ("",):
            if named.setdefault(country, zone) != zone:
                facts = {"country": country or "–", "zone": zone, "other": named[country]}
                raise TableRefused(
                    [_("“%(country)s” stands in the zones %(other)s and %(zone)s.") % facts]
                )
    return lines


def rates_written() -> Iterator[list[Any]]:
    for rate in Rate.objects.select_related("zone", "method", "group"):
        yield [
            rate.zone.code,
            rate.zone.name,
            " ".join(rate.zone.countries),
            rate.method.code,
            rate.group.name if rate.group else "",
            rate.weight_from,
            rate.weight_to,
            rate.volume_to,
            rate.value_from,
            rate.value_to,
            rate.charge,
            rate.free_from,
            rate.days_least,
            rate.days_most,
            rate.carrier,
            rate.service,
        ]


def points_read(text: str) -> list[PointLine]:
    """Raises ``TableRefused``."""
    return _once(_read(text, POINT_HEAD, _point), key=lambda line: line.code)


def points_written() -> Iterator[list[Any]]:
    for one in PickupPoint.objects.all():
        yield [
            *(getattr(one, name) for name in POINT_HEAD[:-1]),
            int(one.is_open),
        ]


def loads_read(text: str) -> list[LoadLine]:
    """By SKU. Raises ``TableRefused``. One query."""
    raw = _read(text, LOAD_HEAD, _load)
    skus = [sku for sku, _line in raw]
    found = Product.objects.filter(stockrecords__partner_sku__in=skus)
    known = dict(found.values_list("stockrecords__partner_sku", "pk"))
    if missing := [sku for sku in skus if sku not in known]:
        facts = {"skus": ", ".join(missing[:10])}
        raise TableRefused([_("No product has the SKU %(skus)s.") % facts])
    lines = [LoadLine(known[sku], *rest) for sku, rest in raw]
    return _once(lines, key=lambda line: line.product_id)


def loads_written() -> Iterator[list[Any]]:
    rows = ProductLoad.objects.filter(product__stockrecords__isnull=False)
    columns = rows.values_list(
        "product__stockrecords__partner_sku", "grams", "millilitres", "is_bulky"
    )
    for sku, grams, millilitres, is_bulky in columns.order_by("product_id").iterator():
        yield [sku, grams, millilitres, int(is_bulky)]


def _once(lines: list[Line], *, key: Callable[[Line], Any]) -> list[Line]:
    keys = [key(line) for line in lines]
    if len(set(keys)) < len(keys):
        raise TableRefused([_("One of them stands in it twice.")])
    return lines


def _read(text: str, head: list[str], read: Callable[[dict[str, str]], Line]) -> list[Line]:
    if "\x00" in text:
        raise TableRefused([_("This is not a table of text.")])
    first = text.partition("\n")[0]
    mark = next((one for one in "\t;," if one in first), ",")
    try:
        table = list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error as error:
        raise TableRefused([_("This table cannot be read.")]) from error
    rows = [
        (number, [cell.strip().removeprefix("'") for cell in cells])
        for number, cells in enumerate(table, 1)
        if any(cell.strip() for cell in cells)
    ]
    if not rows or rows[0][1] != head:
        raise TableRefused([_("The first row must be: %(head)s") % {"head": ",".join(head)}])
    if len(rows) < 2 or len(rows) > MOST_ROWS:
        raise TableRefused([_("It must have 1 to %(most)d rows.") % {"most": MOST_ROWS}])
    lines, errors = [], []
    for number, cells in rows[1:]:
        try:
            if len(cells) != len(head):
                raise _Wrong(_("it has %(number)d columns") % {"number": len(cells)})
            lines.append(read(dict(zip(head, cells, strict=True))))
        except _Wrong as wrong:
            errors.append(_("Row %(number)d: %(error)s") % {"number": number, "error": wrong})
    if errors:
        raise TableRefused(errors[:MOST_ERRORS])
    return lines


def _rate(cells: dict[str, str], methods: Iterable[str], groups: dict[str, int]) -> RateLine:
    if cells["method"] not in methods:
        raise _Wrong(_("no way of sending is called “%(text)s”") % {"text": cells["method"][:20]})
    if cells["group"] and cells["group"] not in groups:
        raise _Wrong(_("no group is called “%(text)s”") % {"text": cells["group"][:20]})
    countries = tuple(cells["countries"].upper().split())
    for one in countries:
        _country(one)
    weight = (_whole(cells, "weight_from_g") or 0, _whole(cells, "weight_to_g"))
    value = (_money(cells, "value_from") or Decimal(0), _money(cells, "value_to"))
    days = (_whole(cells, "days_from") or 0, _whole(cells, "days_to") or 0)
    for name, (least, most) in {"weight": weight, "value": value}.items():
        if most is not None and most <= least:
            raise _Wrong(_("%(name)s: it must end after it starts") % {"name": name})
    if days[1] < days[0] or days[1] > 90:
        raise _Wrong(_("%(name)s: it must end after it starts") % {"name": "days"})
    charge = _money(cells, "charge")
    if charge is None:
        raise _Wrong(_("“%(name)s” is empty") % {"name": "charge"})
    return RateLine(
        zone=_code(cells, "zone"),
        zone_name=cells["name"][:60],
        countries=countries,
        method=cells["method"],
        group=groups.get(cells["group"]),
        charge=charge,
        free_from=_money(cells, "free_from"),
        weight=weight,
        volume_to=_whole(cells, "volume_to_l"),
        value=value,
        days=days,
        carrier=_carrier(cells),
        service=_service(cells),
    )


def _carrier(cells: dict[str, str]) -> str:
    """One that the shop knows, or none."""
    code = cells["carrier"]
    if code and carrier_of(code) is None:
        raise _Wrong(_("no carrier is called “%(text)s”") % {"text": code[:20]})
    return code


def _service(cells: dict[str, str]) -> str:
    """One that the carrier of the row has, or none."""
    service = cells["service"]
    if service and not is_service_of(cells["carrier"], service):
        facts = {"carrier": cells["carrier"] or "–", "text": service[:20]}
        raise _Wrong(_("%(carrier)s has no service “%(text)s”") % facts)
    return service


def _point(cells: dict[str, str]) -> PointLine:
    for name, most in (("name", 60), ("street", 120), ("postcode", 12), ("city", 60)):
        if not 0 < len(cells[name]) <= most:
            raise _Wrong(_("“%(name)s” is empty or too long") % {"name": name})
    return PointLine(
        code=_code(cells, "code"),
        carrier=_carrier(cells),
        name=cells["name"],
        street=cells["street"],
        postcode=cells["postcode"],
        city=cells["city"],
        country=_country(cells["country"].upper()),
        hours=cells["hours"][:120],
        is_open=cells["open"] not in ("0", "no", ""),
    )


def _load(cells: dict[str, str]) -> tuple[str, tuple[int, int, bool]]:
    grams = _whole(cells, "grams")
    if not grams:
        raise _Wrong(_("“%(name)s” is empty") % {"name": "grams"})
    millilitres = _whole(cells, "millilitres") or 0
    return cells["sku"], (grams, millilitres, cells["bulky"] not in ("0", "no", ""))


def _country(text: str) -> str:
    if not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise _Wrong(_("“%(text)s” is no code of a country") % {"text": text[:10]})
    return text


def _code(cells: dict[str, str], name: str, *, most: int = 20) -> str:
    text = cells[name]
    is_plain = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    if is_plain and len(text) <= most:
        return text
    raise _Wrong(_("“%(text)s” is no code: letters, digits and - only") % {"text": text[:20]})


def _whole(cells: dict[str, str], name: str) -> int | None:
    text = cells[name]
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise _Wrong(_("“%(text)s” is no whole number") % {"text": text[:20]})
    return int(text)


def _money(cells: dict[str, str], name: str) -> Decimal | None:
    text = cells[name]
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise _Wrong(_("“%(text)s” is no amount") % {"text": text[:20]}) from error
    if not amount.is_finite() or not 0 <= amount < MOST or amount != round(amount, 2):
        raise _Wrong(_("“%(text)s” is no amount") % {"text": text[:20]})
    return round(amount, 2)
