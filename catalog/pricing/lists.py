"""Which price of which list is a shopper's. Used by the resolver and by the basket."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import get_language

from catalog.exchange.rates import Exchange, currency_prices
from catalog.partner.models import StockRecord
from catalog.pricing.models import PriceList, PriceListEntry
from shop.core.money import rounded
from shop.core.pagecache import until
from shop.core.prepared import INTEGERS, MOMENT, Prepared


@dataclass(frozen=True)
class ListPrice:
    """One entry with the facts of its list; ``name`` in the reader's language."""

    entry_id: int
    list_id: int
    code: str
    name: str
    currency: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    priority: int
    group_id: int | None
    members_only: bool
    is_active: bool
    quantity: int
    price: Decimal

    @property
    def is_for_everybody(self) -> bool:
        return not self.members_only and self.group_id is None

    def is_running(self, moment: dt.datetime) -> bool:
        has_begun = self.starts_at is None or self.starts_at <= moment
        return self.is_active and has_begun and (self.ends_at is None or moment < self.ends_at)

    def is_for(self, user_id: int | None, groups: Iterable[int]) -> bool:
        if self.members_only and user_id is None:
            return False
        return self.group_id is None or self.group_id in groups


COLUMNS = (
    "stock_record_id",
    "pk",
    "price_list_id",
    "price_list__code",
    "price_list__name",
    "price_list__name_en",
    "price_list__name_zh_hans",
    "price_list__currency",
    "price_list__starts_at",
    "price_list__ends_at",
    "price_list__priority",
    "price_list__group_id",
    "price_list__members_only",
    "price_list__is_active",
    "min_quantity",
    "price",
)


def list_prices_read(record_ids: Iterable[int]) -> dict[int, list[ListPrice]]:
    """By stock record: its entries of lists in use that have not ended. One query."""
    rows = _entries.read(ids=list(set(record_ids)), now=timezone.now())
    found: dict[int, list[ListPrice]] = defaultdict(list)
    for record_id, pk, list_id, code, name, name_en, name_zh, *rest in rows:
        in_language = name_zh if (get_language() or "").startswith("zh") else name_en
        found[record_id].append(ListPrice(pk, list_id, code, in_language or name, *rest))
    until(
        *(
            moment
            for prices in found.values()
            for price in prices
            for moment in (price.starts_at, price.ends_at)
        )
    )
    return found


_entries: Prepared[tuple[Any, ...]] = Prepared(
    lambda ids, now: (
        PriceListEntry.objects.filter(stock_record__in=ids, price_list__is_active=True)
        .exclude(price_list__ends_at__lte=now)
        .order_by("stock_record_id", "min_quantity", "pk")
        .values_list(*COLUMNS)
    ),
    ids=INTEGERS,
    now=MOMENT,
)


def has_list_prices(record: str) -> Exists:
    """Whether the stock record that the column names is in any list in use. Put into a query as
    ``has_list_prices``, and from its rows on the records, it saves `list_prices_attach` its own."""
    rows = PriceListEntry.objects.filter(stock_record=OuterRef(record), price_list__is_active=True)
    return Exists(rows.order_by())


def groups_of(user_id: int | None) -> frozenset[int]:
    """The groups that the shopper belongs to. No query for a stranger."""
    if user_id is None:
        return frozenset()
    through = get_user_model().groups.through.objects
    return frozenset(through.filter(user_id=user_id).values_list("group_id", flat=True))


def groups_with_prices(user_id: int) -> list[int]:
    """Those of the member's groups that a price list in use is for. One query."""
    lists = PriceList.objects.filter(is_active=True, group__user=user_id)
    return sorted(set(lists.values_list("group_id", flat=True)))


def list_prices_for(
    prices: Sequence[ListPrice],
    *,
    user_id: int | None,
    groups: Iterable[int],
    currency: str,
    moment: dt.datetime,
) -> list[ListPrice]:
    """Those that the shopper may use at ``moment``."""
    return [
        price
        for price in prices
        if price.currency == currency and price.is_running(moment) and price.is_for(user_id, groups)
    ]


def list_prices_in(prices: Sequence[ListPrice], exchange: Exchange) -> list[ListPrice]:
    """Entries of lists in the shop's own currency at the rate; those of other lists as they are."""
    if exchange.is_own:
        return list(prices)
    return [
        replace(price, currency=exchange.currency, price=exchange.price(price.price))
        if price.currency == exchange.base
        else price
        for price in prices
    ]


def list_price_chosen(usable: Sequence[ListPrice], *, quantity: int) -> ListPrice | None:
    """The one that decides for a line of ``quantity`` units; None: the record's own price stands."""
    reached = [price for price in usable if price.quantity <= quantity]
    if not reached:
        return None
    best: dict[int, ListPrice] = {}
    for price in reached:  # of one list, its highest tier that is reached
        held = best.get(price.list_id)
        if held is None or price.quantity > held.quantity:
            best[price.list_id] = price
    return min(best.values(), key=lambda price: (-price.priority, price.price, price.entry_id))


def unit_price(
    usable: Sequence[ListPrice], *, own: Decimal, quantity: int, currency: str
) -> Decimal:
    """What one of ``quantity`` units costs before offers, rounded to the currency."""
    chosen = list_price_chosen(usable, quantity=quantity)
    return rounded(chosen.price if chosen else own, currency)


def own_price(record: StockRecord, exchange: Exchange, *, known: Mapping[int, Decimal]) -> Decimal:
    """The record's own price in the currency: the one that was set in it, else at the rate.

    ``known``: by record, what `currency_prices` said of this currency.
    """
    if record.price_currency == exchange.currency:
        return record.price
    return known[record.pk] if record.pk in known else exchange.price(record.price)


def list_prices_attach(records: Iterable[StockRecord], *, exchange: Exchange) -> None:
    """Give each record its entries as ``list_prices``, for the basket's strategy. One query.

    And the prices that were set in the currency as ``set_prices``, one more query where it is not
    the shop's own.
    """
    records = [record for record in records if record is not None]
    if not records:
        return
    asked = [record.pk for record in records if getattr(record, "has_list_prices", True)]
    found = list_prices_read(asked) if asked else {}
    known = currency_prices([record.pk for record in records], exchange=exchange)
    for record in records:
        record.list_prices = found.get(record.pk, [])
        record.set_prices = known
        record.attached_for = exchange.currency


def list_prices_together(records: Iterable[StockRecord | None]) -> None:
    """Whoever needs the list prices of one of these gets those of all with one query; see `ShopStrategy`."""
    together = [record for record in records if record is not None]
    for record in together:
        record.priced_with = together


def next_tier(
    usable: Sequence[ListPrice], *, own: Decimal, quantity: int, currency: str
) -> tuple[int, Decimal] | None:
    """The next quantity at which one costs less than now, and what; None where there is none."""
    held = unit_price(usable, own=own, quantity=quantity, currency=currency)
    for wanted in sorted({price.quantity for price in usable if price.quantity > quantity}):
        price = unit_price(usable, own=own, quantity=wanted, currency=currency)
        if price < held:
            return wanted, price
    return None
