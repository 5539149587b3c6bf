"""One order with all that the handlers of its news look at, locked and read once for all of them.

A paid order has ten of them, and most of what a small one did was to lock it and to read it again. They share
a transaction (`shop.core.outbox`), so nobody else changes it meanwhile; what one of them changes it changes in
this very order, or tells of it by an event, or says `read_again`.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from catalog.pictures.selectors import first_picture
from catalog.pictures.sources import picture_first
from orders.models import Line, Order, OrderDiscount, Surcharge  # type: ignore[attr-defined]
from shop.core.outbox import read_here
from shop.core.prepared import INTEGER, Prepared, related_known

KEPT = "order"


def order_shared(*, number: str = "", order_id: int = 0) -> Order | None:
    """The order under its lock, with people, sums and lines; None where handlers share no transaction, or
    there is no such order.

    Three queries for all of them: what is read after the lock was waited for is as fresh as the lock.
    """
    kept = read_here()
    if kept is None:
        return None
    order: Order | None = kept.get(KEPT)
    if order is not None and (order.number == number or order.pk == order_id):
        return order
    from orders.locks import order_row_lock

    pk = order_row_lock(number=number, order_id=order_id)
    if pk is None:
        return None
    (order,) = _whole.read(pk=pk)
    lines = _lines.read(order=order.pk)
    pictures_known(lines)
    related_known([order], "lines", lines)
    kept[KEPT] = order
    return order


def pictures_known(lines: Iterable[Line]) -> None:
    """Each product knows the one picture that stands for it, as it was read with its line."""
    for line in lines:
        if line.product:
            line.product.picture_known = picture_first(line.picture, line.family_picture)


def orders_sold(**which: object) -> QuerySet[Order]:
    """Orders with people and sums, and whether there is what a paper of theirs has to say."""
    from orders.papers.models import Document
    from payments.models import Refund, RefundState

    mine = OuterRef("pk")
    refunds = Refund.objects.filter(intent__order_number=OuterRef("number"), state=RefundState.DONE)
    return (
        Order.objects.filter(**which)
        .select_related("facts", "sums", "user", "shipping_address", "billing_address")
        .annotate(
            has_surcharges=Exists(Surcharge.objects.filter(order=mine)),
            has_discounts=Exists(OrderDiscount.objects.filter(order=mine)),
            has_papers=Exists(Document.objects.filter(order=mine)),
            has_refunds=Exists(refunds),
        )
    )


def lines_sold(**which: object) -> QuerySet[Line]:
    """Lines by key with their products and kinds."""
    kinds = ("product__product_class", "product__parent__product_class")
    return Line.objects.filter(**which).select_related(*kinds).order_by("pk")


def is_shared(order: Order) -> bool:
    """Whether it was read here, and what it says of others still holds."""
    kept = read_here()
    return bool(kept) and kept.get(KEPT) is order


def lines_shared(order: Order) -> list[Line] | None:
    """Its lines with their products and kinds, by key; None if it was not read here."""
    return list(order.lines.all()) if is_shared(order) else None


def read_again() -> None:
    """Something changed that is not the order's own: the next handler reads it anew."""
    kept = read_here()
    if kept is not None:
        kept.clear()


def _orders(pk: int) -> QuerySet[Order]:
    """With what `orders.selectors` and `orders.papers.selectors` annotate."""
    from orders.fraud.models import FraudCheck
    from orders.fulfilment.models import Shipment
    from orders.life.selectors import is_held
    from orders.returns.models import LinkedOrder

    mine = OuterRef("pk")
    return orders_sold(pk=pk).annotate(
        is_held=is_held(),
        is_linked=Exists(LinkedOrder.objects.filter(order=mine)),
        has_left=Exists(Shipment.objects.filter(order=mine, shipped_at__isnull=False)),
        has_check=Exists(FraudCheck.objects.filter(order=mine)),
    )


_whole: Prepared[Order] = Prepared(_orders, pk=INTEGER)
_lines: Prepared[Line] = Prepared(
    lambda order: lines_sold(order=order).annotate(
        picture=first_picture("product"), family_picture=first_picture("product__parent")
    ),
    order=INTEGER,
)
