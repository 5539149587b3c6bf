"""Reading orders."""

from django.db.models import F, Prefetch, Q, QuerySet

from catalog.pictures.selectors import product_images
from orders.fulfilment.models import Shipment
from orders.life.selectors import has_left, is_held
from orders.models import Line, Order
from orders.states import OrderState
from payments.gateways import gateway, gateways_all
from payments.models import REST, IntentState, PaymentIntent
from payments.wallets.models import WalletUse

#: A shopper may end an order until the parcel is being made.
CANCELLABLE = (OrderState.PENDING, OrderState.PAID)


def codes_at_the_door() -> tuple[str, ...]:
    """The gateways whose goods leave first, by code."""
    return tuple(one.code for one in gateways_all() if one.ships_before_capture)


def pays_at_the_door() -> Q:
    """Orders that leave before their money comes."""
    authorised = PaymentIntent.objects.filter(
        state=IntentState.AUTHORISED, gateway__in=codes_at_the_door()
    )
    return Q(status=OrderState.PENDING, number__in=authorised.values("order_number"))


def orders_with_lines() -> QuerySet[Order]:
    """Orders ready for a page: facts, address, lines with products and pictures, parcels that left."""
    lines = Line.objects.select_related("product", "product__parent").prefetch_related(
        Prefetch("product__images", product_images()),
        Prefetch("product__parent__images", product_images()),
    )
    parcels = Shipment.objects.filter(shipped_at__isnull=False).order_by("pk")
    return (
        Order.objects.select_related("facts", "sums", "user", "shipping_address")
        .annotate(is_held=is_held())
        .prefetch_related(
            Prefetch("lines", lines.order_by("pk")),
            Prefetch("shipments", parcels),
            "status_changes",
        )
    )


def orders_of_member(user_id: int) -> QuerySet[Order]:
    """A member's orders, newest first."""
    return orders_with_lines().filter(user_id=user_id).order_by("-date_placed", "-pk")


def order_of_number(number: str) -> Order | None:
    return orders_with_lines().filter(number=number).first()


def order_is_cancellable(order: Order) -> bool:
    """By the shopper. Of which a part left, or who fetched a file or spent a gift card of it, asks the shop."""
    is_here = order.status in CANCELLABLE and not has_left(order)
    return is_here and not order_is_enjoyed(order)


def order_may_be_received(order: Order) -> bool:
    """By the word of who received it. What is paid at the door has arrived when the courier says so."""
    if order.status != OrderState.SHIPPED or order.facts.payment_method in codes_at_the_door():
        return False
    return any(
        one.shipped_at and not one.delivered_at and not one.failed for one in order.shipments.all()
    )


def is_linked(number: str) -> bool:
    """Whether it follows from another order."""
    return Order.objects.filter(number=number, begun_by__isnull=False).exists()


def was_paid(order: Order) -> bool:
    """Whether it ever counted as paid."""
    return order.status_changes.filter(new_status=OrderState.PAID).exists()


def order_is_enjoyed(order: Order) -> bool:
    """Whether a file of it was fetched, work for it done, or one of its gift cards used."""
    if order.status == OrderState.PENDING:
        return False
    enjoyed = Q(grants__used__gt=0) | Q(service_job__done_at__isnull=False)
    spent = WalletUse.objects.filter(
        wallet__card__order_line__order=order, units_back__lt=F("units")
    )
    return order.lines.filter(enjoyed).exists() or spent.exists()


def order_has_work(order: Order) -> bool:
    """Whether somebody has to do something for it, or has done so."""
    return order.lines.filter(service_job__isnull=False).exists()


def is_rest_due(order: Order, intent: PaymentIntent) -> bool:
    """Whether it is asked for what an authorisation that ended left unpaid."""
    return intent.part.startswith(REST) and order.status in (OrderState.PAID, OrderState.PACKED)


def order_can_be_paid(order: Order, intent: PaymentIntent | None) -> bool:
    """Whether a button leads to a page where this order can be paid."""
    return (
        intent is not None
        and (order.status == OrderState.PENDING or is_rest_due(order, intent))
        and gateway(intent.gateway).is_hosted
        and intent.state in (IntentState.NEW, IntentState.OPEN)
    )


def guest_name(email: str) -> dict[str, str]:
    """First and last name of the latest order of this e-mail; empty without one. For its owner."""
    order = (
        Order.objects.filter(guest_email__iexact=email)
        .exclude(shipping_address=None)
        .select_related("shipping_address")
        .order_by("-pk")
        .first()
    )
    if order is None:
        return {}
    address = order.shipping_address
    return {"first_name": address.first_name[:60], "last_name": address.last_name[:60]}
