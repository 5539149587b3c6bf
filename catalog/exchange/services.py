"""Writing rates, endings and prices in other currencies."""

from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from catalog.exchange.models import Currency, CurrencyPrice, ExchangeRate, MemberCurrency
from catalog.exchange.rows import RateRow
from catalog.partner.models import StockRecord
from catalog.refresh import families_touched
from shop.core.events import RatesChanged
from shop.core.nearby import nearby_forget
from shop.core.outbox import emit
from shop.core.pagecache import SITE, drop


@transaction.atomic
def rates_add(*, rows: Iterable[RateRow], source: str, user_id: int | None = None) -> int:
    """Write the rates of days that have none yet. Returns how many are new.

    A currency that is new gets a row of its own, not yet offered. A day that has its rate keeps it.
    """
    rows = list(rows)
    today = timezone.localdate()
    if any(row.day > today for row in rows):
        raise ValueError("a rate is known on its day")
    for code in {row.currency for row in rows} - {settings.OSCAR_DEFAULT_CURRENCY}:
        Currency.objects.get_or_create(code=code, defaults={"is_offered": False})
    before = ExchangeRate.objects.count()
    ExchangeRate.objects.bulk_create(
        [
            ExchangeRate(
                currency_id=row.currency, day=row.day, rate=row.rate, source=source, user_id=user_id
            )
            for row in rows
            if row.currency != settings.OSCAR_DEFAULT_CURRENCY
        ],
        ignore_conflicts=True,
    )
    added = ExchangeRate.objects.count() - before
    if added:
        rates_follow()
    return added


def everything_follows() -> None:
    """Rates are read anew and no page of before is shown, once this is committed."""
    transaction.on_commit(nearby_forget)
    drop(SITE)


def rates_follow() -> None:
    """Pages go at once; the lists' prices in other currencies follow beside the request."""
    everything_follows()
    emit(RatesChanged())


@transaction.atomic
def currency_save(*, currency: Currency) -> Currency:
    """Another ending, or offered or not."""
    currency.save()
    rates_follow()
    return currency


@transaction.atomic
def currency_price_set(*, record: StockRecord, currency: str, price: Decimal) -> CurrencyPrice:
    """The product costs ``price`` in ``currency``, whatever the rate."""
    row, _is_new = CurrencyPrice.objects.update_or_create(
        stock_record=record, currency_id=currency, defaults={"price": price}
    )
    families_touched([record.product.parent_id or record.product_id])
    return row


@transaction.atomic
def currency_price_remove(*, price_id: int) -> bool:
    """The rate decides again. False: it was gone already."""
    row = CurrencyPrice.objects.select_related("stock_record__product").filter(pk=price_id).first()
    if row is None:
        return False
    product = row.stock_record.product
    row.delete()
    families_touched([product.parent_id or product.pk])
    return True


def currency_remember(*, user_id: int, currency: str) -> None:
    """What the member chose, for other devices."""
    MemberCurrency.objects.update_or_create(user_id=user_id, defaults={"currency": currency})
