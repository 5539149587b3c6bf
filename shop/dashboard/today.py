"""The figures of the first page, each beside the same weekdays and hours before it.

Sales are the totals, tax included, of the orders placed and not cancelled, in the shop's own
currency, at the rate of their day. A running day is compared with the same day a week earlier up to the same hour, so a
morning never looks bad beside a whole day.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import (
    Count,
    DecimalField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orders.models import Order
from orders.states import OrderState
from orders.sums.models import OrderSums
from orders.sums.selectors import TOTAL_OWN
from payments.models import Refund, RefundState
from shop.core.days import day_start
from shop.core.money import ZERO, rounded, shown

RANGES = {"today": 1, "7": 7, "28": 28}  # days
CHART_DAYS = 28
WEEK = 7


@dataclass(frozen=True)
class Span:
    """Some days up to now, and the same weekdays before them up to the same hour."""

    days: int
    now: dt.datetime

    @property
    def start(self) -> dt.datetime:
        return midnight(self.now, self.days - 1)

    @property
    def shift(self) -> dt.timedelta:
        return dt.timedelta(days=max(self.days, WEEK))

    @property
    def before(self) -> tuple[dt.datetime, dt.datetime]:
        return day_shift(self.start, self.shift), day_shift(self.now, self.shift)

    def query(self) -> str:
        first, last = timezone.localdate(self.start), timezone.localdate(self.now)
        return urlencode({"view": "sold", "since": first.isoformat(), "until": last.isoformat()})


@dataclass(frozen=True)
class Sums:
    """Sales, number of orders and money sent back in one span."""

    sales: Decimal = ZERO
    orders: int = 0
    refunded: Decimal = ZERO

    @property
    def average(self) -> Decimal:
        return self.sales / self.orders if self.orders else ZERO


def day_shift(moment: dt.datetime, by: dt.timedelta) -> dt.datetime:
    """``by`` earlier on the wall clock, so that a change to summer time moves no hour."""
    wall = timezone.localtime(moment).replace(tzinfo=None) - by
    return timezone.make_aware(wall)


def midnight(moment: dt.datetime, days_before: int) -> dt.datetime:
    return day_start(timezone.localdate(moment) - dt.timedelta(days=days_before))


def orders_sold() -> QuerySet[Order]:
    """The orders that count as sales."""
    return Order.objects.exclude(status=OrderState.CANCELLED)


def sums_compare(span: Span) -> tuple[Sums, Sums]:
    """Now and before. Two queries."""
    before_from, before_until = span.before
    now = Q(date_placed__gte=span.start, date_placed__lte=span.now)
    before = Q(date_placed__gte=before_from, date_placed__lte=before_until)
    sold = (
        orders_sold()
        .filter(now | before)
        .aggregate(
            sales=Sum(TOTAL_OWN, filter=now),
            orders=Count("pk", filter=now),
            sales_before=Sum(TOTAL_OWN, filter=before),
            orders_before=Count("pk", filter=before),
        )
    )
    now = Q(created_at__gte=span.start, created_at__lte=span.now)
    before = Q(created_at__gte=before_from, created_at__lte=before_until)
    back = (
        refunds_own()
        .filter(now | before)
        .aggregate(now=Sum("own", filter=now), before=Sum("own", filter=before))
    )
    return (
        Sums(sold["sales"] or ZERO, sold["orders"], _cents(back["now"])),
        Sums(sold["sales_before"] or ZERO, sold["orders_before"], _cents(back["before"])),
    )


def refunds_own() -> QuerySet[Refund]:
    """What was sent back, with ``own``: in the shop's own currency, at the rate of its order."""
    rate = OrderSums.objects.filter(order__number=OuterRef("intent__order_number")).values("rate")
    own = ExpressionWrapper(
        F("amount") / Coalesce(Subquery(rate[:1]), Value(Decimal(1))),
        output_field=DecimalField(max_digits=20, decimal_places=6),
    )
    return Refund.objects.exclude(state=RefundState.REFUSED).annotate(own=own)


def _cents(amount: Decimal | None) -> Decimal:
    return rounded(amount or ZERO, settings.OSCAR_DEFAULT_CURRENCY)


