"""What the team sees of taxes."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.utils import timezone

from catalog.delivery import country_name
from catalog.models import TaxClass
from catalog.taxes.models import TaxCountry, TaxRate
from catalog.taxes.rates import Taxes, taxes_at


@dataclass(frozen=True)
class CountryShown:
    """A country with what holds today."""

    country: TaxCountry
    name: str
    taxes: Taxes
    regions: int


def tax_countries(*, language: str) -> list[CountryShown]:
    """In the order of their names. Two queries."""
    rows = TaxCountry.objects.all()
    regions = dict(
        TaxRate.objects.exclude(region="")
        .order_by()
        .values_list("country")
        .annotate(Count("region", distinct=True))
    )
    shown = [
        CountryShown(one, country_name(one.pk, language), taxes_at(one.pk), regions.get(one.pk, 0))
        for one in rows
    ]
    return sorted(shown, key=lambda one: one.name)


@dataclass(frozen=True)
class RateShown:
    """``percent`` in words; ``is_now``: it counts today; ``is_coming``: it begins later."""

    rate: TaxRate
    percent: str
    is_now: bool
    is_coming: bool


def tax_rates(country: TaxCountry) -> list[RateShown]:
    """All of a country, the newest first within each state and class. One query."""
    today = timezone.localdate()
    found: list[RateShown] = []
    seen: set[tuple[str, str]] = set()
    rows: QuerySet[TaxRate] = country.rates.order_by("region", "tax_class", "-valid_from")
    for row in rows:
        key = (row.region, row.tax_class)
        has_come = row.valid_from <= today
        holds = has_come and (row.valid_until is None or today <= row.valid_until)
        found.append(
            RateShown(row, percent_shown(row.rate), holds and key not in seen, not has_come)
        )
        if holds:
            seen.add(key)
    return found


def percent_shown(rate: Decimal) -> str:
    """``0.0725`` → ``7.25 %``."""
    return f"{(rate * 100).normalize():f} %"


CLASSES = (TaxClass.STANDARD, TaxClass.REDUCED)
