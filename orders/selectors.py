"""Reading orders."""

from copy import copy
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from catalog.models import Product, ProductImage  # type: ignore[attr-defined]
from catalog.pictures.selectors import first_picture, product_images
from orders.fulfilment.models import OrderFacts, Shipment
from orders.handover.selectors import gives_something
from orders.life.selectors import has_left, is_held
from orders.models import BillingAddress, Line, Order, OrderStatusChange, ShippingAddress  # type: ignore[attr-defined]
from orders.states import OrderState
from orders.sums.models import OrderSums
from orders.whole import order_shared, pictures_known
from payments.gateways import gateway, gateways_all
from payments.models import REST, IntentState, PaymentIntent
from payments.wallets.models import WalletUse
from shop.core.prepared import INTEGER, INTEGERS, TEXT, Prepared, related_known

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
    lines = _lines().prefetch_related(
        Prefetch("product__images", product_images()),
        Prefetch("product__parent__images", product_images()),
    )
    return _orders().prefetch_related(
        Prefetch("lines", lines), Prefetch("shipments", _parcels()), "status_changes"
    )


def _orders() -> QuerySet[Order]:
    related = ("facts", "sums", "user", "shipping_address", "billing_address")
    rows = Order.objects.select_related(*related)
    return rows.annotate(is_held=is_held())


def _lines() -> QuerySet[Any]:
    return Line.objects.select_related("product", "product__parent").order_by("pk")


def _parcels() -> QuerySet[Any]:
    return Shipment.objects.filter(shipped_at__isnull=False).order_by("pk")


def orders_of_member(user_id: int) -> QuerySet[Order]:
    """A member's orders, newest first."""
    return orders_with_lines().filter(user_id=user_id).order_by("-date_placed", "-pk")


def order_of_number(number: str) -> Order | None:
    """One of `orders_with_lines`, by statements that are put together once: every mail and the page of
    an order ask for it. Five queries; where handlers share it none, and without what happened to it."""
    if (shared := order_shared(number=number)) is not None:
        parcels = _parcels_of.read(order=shared.pk) if shared.has_left else []
        related_known([shared], "shipments", parcels)
        return shared
    for order in _of_number.read(number=number):
        lines = _lines_of.read(order=order.pk)
        related_known([order], "lines", lines)
        related_known([order], "shipments", _parcels_of.read(order=order.pk))
        related_known([order], "status_changes", _changes_of.read(order=order.pk))
        _pictures_known([one.product for one in lines if one.product])
        return order
    return None


def order_thanked(number: str) -> Order | None:
    """As its page of thanks shows it, with ``gives_something``: lines with the one picture that stands for
    each, and of what happened to it nothing. Two queries, three of one of which a parcel has left."""
    for order in _thanked.read(number=number):
        lines = _lines_shown_of.read(order=order.pk)
        _lines_known(order, lines)
        return order
    return None


def order_thanked_now(order: Order) -> Order:
    """The same of an order that was just read with its facts and sums; a member is known to the caller.
    One query, two of one of which a parcel has left."""
    lines = _lines_thanked_of.read(order=order.pk)
    if not lines:  # nobody is left to say what is asked of the order itself
        return order_thanked(order.number) or order
    for name in ("is_held", "gives_something", "has_left"):
        setattr(order, name, getattr(lines[0], name))
    _lines_known(order, lines)
    return order


def _lines_known(order: Order, lines: list[Line]) -> None:
    """With the one picture that stands for each, and what of the order has left."""
    related_known([order], "lines", lines)
    gone = _parcels_of.read(order=order.pk) if order.has_left else []
    related_known([order], "shipments", gone)
    pictures_known(lines)


def order_with_facts(number: str) -> Order | None:
    """One query."""
    shared = order_shared(number=number)
    return shared or next(iter(_with_facts.read(number=number)), None)


def order_of_basket(basket_id: int) -> Order | None:
    """What a basket was ordered as, with its facts. One query."""
    return next(iter(_of_basket.read(basket=basket_id)), None)


def facts_known(order: Order) -> OrderFacts:
    """``order.facts``, by a statement that is put together once."""
    field = Order._meta.get_field("facts")
    if not field.is_cached(order):
        for facts in _facts_of.read(order=order.pk):
            order.facts = facts
    return order.facts