def sums_by_day(*, now: dt.datetime, days: int) -> list[tuple[dt.date, Sums]]:
    """One row per day up to today, days without an order included. Two queries."""
    start = midnight(now, days - 1)
    sold = {
        row["day"]: row
        for row in orders_sold()
        .filter(date_placed__gte=start)
        .order_by()
        .annotate(day=TruncDate("date_placed"))
        .values("day")
        .annotate(sales=Sum(TOTAL_OWN), orders=Count("pk"))
    }
    back = dict(
        refunds_own()
        .filter(created_at__gte=start)
        .order_by()
        .annotate(day=TruncDate("created_at"))
        .values("day")
        .annotate(total=Sum("own"))
        .values_list("day", "total")
    )
    first = timezone.localdate(start)
    rows = []
    for day in (first + dt.timedelta(days=index) for index in range(days)):
        row = sold.get(day, {"sales": ZERO, "orders": 0})
        rows.append((day, Sums(row["sales"], row["orders"], _cents(back.get(day)))))
    return rows


def figures(*, span: Span, by_day: list[tuple[dt.date, Sums]], sees_refunds: bool) -> list[dict]:
    """The tiles of the first page, ready for `components/office/kpi.html`."""
    now, before = sums_compare(span)
    trend = [sums for _day, sums in by_day[-CHART_DAYS:]]
    href = f"{reverse('dashboard:order-list')}?{span.query()}"
    against = _against(span)
    tiles = [
        _tile(_("Sales"), now.sales, before.sales, [day.sales for day in trend], href, against),
        _tile(_("Orders"), now.orders, before.orders, [day.orders for day in trend], href, against),
        _tile(
            _("Average order"),
            now.average,
            before.average,
            [day.average for day in trend],
            href,
            against,
        ),
    ]
    if sees_refunds:
        refunds = f"{reverse('dashboard:refund-list')}?view=all"
        line = [day.refunded for day in trend]
        tiles.append(
            _tile(
                _("Sent back"), now.refunded, before.refunded, line, refunds, against, is_cost=True
            )
        )
    return tiles


def bars_of(by_day: list[tuple[dt.date, Sums]]) -> list[dict]:
    """The chart's rows: each of the last days beside the day four weeks before it."""
    link = reverse("dashboard:order-list")
    rows = []
    for (_then, before), (day, now) in zip(by_day[:CHART_DAYS], by_day[CHART_DAYS:], strict=True):
        query = urlencode({"view": "sold", "since": day.isoformat(), "until": day.isoformat()})
        rows.append(
            {
                "name": date_format(day, "SHORT_DATE_FORMAT"),
                "value": now.sales,
                "before": before.sales,
                "title": _("%(day)s: %(now)s, %(orders)s; four weeks before %(before)s")
                % {
                    "day": date_format(day, "DATE_FORMAT"),
                    "now": _money(now.sales),
                    "orders": ngettext("%(number)s order", "%(number)s orders", now.orders)
                    % {"number": now.orders},
                    "before": _money(before.sales),
                },
                "href": f"{link}?{query}",
            }
        )
    return rows


def tile(name, now, before, *, span: Span, href: str, is_cost: bool = False) -> dict:
    """A figure beside what it was before, without the line of its days."""
    return _tile(name, now, before, [], href, _against(span), is_cost=is_cost)


def _tile(name, now, before, trend, href, against, *, is_cost: bool = False) -> dict:
    is_money = isinstance(now, Decimal)
    tile = {
        "name": name,
        "value": _money(now) if is_money else f"{now:,}",
        "href": href,
        "trend": trend,
        "against": against,
    }
    if now == before:
        return tile | {"against": _("as %(before)s") % {"before": against}} if now else tile
    is_down = now < before
    change = f"{abs(now - before) / before:.1%}" if is_money and before else ""
    if not change:
        change = _money(abs(now - before)) if is_money else f"{abs(now - before):,}"
    return tile | {
        "change": change,
        "way": "down" if is_down else "up",
        "is_bad": is_down != is_cost,
    }


def _against(span: Span) -> str:
    if span.days == 1:
        day = date_format(timezone.localdate(span.before[0]), "l")
        return _("against last %(weekday)s until this hour") % {"weekday": day}
    return _("against the %(days)s days before") % {"days": span.days}


def _money(amount: Decimal) -> str:
    return shown(amount, settings.OSCAR_DEFAULT_CURRENCY, get_language() or "en")
