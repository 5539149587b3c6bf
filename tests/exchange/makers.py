"""Rates for tests of several currencies."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from catalog.exchange.models import Currency, ExchangeRate
from shop.core.nearby import nearby_forget

ENDINGS = {"USD": "99", "GBP": "95", "CNY": "whole", "JPY": "tens"}


def rates_are(*, day: dt.date | None = None, endings: bool = False, **rates: str) -> None:
    """``rates_are(USD="1.1")``: one euro is 1.10 dollars from ``day`` (today) on."""
    for code, rate in rates.items():
        ending = ENDINGS.get(code, "exact") if endings else "exact"
        Currency.objects.get_or_create(code=code, defaults={"ending": ending})
        ExchangeRate.objects.create(
            currency_id=code, day=day or timezone.localdate(), rate=Decimal(rate), source="test"
        )
    nearby_forget()
