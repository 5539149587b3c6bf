"""Reading papers, and the sales that want one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from orders.fulfilment.models import Shipment
from orders.models import (  # type: ignore[attr-defined]
    Line,
    Order,
    OrderDiscount,
    OrderStatusChange,
    Surcharge,
)
from orders.papers.models import Document, DocumentKind
from orders.states import SOLD, OrderState
from orders.whole import lines_sold, order_shared, orders_sold
from payments.gateways import gateways_all
from payments.models import EntryKind, PaymentEntry, PaymentIntent, Refund, RefundState
from shop.core.events import Event, OrderPaid, OrderShipped, PaymentRefunded
from shop.core.models import OutboxDelivery
from shop.core.money import ZERO
from shop.core.prepared import INTEGER, INTEGERS, TEXTS, Prepared, related_known

Row = TypeVar("Row")
OWN_HANDLERS = "orders.papers.handlers."


@dataclass
class Sale:
    """An order with all that its papers are made of. ``refunds``: those that were made, in order."""

    order: Order
    captured: Decimal = ZERO
    paid_at: datetime | None = None
    refunds: list[Refund] = field(default_factory=list)
    papers: list[Document] = field(default_factory=list)
    paid_by: dict[str, Decimal] = field(default_factory=dict)  # amount by code of the gateway

    @property
    def invoice(self) -> Document | None:
        return next(iter(self.invoices), None)

    @property
    def invoices(self) -> list[Document]:
        """That of the order, then those for what was added to it since."""
        return [one for one in self.papers if one.kind == DocumentKind.INVOICE]

    @property
    def invoiced(self) -> Decimal:
        return sum((one.total_incl_tax for one in self.invoices), ZERO)

    def invoice_for(self, refund: Refund) -> Document | None:
        """Which one a refund corrects: that of the part that its money was for, as far as it reaches."""
        parts = {one.part: one for one in self.invoices}
        mine = parts.get(refund.intent.part) or self.invoice
        rest = [one for one in self.invoices if one is not mine]
        reach = [mine, *rest] if mine else rest
        return next((one for one in reach if self.left_of(one) > 0), mine)

    def left_of(self, invoice: Document) -> Decimal:
        """What of it was not given back yet."""
        gone = (one.total_incl_tax for one in self.credited if one.corrects_id == invoice.pk)
        return invoice.total_incl_tax - sum(gone, ZERO)

    @property
    def credited(self) -> list[Document]:
        return [one for one in self.papers if one.kind == DocumentKind.CREDIT_NOTE]

    @property
    def to_credit(self) -> Decimal:
        """What of the money sent back has no credit note yet.

        Money that came twice and went back was never part of an invoice.
        """
        if self.invoice is None:
            return ZERO
        cut = sum((one.total_incl_tax for one in self.credited if not one.refund_id), ZERO)
        asked = self.invoiced - cut  # what was taken out before its money came is no refund
        surplus = max(self.captured - asked, ZERO)
        sent_back = sum((one.amount for one in self.refunds), ZERO)
        done = sum((one.total_incl_tax for one in self.credited if one.refund_id), ZERO)
        return min(sent_back - surplus, asked) - done


def sales_of(numbers: Iterable[str]) -> dict[str, Sale]:
    """The orders with these numbers, ready for their papers. Three queries for all of them, by statements
    that are put together once; one more for each kind of thing that at least one of them has.
    """
    numbers = list(numbers)
    shared = order_shared(number=numbers[0]) if len(numbers) == 1 else None
    rows = [shared] if shared else _orders_of.read(numbers=numbers)
    found = {order.number: Sale(order) for order in rows}
    if shared is None:
        related_known(rows, "lines", _lines_of.read(orders=[order.pk for order in rows]))
    related_known(rows, "surcharges", _of_those(rows, "has_surcharges", _surcharges_of))
    related_known(rows, "discounts", _of_those(rows, "has_discounts", _discounts_of))
    for entry in _captured_of.read(numbers=list(found)):
        sale = found[entry.intent.order_number]
        if sale.paid_at is None or sale.captured < sale.order.total_incl_tax:
            sale.paid_at = entry.happened_at  # of the payment that made it whole
        sale.captured += entry.amount
        code = entry.intent.gateway
        sale.paid_by[code] = sale.paid_by.get(code, ZERO) + entry.amount
    repaid = [order.number for order in rows if order.has_refunds]
    for refund in _refunds_of.read(numbers=repaid) if repaid else ():
        found[refund.intent.order_number].refunds.append(refund)
    for paper in _of_those(rows, "has_papers", _papers_of):
        found[paper.order.number].papers.append(paper)
    return found


def _of_those(orders: Iterable[Any], name: str, rows: Prepared[Row]) -> list[Row]:
    """The rows of the orders that have some, as ``name`` says; most have none."""
    ids = [order.pk for order in orders if getattr(order, name)]
    return rows.read(orders=ids) if ids else []


_orders_of: Prepared[Any] = Prepared(lambda numbers: orders_sold(number__in=numbers), numbers=TEXTS)
_lines_of: Prepared[Line] = Prepared(lambda orders: lines_sold(order__in=orders), orders=INTEGERS)
_surcharges_of: Prepared[Surcharge] = Prepared(
    lambda orders: Surcharge.objects.filter(order__in=orders).order_by("pk"), orders=INTEGERS
)
_discounts_of: Prepared[OrderDiscount] = Prepared(
    lambda orders: OrderDiscount.objects.filter(order__in=orders).order_by("pk"), orders=INTEGERS
)
_captured_of: Prepared[PaymentEntry] = Prepared(
    lambda numbers: (
        PaymentEntry.objects.filter(kind=EntryKind.CAPTURED, intent__order_number__in=numbers)
        .select_related("intent")
        .order_by("happened_at", "pk")
    ),
    numbers=TEXTS,
)
_refunds_of: Prepared[Refund] = Prepared(
    lambda numbers: (
        Refund.objects.filter(state=RefundState.DONE, intent__order_number__in=numbers)
        .select_related("intent")
        .order_by("settled_at", "pk")
    ),
    numbers=TEXTS,
)
_papers_of: Prepared[Document] = Prepared(
    lambda orders: Document.objects.filter(order__in=orders).select_related("order"),
    orders=INTEGERS,
)


def papers_of(order: Order) -> list[Document]:
    """The papers of an order, oldest first, without what they say. One query."""
    return list(Document.objects.filter(order=order).defer("content").order_by("issued_at", "pk"))


def invoice_number(order: Order) -> str:
    """Of the paper that was issued for an order first; empty while there is none. One query."""
    papers = Document.objects.filter(order=order, kind=DocumentKind.INVOICE)
    return papers.order_by("issued_at", "pk").values_list("number", flat=True).first() or ""


def is_invoiced(order: Order) -> bool:
    """Whether it is one of `orders_invoiced`. One query."""
    return bool(_invoiced.read(order=order.pk))


def orders_invoiced() -> QuerySet[Order]:
    """Orders that were paid, or left to be paid at the door: each has an invoice.

    One that was paid and cancelled has one too. What is packed and waits for the courier's cash
    has none yet, and so what is paid as the goods leave, unless somebody took all of it before.
    """
    at_door = [one.code for one in gateways_all() if one.ships_before_capture]
    was_paid = OrderStatusChange.objects.filter(order=OuterRef("pk"), new_status=OrderState.PAID)
    brought = PaymentIntent.objects.filter(
        order_number=OuterRef("number"), gateway__in=at_door, amount_captured__gt=0
    )
    waits = Q(status=OrderState.PACKED, facts__payment_method__in=at_door)
    waits &= ~Exists(was_paid) & ~Exists(brought)
    sold = Order.objects.filter(Q(status__in=SOLD) | Exists(was_paid)).exclude(waits)
    left = Shipment.objects.filter(order=OuterRef("pk"), shipped_at__isnull=False)
    mine = PaymentIntent.objects.filter(order_number=OuterRef("number"))
    promised = mine.filter(is_taken_at_shipment=True, amount_authorised__gt=0)
    came = mine.order_by().values("order_number").annotate(sum=Sum("amount_captured"))
    is_short = Q(total_incl_tax__gt=Coalesce(Subquery(came.values("sum")), ZERO))
    return sold.exclude(is_short & Exists(promised) & ~Exists(left))


_invoiced: Prepared[tuple[int]] = Prepared(
    lambda order: orders_invoiced().filter(pk=order).order_by().values_list("pk"), order=INTEGER
)


def orders_without_invoice() -> QuerySet[Order]:
    """Those of `orders_invoiced` that lack it, with ``sold_at``, the earliest first."""
    papers = Document.objects.filter(order=OuterRef("pk"), kind=DocumentKind.INVOICE)
    paid = Q(status_changes__new_status__in=(OrderState.PAID, OrderState.SHIPPED))
    return (
        orders_invoiced()
        .exclude(Exists(papers))
        .annotate(
            sold_at=Coalesce(Min("status_changes__date_created", filter=paid), F("date_placed"))
        )
        .order_by("sold_at", "pk")
    )


def refunds_without_credit_note() -> QuerySet[Refund]:
    """Refunds that were made for invoiced orders, the earliest first.

    Of money that came twice too, so not each of them needs one: `Sale.to_credit` tells.
    """
    invoices = Document.objects.filter(
        kind=DocumentKind.INVOICE, order__number=OuterRef("intent__order_number")
    )
    papers = Document.objects.filter(refund=OuterRef("pk"))
    return (
        Refund.objects.filter(Exists(invoices), ~Exists(papers), state=RefundState.DONE)
        .select_related("intent")
        .order_by("settled_at", "pk")
    )


def numbers_on_their_way() -> set[str]:
    """Orders whose news have not reached the papers yet; what was parked is not on its way."""
    told: tuple[type[Event], ...] = (OrderPaid, OrderShipped, PaymentRefunded)
    waiting = OutboxDelivery.objects.filter(
        event__name__in=[one.name for one in told],
        handler__startswith=OWN_HANDLERS,
        delivered_at__isnull=True,
        parked_at__isnull=True,
    )
    return set(waiting.values_list("event__payload__order_number", flat=True))
