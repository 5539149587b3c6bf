"""Changing price lists. Each call locks the list; prices and lists of goods follow in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models.functions import Coalesce

from catalog.partner.models import StockRecord
from catalog.pricing.locks import price_list_lock
from catalog.pricing.models import PriceList, PriceListEntry
from catalog.pricing.services import prices_change_by
from catalog.refresh import families_refresh
from shop.core.bulk import rows_update
from shop.core.locks import retry_on_conflict


class EntryRow(NamedTuple):
    """One price of a list: from ``quantity`` units on, one costs ``price``."""

    record_id: int
    quantity: int
    price: Decimal


@dataclass(frozen=True)
class EntriesSet:
    """How many prices were new, and how many became another."""

    added: int
    changed: int


@retry_on_conflict
@transaction.atomic
def price_list_save(*, price_list: PriceList, user_id: int | None) -> PriceList:
    """Write the list itself; what it means for prices follows at once."""
    if price_list.pk:
        price_list_lock(price_list.pk)
    price_list.save()
    records = price_list.entries.values_list("stock_record_id", flat=True)
    _follow(price_list, records, user_id=user_id)
    return price_list


@retry_on_conflict
@transaction.atomic
def entries_set(*, list_id: int, rows: Iterable[EntryRow], user_id: int | None) -> EntriesSet:
    """Add the prices, or change those that are there for that quantity. The same again changes nothing.

    Raises ``PriceList.DoesNotExist``.
    """
    price_list = price_list_lock(list_id)
    if price_list is None:
        raise PriceList.DoesNotExist
    wanted = {(row.record_id, row.quantity): row.price for row in rows}
    known = {
        (entry.stock_record_id, entry.min_quantity): entry
        for entry in price_list.entries.filter(stock_record__in={key[0] for key in wanted})
    }
    added = [
        PriceListEntry(price_list=price_list, stock_record_id=pk, min_quantity=units, price=price)
        for (pk, units), price in wanted.items()
        if (pk, units) not in known
    ]
    changed = []
    for key, entry in known.items():
        if key in wanted and entry.price != wanted[key]:
            entry.price = wanted[key]
            changed.append(entry)
    PriceListEntry.objects.bulk_create(added)
    rows_update(changed, ["price"])
    _follow(price_list, {one.stock_record_id for one in (*added, *changed)}, user_id=user_id)
    return EntriesSet(added=len(added), changed=len(changed))


@retry_on_conflict
@transaction.atomic
def entry_remove(*, list_id: int, entry_id: int, user_id: int | None) -> bool:
    """Take one price out of its list. False: it was not there any more."""
    price_list = price_list_lock(list_id)
    entry = price_list and price_list.entries.filter(pk=entry_id).first()
    if not price_list or not entry:
        return False
    entry.delete()
    _follow(price_list, [entry.stock_record_id], user_id=user_id)
    return True


def _follow(price_list: PriceList, record_ids: Iterable[int], *, user_id: int | None) -> None:
    families = (
        StockRecord.objects.filter(pk__in=list(record_ids))
        .annotate(family=Coalesce("product__parent_id", "product_id"))
        .values_list("family", flat=True)
    )
    with prices_change_by(f"list:{price_list.code}", user_id=user_id):
        families_refresh(families)
