"""What the team sees of prices."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from catalog.partner.models import StockRecord
from catalog.pricing.models import PriceList, PriceListEntry, PriceRecord


def price_lists_find() -> QuerySet[PriceList]:
    """All lists with ``goods``, how many products each names."""
    return (
        PriceList.objects.select_related("group")
        .annotate(goods=Count("entries__stock_record", distinct=True))
        .order_by("-is_active", "-priority", "code")
    )


def entries_find(price_list: PriceList, *, text: str = "") -> QuerySet[PriceListEntry]:
    entries = price_list.entries.select_related(
        "price_list", "stock_record__product__parent"
    ).order_by("stock_record__partner_sku", "min_quantity")
    return entries.filter(_named("stock_record__", text)) if text else entries


def records_find(*, text: str = "") -> QuerySet[StockRecord]:
    records = (
        StockRecord.objects.filter(price__isnull=False)
        .select_related("product__parent")
        .order_by("partner_sku")
    )
    return records.filter(_named("", text)) if text else records


def _named(path: str, text: str) -> Q:
    return (
        Q(**{f"{path}partner_sku__icontains": text})
        | Q(**{f"{path}product__title__icontains": text})
        | Q(**{f"{path}product__parent__title__icontains": text})
    )


def changes_newest() -> QuerySet[PriceRecord]:
    """What changed in the shop, newest first."""
    return PriceRecord.objects.select_related("stock_record__product__parent", "user").order_by(
        "-moment", "-pk"
    )


@dataclass(frozen=True)
class EntryShown:
    """``warning``: why this price is perhaps a slip; empty when it is not."""

    entry: PriceListEntry
    own: Decimal | None
    warning: str


def entry_warnings(entries: list[PriceListEntry], words: dict[str, str]) -> list[EntryShown]:
    """``words``: for ``above`` and ``tier``. ``entries`` in the order of record and quantity."""
    shown: list[EntryShown] = []
    for entry in entries:
        record, warning = entry.stock_record, ""
        own = record.price if record.price_currency == entry.price_list.currency else None
        before = shown[-1].entry if shown else None
        if own is not None and entry.price > own:
            warning = words["above"]
        elif (
            before is not None
            and before.stock_record_id == entry.stock_record_id
            and before.price <= entry.price
        ):
            warning = words["tier"]
        shown.append(EntryShown(entry, own, warning))
    return shown
