"""What `manage.py verify` checks about orders, and about orders beside stock and money."""

from collections.abc import Iterator
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from catalog.partner.models import StockRecord
from orders.additions.models import AdditionLine
from orders.basket.models import Basket
from orders.models import Line, LinePrice, Order, OrderDiscount, Surcharge
from orders.states import AFTER_SHIPPING, SOLD, OrderState
from payments.gateways import gateways_all
from payments.models import IntentState, PaymentIntent
from payments.selectors import standing_of
from shop.core.events import PaymentCaptured
from shop.core.models import OutboxDelivery
from shop.core.verify import invariant

NOTHING = Decimal(0)
TOO_MUCH = Decimal(10_000_000_000)  # NaN is above every number in PostgreSQL
AFTER_PAYMENT = SOLD
TRACKED = Q(product__product_class__track_stock=True) | Q(
    product__parent__product_class__track_stock=True
)


def _total(rows, column: str):
    """Sum of ``column`` over the rows of each order, as a subquery."""
    sums = rows.filter(order=OuterRef("pk")).order_by().values("order").annotate(total=Sum(column))
    return Coalesce(Subquery(sums.values("total")), NOTHING)


@invariant("stock: allocated is what open orders have not shipped yet")
def allocated_is_open_lines() -> Iterator[str]:
    open_units = (
        Line.objects.filter(stockrecord=OuterRef("pk"))
        .order_by()
        .values("stockrecord")
        .annotate(units=Sum("num_allocated"))
    )
    added = (
        AdditionLine.objects.filter(stockrecord=OuterRef("pk"), held__gt=0)
        .order_by()
        .values("stockrecord")
        .annotate(units=Sum("held"))
    )
    tracked = StockRecord.objects.filter(TRACKED).annotate(
        open_units=Coalesce(Subquery(open_units.values("units")), 0)
        + Coalesce(Subquery(added.values("units")), 0),
        allocated=Coalesce("num_allocated", 0),
    )
    for record in tracked.exclude(open_units=F("allocated")):
        yield f"{record.partner_sku}: {record.allocated} allocated, open lines {record.open_units}"


@invariant("orders: ended or shipped orders hold no stock")
def ended_orders_hold_nothing() -> Iterator[str]:
    ended = (OrderState.CANCELLED, *AFTER_SHIPPING)
    for line in Line.objects.filter(order__status__in=ended, num_allocated__gt=0).select_related(
        "order"
    ):
        yield f"{line.order.number}: {line.num_allocated} x {line.partner_sku} still allocated"


@invariant("orders: total is lines + shipping + surcharges, to the cent")
def totals_add_up() -> Iterator[str]:
    for tax in ("incl_tax", "excl_tax"):
        orders = Order.objects.annotate(
            parts=_total(Line.objects, f"line_price_{tax}")
            + _total(Surcharge.objects, tax)
            + F(f"shipping_{tax}")
        ).exclude(parts=F(f"total_{tax}"))
        for order in orders:
            yield f"{order.number}: total {tax} {getattr(order, f'total_{tax}')}, parts {order.parts}"


@invariant("orders: unit prices add up to their line, to the cent")
def line_parts_add_up() -> Iterator[str]:
    for tax in ("incl_tax", "excl_tax"):
        parts = (
            LinePrice.objects.filter(line=OuterRef("pk"))
            .order_by()
            .values("line")
            .annotate(total=Sum(F(f"price_{tax}") * F("quantity")))
        )
        lines = Line.objects.annotate(
            parts=Coalesce(Subquery(parts.values("total")), NOTHING)
        ).exclude(parts=F(f"line_price_{tax}"))
        for line in lines.select_related("order"):
            price = getattr(line, f"line_price_{tax}")
            yield f"{line.order.number}: line {tax} {price}, parts {line.parts}"


@invariant("orders: every amount is a number, none is below zero")
def amounts_are_numbers() -> Iterator[str]:
    def off(*columns: str) -> Q:
        return reduce(or_, (~Q(**{f"{name}__range": (0, TOO_MUCH)}) for name in columns))

    totals = ("total_incl_tax", "total_excl_tax", "shipping_incl_tax", "shipping_excl_tax")
    for order in Order.objects.filter(off(*totals)):
        yield f"{order.number}: total {order.total_incl_tax}, shipping {order.shipping_incl_tax}"
    prices = ("line_price_incl_tax", "line_price_excl_tax")
    for line in Line.objects.filter(off(*prices)).select_related("order"):
        yield f"{line.order.number}: line {line.line_price_incl_tax}"
    for discount in OrderDiscount.objects.filter(off("amount")).select_related("order"):
        yield f"{discount.order.number}: discount {discount.amount}"


