"""Reading stock for the back office."""

import datetime as dt
from collections.abc import Callable

from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from catalog.partner.models import StockRecord
from shop.core.days import day_end, day_start
from supply.models import StockMovement
from supply.selectors import stock_movements

LOW = 5  # free units at which a record without a threshold of its own counts as low

VIEWS: dict[str, Callable[[QuerySet[StockRecord]], QuerySet[StockRecord]]] = {
    "all": lambda rows: rows,
    "low": lambda rows: rows.filter(free__gt=0, free__lte=Coalesce(F("low_stock_threshold"), LOW)),
    "out": lambda rows: rows.filter(free__lte=0, product__is_public=True),
}


def stock_records() -> QuerySet[StockRecord]:
    """Records whose units are counted, with ``free``: what can be sold now."""
    tracked = Q(product__product_class__track_stock=True) | Q(
        product__parent__product_class__track_stock=True
    )
    nothing = Value(0, output_field=IntegerField())
    return (
        StockRecord.objects.filter(tracked)
        .annotate(free=Coalesce(F("num_in_stock"), nothing) - Coalesce(F("num_allocated"), nothing))
        .select_related("product__parent", "partner")
    )


def stock_find(*, view: str = "all", text: str = "") -> QuerySet[StockRecord]:
    """Records of a view, the scarcest first; every word is looked for in SKU and titles."""
    rows = VIEWS[view](stock_records())
    for word in text.split()[:6]:
        rows = rows.filter(
            Q(partner_sku__icontains=word)
            | Q(product__upc__icontains=word)
            | Q(product__title_en__icontains=word)
            | Q(product__title_zh_hans__icontains=word)
            | Q(product__parent__title_en__icontains=word)
            | Q(product__parent__title_zh_hans__icontains=word)
        )
    return rows.order_by("free", "pk")


def ledger_find(
    *,
    record_id: int | None = None,
    text: str = "",
    reason: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> QuerySet[StockMovement]:
    """Entries of the ledger, newest first, between two local days (both included)."""
    rows = stock_movements()
    if record_id:
        rows = rows.filter(stock_record=record_id)
    if text:
        rows = rows.filter(Q(stock_record__partner_sku__icontains=text) | Q(source__iexact=text))
    if reason:
        rows = rows.filter(reason=reason)
    if since:
        rows = rows.filter(moved_at__gte=day_start(since))
    if until:
        rows = rows.filter(moved_at__lt=day_end(until))
    return rows
