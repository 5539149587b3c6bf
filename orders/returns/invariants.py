"""What `manage.py verify` checks about returns, and about returns beside stock and money."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import CharField, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from orders.fulfilment.models import ShipmentLine
from orders.models import Line
from orders.returns.models import LinkedOrder, Return, ReturnLine
from orders.returns.states import ENDED, UNCLAIMED, LinkKind, ReturnState
from orders.states import OrderState
from payments.models import PaymentIntent, Refund
from shop.core.verify import invariant
from supply.models import Reason, StockMovement

TRACKED = Q(order_line__product__product_class__track_stock=True) | Q(
    order_line__product__parent__product_class__track_stock=True
)


@invariant("returns: nothing comes back that did not leave")
def returned_within_shipped() -> Iterator[str]:
    shipped = ShipmentLine.objects.filter(
        order_line=OuterRef("pk"), shipment__shipped_at__isnull=False
    ).order_by()
    shipped = shipped.values("order_line").annotate(units=Sum("quantity"))
    lines = (
        Line.objects.filter(returned__isnull=False)
        .annotate(
            claimed=Sum(
                F("returned__quantity") - F("returned__not_received"),
                filter=~Q(returned__back__state__in=UNCLAIMED),
            ),
            sent=Coalesce(Subquery(shipped.values("units")), 0),
        )
        .filter(claimed__gt=F("sent"))
    )
    for line in lines.select_related("order"):
        yield f"{line.order.number}: {line.claimed} x {line.partner_sku} back, {line.sent} left"


@invariant("returns: what is on the shelf again is in the ledger, to the unit")
def restocked_is_booked() -> Iterator[str]:
    source = Concat(Value("return:"), Cast(OuterRef("pk"), CharField()))
    booked = StockMovement.objects.filter(source=source).order_by().values("source")
    lines = (
        ReturnLine.objects.filter(TRACKED, order_line__stockrecord__isnull=False)
        .annotate(booked=Coalesce(Subquery(booked.annotate(n=Sum("quantity")).values("n")), 0))
        .exclude(booked=F("restock"))
    )
    for line in lines.select_related("back"):
        yield f"{line.back.number}: {line.restock} restocked, ledger says {line.booked}"


@invariant("returns: what was refurbished is in the ledger, to the unit")
def refurbished_is_booked() -> Iterator[str]:
    source = Concat(Value("refurbished:"), Cast(OuterRef("pk"), CharField()), Value(":"))
    booked = StockMovement.objects.filter(
        source__startswith=source, reason=Reason.RETURNED
    ).exclude(source__endswith=":unfit")
    booked = booked.order_by().annotate(one=Value(1)).values("one").annotate(n=Sum("quantity"))
    lines = (
        ReturnLine.objects.filter(TRACKED, order_line__stockrecord__isnull=False, refurbished__gt=0)
        .annotate(booked=Coalesce(Subquery(booked.values("n")), 0))
        .exclude(booked=F("refurbished"))
    )
    for line in lines.select_related("back"):
        yield f"{line.back.number}: {line.refurbished} refurbished, ledger says {line.booked}"


@invariant("returns: what was paid for one is its refund, and never more than its parts")
def refunds_are_paid() -> Iterator[str]:
    parts = ReturnLine.objects.filter(back=OuterRef("pk")).order_by().values("back")
    first = OuterRef("refund__key")
    made = Refund.objects.filter(Q(key=first) | Q(key__startswith=Concat(first, Value("+"))))
    made = made.order_by().annotate(one=Value(1)).values("one").annotate(n=Sum("amount"))
    back = Return.objects.annotate(
        parts=Coalesce(Subquery(parts.annotate(n=Sum("amount")).values("n")), Decimal(0))
        + F("delivery"),
        paid=Coalesce(Subquery(made.values("n")), Decimal(0)),
    )
    for one in back.filter(~Q(paid=F("amount")) | Q(amount__gt=F("parts"))):
        yield f"{one.number}: {one.amount} paid, refund {one.paid}, parts {one.parts}"


@invariant("returns: what was exchanged pays for the order that replaces it, to the cent")
def exchanges_are_even() -> Iterator[str]:
    links = LinkedOrder.objects.filter(kind=LinkKind.EXCHANGE).select_related("order", "of", "back")
    for link in links.filter(back__state=ReturnState.EXCHANGED):
        given = Refund.objects.filter(
            intent__order_number=link.of.number,
            key__startswith=f"return-{link.back.number}",
            target="exchange",
        ).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
        taken = PaymentIntent.objects.filter(
            order_number=link.order.number, gateway="exchange"
        ).aggregate(sum=Sum("amount_captured"))["sum"] or Decimal(0)
        if given != taken:
            yield f"{link.order.number}: {taken} came by exchange, {link.of.number} gave {given}"
    loose = LinkedOrder.objects.filter(
        kind=LinkKind.EXCHANGE, order__status=OrderState.PENDING, back__state__in=ENDED
    )
    for number in loose.values_list("order__number", flat=True):
        yield f"{number} is kept for a return that has ended"
