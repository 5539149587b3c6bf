"""Which methods serve which country, and which points hand parcels out there."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping import repository as core

from catalog.pricing.lists import groups_of
from orders.rates.loads import basket_load
from orders.rates.models import PickupPoint, Surcharge
from orders.rates.selectors import points_near
from orders.rates.sheet import Load, MethodRow, RateRow, Sheet, ZoneRow, sheet_now
from orders.shipping.methods import ZoneRate

HOME_COUNTRY = "DE"
POINT = "pickup:"  # and the code of a point: how an order says where it waits
STANDARD, EXPRESS = _("Standard"), _("Express")
#: In the reader's language; the back office may name others, see `orders.rates.models.Method`.
WORDS = MappingProxyType(
    {
        "standard": (STANDARD, _("Tracked parcel to your door")),
        "express": (EXPRESS, _("First in the van, with a tracking link")),
    }
)


def method_name(code: str, *, default: str) -> str:
    """What a method is called in the reader's language; ``default`` for one that we had once."""
    if code in WORDS:
        return str(WORDS[code][0])
    known = None if code.startswith(POINT) else sheet_now().methods.get(code)
    return _in_language(known)[0] if known else default


def methods_to(country: str) -> tuple[ZoneRate, ...]:
    """The ways to a country (ISO code) for a small parcel, the usual one first."""
    sheet = sheet_now()
    zone = sheet.zone_of(country)
    rows = zone.rates_for(Load()) if zone else []
    return tuple(method_made(sheet, row, country=country) for row in rows)


class Place(NamedTuple):
    """What of an address decides how it is sent there."""

    country_id: str
    postcode: str

    @classmethod
    def of(cls, columns: Mapping[str, Any]) -> "Place":
        return cls(columns.get("country_id") or "", columns.get("postcode") or "")


class Repository(core.Repository):
    """Methods by the zone of the address; the home zone before an address is known.

    One query more where the zone asks for weights, one where it asks for groups, one for the
    pick-up points near the postcode. ``code``: of the way that is wanted; points come only if it is one.
    ``has_points=False``: points come only where nothing else serves it.
    """

    def get_available_shipping_methods(self, basket, shipping_addr=None, **kwargs):
        country = getattr(shipping_addr, "country_id", None) or HOME_COUNTRY
        postcode = (getattr(shipping_addr, "postcode", None) or "").upper().replace(" ", "")
        sheet = sheet_now()
        zone, code = sheet.zone_of(country), kwargs.get("code")
        if zone is None:
            return []
        load = _load(basket, zone, sheet, kwargs.get("user"))
        rows, methods, to_points = zone.rates_for(load), [], []
        if code and not code.startswith(POINT):
            rows = [row for row in rows if row.method == code]
        for row in rows:
            method = method_made(sheet, row, country=country, postcode=postcode, load=load)
            known = sheet.methods.get(row.method)
            if known is None or not known.to_point:
                methods.append(method)
            elif postcode and (not code or code.startswith(POINT)):
                to_points.append((len(methods), method))
        if methods and not kwargs.get("has_points", True):
            return methods
        for place, method in reversed(to_points):
            near = points_near(country=country, postcode=postcode, carrier=method.carrier)
            methods[place:place] = [_at_point(method, point) for point in near]
        return methods


def is_by_value(country: str) -> bool:
    """Whether what serves that country depends on what the basket costs."""
    zone = sheet_now().zone_of(country)
    return zone is not None and _asks_value(zone)


def _asks_value(zone: ZoneRow) -> bool:
    return any(row.value != (Decimal(0), None) for row in zone.rates)


def _load(basket: Any, zone: ZoneRow, sheet: Sheet, user: Any) -> Load:
    if basket is None:
        return Load()
    asks = zone.asks_weight or any(one.kind == Surcharge.Kind.BULKY for one in sheet.surcharges)
    grams, litres, is_bulky = basket_load(basket) if asks else (0, 0, False)
    asks_value = _asks_value(zone)
    value = basket.strategy.exchange.back(basket.shown_total) if asks_value else Decimal(0)
    pk = getattr(user, "pk", None) if zone.asks_group else None
    return Load(grams, litres, value, is_bulky, groups_of(pk))


def method_made(
    sheet: Sheet, row: RateRow, *, country: str, postcode: str = "", load: Load | None = None
) -> ZoneRate:
    """A row of the table as a way of sending, with the surcharges that hit it."""
    is_bulky = load is not None and load.is_bulky
    hit = [
        one
        for one in sheet.surcharges
        if (postcode or not one.postcodes)
        and one.hits(country=country, postcode=postcode, is_bulky=is_bulky)
    ]
    more = sum(one.days_more for one in hit)
    name, note = _words(sheet, row.method)
    return ZoneRate(
        code=row.method,
        name=name,
        description=_noted(note, hit),
        charge=row.charge,
        days=(row.days[0] + more, row.days[1] + more),
        free_from=row.free_from,
        surcharge=sum((one.charge for one in hit), Decimal(0)),
        carrier=row.carrier,
        service=row.service,
        country=country,
        warehouse=sheet.sender(country),
    )


def _at_point(method: ZoneRate, point: PickupPoint) -> ZoneRate:
    place = f"{point.name}, {point.street}, {point.postcode} {point.city}"
    facts = {**vars(method), "code": f"{POINT}{point.code}", "name": f"{method.name}: {point.name}"}
    facts["description"] = " · ".join(filter(None, [place, point.hours]))
    return ZoneRate(**facts)


def _words(sheet: Sheet, code: str) -> tuple[Any, Any]:
    if code in WORDS:
        return WORDS[code]
    known = sheet.methods.get(code)
    return _in_language(known) if known else (code, "")


def _in_language(method: MethodRow) -> tuple[str, str]:
    if (get_language() or "").startswith("zh"):
        return method.name_zh, method.note_zh
    return method.name_en, method.note_en


def _noted(note: Any, hit: Iterable[Any]) -> Any:
    """The words of a method, and why it costs more or takes longer."""
    kinds = list(dict.fromkeys(str(Surcharge.Kind(one.kind).label) for one in hit))
    return " · ".join([str(note), *kinds]) if kinds else note
