"""The tax that is due at a place on a day. No query: the tables are kept nearby and small."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.utils import timezone

from catalog.models import TaxClass
from catalog.taxes.models import TaxCountry, TaxName
from shop.core.money import ZERO, net_of, rounded
from shop.core.nearby import Nearby

KEPT_SECONDS = 300


@dataclass(frozen=True)
class Taxes:
    """Rates by tax class at one place. ``is_added``: prices are shown without tax.

    ``is_known`` False: the tax depends on the state, which nobody has told yet.
    """

    country: str = ""
    region: str = ""
    name: str = TaxName.VAT
    is_added: bool = False
    is_known: bool = True
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    on_delivery: bool = True

    def rate(self, tax_class: str) -> Decimal:
        return self.rates.get(tax_class, ZERO)

    @property
    def delivery_rate(self) -> Decimal:
        return self.rate(TaxClass.STANDARD) if self.on_delivery else ZERO

    def sums(self, tag: Decimal, rate: Decimal, currency: str) -> tuple[Decimal, Decimal]:
        """What a sum of shown prices is with and without tax: rounded once, here."""
        if self.is_added:
            return tag + rounded(tag * rate, currency), tag
        return tag, net_of(tag, rate, currency)


@dataclass(frozen=True)
class _Row:
    region: str
    tax_class: str
    rate: Decimal
    on_delivery: bool
    valid_from: dt.date
    valid_until: dt.date | None

    def holds(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class _Country:
    name: str
    is_added: bool
    rows: tuple[_Row, ...]  # newest first


def taxes_at(country: str = "", region: str = "", *, day: dt.date | None = None) -> Taxes:
    """Of a country (ISO code; empty: the shop's own) and, where its tax depends on it, the state."""
    code = country or settings.STORE_COUNTRY
    known = _countries.get().get(code)
    if known is None:
        return Taxes(country=code, rates=settings.STORE_TAX_RATES)
    day = day or timezone.localdate()
    rows = [row for row in known.rows if row.holds(day)]
    by_region = any(row.region for row in rows)
    here = _newest([row for row in rows if row.region == ""])
    if region:
        here |= _newest([row for row in rows if row.region == region])
    standard = here.get(TaxClass.STANDARD)
    rates = {one: row.rate for one, row in here.items()}
    if standard is not None:
        rates.setdefault(TaxClass.REDUCED, standard.rate)
    rates.setdefault(TaxClass.NONE, ZERO)
    return Taxes(
        country=code,
        region=region if by_region else "",
        name=known.name,
        is_added=known.is_added,
        is_known=bool(region) or not by_region,
        rates=rates,
        on_delivery=standard.on_delivery if standard is not None else False,
    )


def _newest(rows: list[_Row]) -> dict[str, _Row]:
    """By tax class; ``rows`` are the newest first."""
    return {row.tax_class: row for row in reversed(rows)}


def _countries_read() -> dict[str, _Country]:
    """One query; a country without rates comes with a row of nothing."""
    found: dict[str, tuple[str, bool, list[_Row]]] = {}
    columns = ("region", "tax_class", "rate", "on_delivery", "valid_from", "valid_until")
    rows = TaxCountry.objects.order_by("code", "-rates__valid_from", "-rates__pk").values_list(
        "code", "name", "is_added", *(f"rates__{column}" for column in columns)
    )
    for code, name, is_added, *facts in rows:
        own = found.setdefault(code, (name, is_added, []))[2]
        if facts[0] is not None:
            own.append(_Row(*facts))
    return {
        code: _Country(name, is_added, tuple(own)) for code, (name, is_added, own) in found.items()
    }


_countries = Nearby("taxes.countries", _countries_read, seconds=KEPT_SECONDS, by_language=False)


def next_change(*, day: dt.date) -> dt.date | None:
    """The first day after ``day`` on which some rate begins or no longer holds."""
    days = [
        one
        for country in _countries.get().values()
        for row in country.rows
        for one in (
            row.valid_from,
            row.valid_until + dt.timedelta(days=1) if row.valid_until else None,
        )
        if one is not None and one > day
    ]
    return min(days, default=None)
