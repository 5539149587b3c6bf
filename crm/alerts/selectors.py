"""Reading alerts."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from catalog.models import Product
from catalog.partner.models import StockRecord
from crm.accounts.models import User
from crm.alerts.models import LIVE, AlertState, StockAlert

TOLD_DAYS = 30


def units_free(product_ids: Iterable[int]) -> dict[int, int | None]:
    """By product, of those that are shown and can be bought: free units, None when uncounted."""
    records = (
        StockRecord.objects.filter(product__in=set(product_ids), product__is_public=True)
        .exclude(product__parent__is_public=False)
        .exclude(price=None)
        .order_by("product_id", "pk")
        .distinct("product_id")
        .values_list("product_id", "num_in_stock", "num_allocated")
    )
    free = {
        product_id: None if on_hand is None else on_hand - (allocated or 0)
        for product_id, on_hand, allocated in records
    }
    return {pk: units for pk, units in free.items() if units is None or units > 0}


def products_waited_for() -> list[int]:
    """Products that somebody waits for."""
    rows = StockAlert.objects.filter(state=AlertState.OPEN).order_by().values_list("product_id")
    return [pk for (pk,) in rows.distinct()]


def is_waiting(*, product: Product, user: User) -> bool:
    return StockAlert.objects.filter(
        product=product, email=user.email.casefold(), state=AlertState.OPEN
    ).exists()


def alerts_of(user: User) -> QuerySet[StockAlert]:
    """What this member waits for, newest first."""
    return (
        StockAlert.objects.filter(email=user.email.casefold(), state__in=LIVE)
        .select_related("product__parent")
        .order_by("-asked_at", "-pk")
    )


def alert_shown(alert_id: int | None) -> StockAlert | None:
    return StockAlert.objects.filter(pk=alert_id).select_related("product__parent").first()


def products_wanted(*, text: str = "") -> QuerySet[Product]:
    """Products with a queue: ``waiting``, ``told`` (30 days), ``since``; the longest queue first."""
    told_since = timezone.now() - dt.timedelta(days=TOLD_DAYS)
    waiting = Q(stock_alerts__state=AlertState.OPEN)
    told = Q(stock_alerts__state=AlertState.SENT, stock_alerts__ended_at__gte=told_since)
    products = Product.objects.filter(
        pk__in=StockAlert.objects.filter(
            Q(state=AlertState.OPEN) | Q(state=AlertState.SENT, ended_at__gte=told_since)
        ).values("product_id")
    )
    for word in text.split()[:6]:
        products = products.filter(
            Q(upc__icontains=word)
            | Q(title_en__icontains=word)
            | Q(title_zh_hans__icontains=word)
            | Q(parent__title_en__icontains=word)
            | Q(parent__title_zh_hans__icontains=word)
        )
    counted = (
        products.order_by()
        .values("pk")
        .annotate(
            waiting=Count("stock_alerts", filter=waiting),
            told=Count("stock_alerts", filter=told),
            since=Min("stock_alerts__confirmed_at", filter=waiting),
            last=Max("stock_alerts__ended_at", filter=told),
        )
    )
    return counted.order_by("-waiting", "-told", "pk")