@invariant("orders: discounts are what the lines lost")
def discounts_add_up() -> Iterator[str]:
    on_lines = OrderDiscount.objects.filter(category=OrderDiscount.BASKET)
    orders = Order.objects.annotate(
        given=_total(on_lines, "amount"),
        lost=Case(
            When(
                sums__is_tax_added=True,  # prices and discounts were shown without tax
                then=_total(Line.objects, "line_price_before_discounts_excl_tax")
                - _total(Line.objects, "line_price_excl_tax"),
            ),
            default=_total(Line.objects, "line_price_before_discounts_incl_tax")
            - _total(Line.objects, "line_price_incl_tax"),
        ),
    ).exclude(given=F("lost"))
    for order in orders:
        yield f"{order.number}: discounts {order.given}, lines lost {order.lost}"


@invariant("orders: no open basket has an order, no order is without lines")
def nothing_half_written() -> Iterator[str]:
    for basket in Basket.objects.filter(order__isnull=False).exclude(status=Basket.SUBMITTED):
        yield f"basket {basket.pk} is {basket.status} and has an order"
    for basket in Basket.objects.filter(status=Basket.SUBMITTED, order__isnull=True):
        yield f"basket {basket.pk} is submitted and has no order"
    wished = PaymentIntent.objects.filter(order_number=OuterRef("number"))
    unpaid = Order.objects.filter(status=OrderState.PENDING, total_incl_tax__gt=0)
    for order in unpaid.exclude(Exists(wished)):
        yield f"{order.number} waits for money that nobody asks for"
    for intent in PaymentIntent.objects.exclude(
        Exists(Order.objects.filter(number=OuterRef("order_number")))
    ):
        yield f"payment {intent.pk} is for {intent.order_number}, which does not exist"
    for order in Order.objects.filter(lines__isnull=True):
        yield f"{order.number} has no lines"
    for order in Order.objects.filter(facts__isnull=True):
        yield f"{order.number} has no facts"


@invariant("money: every captured payment has one paid order, or is refunded")
def captured_has_order() -> Iterator[str]:
    """An order that waits for the rest of its money keeps what came; no order keeps too much."""
    kept = PaymentIntent.objects.filter(amount_captured__gt=F("amount_refunded"))
    order = Order.objects.filter(number=OuterRef("order_number"))
    waiting = kept.annotate(
        status=Coalesce(Subquery(order.values("status")), Value("")),
        total=Subquery(order.values("total_incl_tax")),
    ).exclude(status__in=AFTER_PAYMENT)
    on_its_way = OutboxDelivery.objects.filter(
        delivered_at__isnull=True, parked_at__isnull=True, event__name=PaymentCaptured.name
    ).values_list("event__payload__intent_id", flat=True)
    for intent in waiting.exclude(pk__in=list(on_its_way)):
        if intent.status == OrderState.PENDING and _waits_for_more(intent):
            continue
        yield f"{intent.order_number}: {intent.amount_captured} kept, order is {intent.status or 'missing'}"
    twice = (
        kept.exclude(pk__in=list(on_its_way))
        .values("order_number")
        .annotate(
            kept=Sum(F("amount_captured") - F("amount_refunded")),
            total=Subquery(order.values("total_incl_tax")),
        )
        .filter(kept__gt=F("total"))
    )
    for row in twice:
        yield f"{row['order_number']}: {row['kept']} kept for {row['total']}"


def _waits_for_more(intent: PaymentIntent) -> bool:
    money = standing_of(intent.order_number)
    return money.covered < intent.total <= money.possible


@invariant("orders: what is paid, packed or delivered has its money")
def paid_has_money() -> Iterator[str]:
    """Captured, or authorised where it is taken as the goods leave; or at the door.

    An order of which a part was taken before the authorisation ended waits here for the rest
    (`orders.services.unpaid`): its goods do not leave.
    """
    paid_at_the_door = [one.code for one in gateways_all() if one.ships_before_capture]
    mine = PaymentIntent.objects.filter(order_number=OuterRef("number")).order_by()
    mine = mine.values("order_number")
    promised = Q(is_taken_at_shipment=True, state=IntentState.AUTHORISED)
    at_door = Q(gateway__in=paid_at_the_door, state=IntentState.AUTHORISED)
    sums = mine.annotate(
        total=Sum(
            Case(
                When(promised, then=F("amount_authorised")),
                When(at_door, then=F("amount")),
                default=F("amount_captured"),
            )
        )
    )
    orders = (
        Order.objects.filter(status__in=AFTER_PAYMENT)
        .annotate(captured=Coalesce(Subquery(sums.values("total")), NOTHING))
        .filter(captured__lt=F("total_incl_tax"))
    )
    ended = PaymentIntent.objects.filter(
        order_number=OuterRef("number"), is_taken_at_shipment=True, state=IntentState.CAPTURED
    )
    waits = Q(Exists(ended), status__in=(OrderState.PAID, OrderState.PACKED))
    for order in orders.exclude(waits):
        yield f"{order.number} is {order.status}, {order.captured} of {order.total_incl_tax} captured"
