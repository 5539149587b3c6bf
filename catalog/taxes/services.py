"""Writing tax tables."""

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from catalog.taxes.models import TaxCountry, TaxName, TaxRate
from shop.core.nearby import nearby_forget
from shop.core.pagecache import SITE, drop

SHIPPED = Path(__file__).parent / "data" / "rates.toml"


@transaction.atomic
def tax_rate_set(
    *,
    country: str,
    region: str,
    tax_class: str,
    rate: Decimal,
    on_delivery: bool,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
) -> TaxRate:
    """A rate that holds from a day on. One that begins that day becomes this one."""
    row, _is_new = TaxRate.objects.update_or_create(
        country_id=country,
        region=region,
        tax_class=tax_class,
        valid_from=valid_from,
        defaults={"rate": rate, "on_delivery": on_delivery, "valid_until": valid_until},
    )
    return row


def tax_rate_remove(*, country: str, rate_id: int) -> bool:
    """False: it was gone already. Orders keep what they were charged."""
    row = TaxRate.objects.filter(country=country, pk=rate_id).first()
    if row is not None:
        row.delete()
    return row is not None


@transaction.atomic
def taxes_load() -> int:
    """The rates that came with the shop, for countries that have none yet. How many are new."""
    with SHIPPED.open("rb") as file:
        shipped = tomllib.load(file, parse_float=Decimal)
    known = set(TaxCountry.objects.values_list("code", flat=True))
    rows = []
    for code, facts in shipped["countries"].items():
        if code in known:
            continue
        TaxCountry.objects.create(
            code=code,
            name=facts.get("name", TaxName.VAT),
            is_added=facts.get("added", False),
        )
        rows += [_row(code, one) for one in facts["rates"]]
        rows += [
            _row(code, {"region": region, "standard": share, "delivery": is_taxed, **since})
            for since in [{"from": facts.get("from", dt.date(2025, 1, 1))}]
            for region, (share, is_taxed) in facts.get("regions", {}).items()
        ]
    flat = [row for pair in rows for row in pair]
    TaxRate.objects.bulk_create(flat)
    taxes_follow()
    return len(flat)


def _row(code: str, one: dict) -> list[TaxRate]:
    """A line of the file: its classes, in percent, from a day on."""
    return [
        TaxRate(
            country_id=code,
            region=one.get("region", ""),
            tax_class=tax_class,
            rate=Decimal(one[tax_class]) / 100,
            on_delivery=one.get("delivery", True),
            valid_from=one["from"],
            valid_until=one.get("until"),
        )
        for tax_class in ("standard", "reduced")
        if tax_class in one
    ]


def taxes_follow() -> None:
    """Rates are read anew and no page of before is shown, once this is committed."""
    transaction.on_commit(nearby_forget)
    drop(SITE)