def address_known(order: Order) -> ShippingAddress | None:
    """``order.shipping_address``, the same way."""
    field = Order._meta.get_field("shipping_address")
    if order.shipping_address_id and not field.is_cached(order):
        for address in _address.read(pk=order.shipping_address_id):
            order.shipping_address = address
    return order.shipping_address


def invoice_address_last(user_id: int) -> BillingAddress | None:
    """What a member's newest order with an address for its invoice has there."""
    orders = Order.objects.filter(user_id=user_id, billing_address__isnull=False)
    order = orders.select_related("billing_address").order_by("-date_placed", "-pk").first()
    return order.billing_address if order else None


def country_sent_to(order: Order) -> str:
    """ISO code; empty where nothing is sent."""
    if order.country_known or not order.shipping_address_id:
        return order.country_known
    address = address_known(order)
    return address.country_id if address else ""


def _pictures_known(products: list[Product]) -> None:
    """Theirs and those of their families."""
    shown = products + [one.parent for one in products if one.parent]
    found = _pictures_of.read(ids=[one.pk for one in shown]) if shown else []
    for product in shown:  # a family may be there twice, each has pictures of its own
        related_known(
            [product], "images", [copy(one) for one in found if one.product_id == product.pk]
        )


_thanked: Prepared[Order] = Prepared(
    lambda number: (
        Order.objects.select_related("facts", "sums", "user")
        .filter(number=number)
        .annotate(
            is_held=is_held(),
            gives_something=gives_something(),
            has_left=Exists(_parcels().filter(order=OuterRef("pk")).order_by()),
        )
        .order_by("pk")
    ),
    number=TEXT,
)


def _lines_shown(order: int) -> QuerySet[Any]:
    pictures = {name: first_picture(of) for name, of in PICTURES}
    return _lines().filter(order=order).annotate(**pictures)


def _lines_thanked(order: int) -> QuerySet[Any]:
    """With what is asked of their order: it is short, and another statement costs more."""
    its = Order.objects.filter(pk=OuterRef("order"))
    return _lines_shown(order).annotate(
        is_held=Exists(its.filter(is_held())),
        gives_something=Exists(its.filter(gives_something())),
        has_left=Exists(_parcels().filter(order=OuterRef("order")).order_by()),
    )


PICTURES = (("picture", "product"), ("family_picture", "product__parent"))
_lines_shown_of: Prepared[Line] = Prepared(_lines_shown, order=INTEGER)
_lines_thanked_of: Prepared[Line] = Prepared(_lines_thanked, order=INTEGER)
_of_number: Prepared[Order] = Prepared(
    lambda number: _orders().filter(number=number).order_by("pk"), number=TEXT
)


def sums_known(order: Order) -> OrderSums | None:
    """``order.sums``, the same way; None of an order of earlier times."""
    field = Order._meta.get_field("sums")
    if not field.is_cached(order):
        field.set_cached_value(order, next(iter(_sums_of.read(order=order.pk)), None))
    return field.get_cached_value(order)


_sums_of: Prepared[OrderSums] = Prepared(
    lambda order: OrderSums.objects.filter(order=order), order=INTEGER
)
_with_facts: Prepared[Order] = Prepared(
    lambda number: Order.objects.filter(number=number).select_related("facts"), number=TEXT
)
_of_basket: Prepared[Order] = Prepared(
    lambda basket: Order.objects.filter(basket=basket).select_related("facts").order_by("pk")[:1],
    basket=INTEGER,
)
_facts_of: Prepared[OrderFacts] = Prepared(
    lambda order: OrderFacts.objects.filter(order=order), order=INTEGER
)
_address: Prepared[ShippingAddress] = Prepared(
    lambda pk: ShippingAddress.objects.filter(pk=pk), pk=INTEGER
)
_lines_of: Prepared[Line] = Prepared(lambda order: _lines().filter(order=order), order=INTEGER)
_parcels_of: Prepared[Shipment] = Prepared(
    lambda order: _parcels().filter(order=order), order=INTEGER
)
_changes_of: Prepared[OrderStatusChange] = Prepared(
    lambda order: OrderStatusChange.objects.filter(order=order), order=INTEGER
)
_pictures_of: Prepared[ProductImage] = Prepared(
    lambda ids: product_images().filter(product__in=ids), ids=INTEGERS
)


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
    if (shared := order_shared(number=number)) is not None:
        return shared.is_linked
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
