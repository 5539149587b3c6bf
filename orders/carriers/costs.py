"""What parcels cost: billed by the carrier, agreed by contract, paid by the shopper. Reads only."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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
from django.db.models.functions import Cast, Coalesce, TruncDate, TruncWeek

from orders.carriers.models import Label
from orders.carriers.states import ParcelState
from shop.core.money import ZERO

MONEY = DecimalField(max_digits=12, decimal_places=2)
BY = {
    "carrier": "carrier",
    "service": "service",
    "method": "order__shipping_code",
    "country": "order__shipping_address__country",
    "week": "week",
}


@dataclass(frozen=True)
class Cost:
    """Sums in the shop's own currency; ``over``: what was billed above the contract."""

    key: str
    parcels: int
    billed: Decimal
    agreed: Decimal
    over: Decimal
    dearer: int
    paid: Decimal

    @property
    def left(self) -> Decimal:
        """What shoppers paid less what it cost; below zero the shop gave."""
        return self.paid - self.billed


def parcels_costed(*, by: str, key: str, since: dt.date, until: dt.date) -> QuerySet[Label]:
    """The labels behind one row, the dearest above its contract first."""
    rows = _labels(since, until)
    rows = rows.filter(week=_day(key)) if by == "week" else rows.filter(**{BY[by]: key})
    return rows.select_related("order").order_by(F("over").desc(nulls_last=True), "-pk")


def costs_by(*, by: str, since: dt.date, until: dt.date) -> list[Cost]:
    """Of the parcels handed over on these days, by carrier and the like. One query."""
    rows = (
        _labels(since, until)
        .order_by()
        .values(whose=F(BY[by]))
        .annotate(
            parcels=Count("pk"),
            billed=Sum("cost"),
            fixed=Sum("agreed"),
            more=Sum("over", filter=Q(over__gt=0)),
            dearer=Count("pk", filter=Q(over__gt=0)),
            paid=Sum("share"),
        )
    )
    found = [
        Cost(
            key=row["whose"].date().isoformat() if by == "week" else str(row["whose"] or ""),
            parcels=row["parcels"],
            billed=row["billed"] or ZERO,
            agreed=row["fixed"] or ZERO,
            over=row["more"] or ZERO,
            dearer=row["dearer"],
            paid=round(row["paid"] or ZERO, 2),
        )
        for row in rows
    ]
    return sorted(
        found, key=lambda one: (one.key if by == "week" else "", one.parcels), reverse=True
    )


def _labels(since: dt.date, until: dt.date) -> QuerySet[Label]:
    """``share``: of what the shopper paid for delivery, divided by the parcels of the order."""
    same = (
        Label.objects.filter(order=OuterRef("order"), is_return=False)
        .exclude(state=ParcelState.VOID)
        .order_by()
        .values("order")
        .annotate(n=Count("pk"))
        .values("n")
    )
    one = Value(Decimal(1), output_field=DecimalField(max_digits=18, decimal_places=8))
    share = F("order__shipping_incl_tax") / Coalesce("order__sums__rate", one)
    return (
        Label.objects.filter(handed_at__isnull=False, is_return=False)
        .exclude(state=ParcelState.VOID)
        .annotate(day=TruncDate("handed_at"), week=TruncWeek("handed_at"))
        .filter(day__range=(since, until))
        .annotate(
            over=F("cost") - F("agreed"),
            share=ExpressionWrapper(
                share / Cast(Subquery(same), DecimalField(max_digits=6, decimal_places=0)),
                output_field=MONEY,
            ),
        )
    )


def _day(text: str) -> Any:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), tzinfo=dt.UTC)
    except ValueError:
        return None
