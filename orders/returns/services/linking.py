"""Writing an order that follows from another: no basket, no checkout, the same receiver."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django.utils import timezone
from django.utils.translation import override

from catalog.models import Product
from orders.checkout.countries import address_fields, invoice_fields
from orders.fulfilment.models import OrderFacts, Shipment
from orders.life.cutting import unit_prices
from orders.models import BillingAddress, Line, LinePrice, Order, ShippingAddress
from orders.returns.models import LinkedOrder, Return
from orders.returns.states import LinkKind
from orders.shipping.repository import Repository
from orders.states import OrderState
from orders.sums.models import OrderSums
from orders.utils import order_write, partner_columns
from payments.gateways.exchange import Exchange
from shop.core.money import ZERO, rounded
from supply.services import stock_allocate


@dataclass(frozen=True)
class Thing:
    """A line to be: ``incl`` and ``excl`` are of all its units, in the order's currency."""

    product: Product
    quantity: int
    tax_code: str | None
    incl: Decimal = ZERO
    excl: Decimal = ZERO


def order_follow(
    *,
    of: Order,
    things: Sequence[Thing],
    kind: LinkKind,
    back: Return | None = None,
    parcel: Shipment | None = None,
    user: Any = None,
) -> LinkedOrder:
    """Write it as pending and hold its stock; delivery costs nothing. Under the lock of ``of``.

    Raises ``OutOfStock`` naming every short record; nothing is then written, if the caller rolls back.
    """
    order = _order_write(of, things)
    for thing in things:
        _line_write(order, thing)
    wanted: dict[int, int] = {}
    for line in order.lines.all():
        wanted[line.stockrecord_id] = wanted.get(line.stockrecord_id, 0) + line.quantity
    stock_allocate(wanted=wanted)
    return LinkedOrder.objects.create(
        order=order, of=of, kind=kind, back=back, parcel=parcel, made_by=user
    )


def _order_write(of: Order, things: Sequence[Thing]) -> Order:
    address = None
    if of.shipping_address is not None:
        address = ShippingAddress.objects.create(**address_fields(of.shipping_address))
    billed = None
    if of.billing_address is not None:
        billed = BillingAddress.objects.create(**invoice_fields(of.billing_address))
    total = sum((one.incl for one in things), ZERO)
    order = Order(
        site=Site.objects.get_current(),
        user=of.user,
        guest_email=of.guest_email,
        currency=of.currency,
        total_incl_tax=total,
        total_excl_tax=sum((one.excl for one in things), ZERO),
        shipping_incl_tax=ZERO,
        shipping_excl_tax=ZERO,
        shipping_tax_code=of.shipping_tax_code,
        shipping_method=of.shipping_method,
        shipping_code=of.shipping_code,
        shipping_address=address,
        billing_address=billed,
        status=OrderState.PENDING,
        date_placed=timezone.now(),
    )
    order_write(order)
    promise = _promise(of, address)
    OrderFacts.objects.create(
        order=order,
        language=of.facts.language,
        payment_method=Exchange.code if total else "",
        promised_from=promise[0],
        promised_until=promise[1],
    )
    _sums_write(order, of)
    return order


def _promise(of: Order, address: ShippingAddress | None) -> tuple[Any, Any]:
    """As if it were ordered now; nothing where its way is not to be had any more."""
    if address is None:
        return None, None
    with override(of.facts.language):
        ways = Repository().get_available_shipping_methods(basket=None, shipping_addr=address)
    way = next((one for one in ways if one.code == of.shipping_code), None)
    return way.promise() if way else (None, None)


def _sums_write(order: Order, of: Order) -> None:
    """At the rate of the first order, so that even is even."""
    first = getattr(of, "sums", None)
    total = order.total_incl_tax
    if first is None:  # orders of earlier times have no row
        OrderSums.objects.create(
            order=order, own_currency=settings.OSCAR_DEFAULT_CURRENCY, total_own=total
        )
        return
    is_own = first.rate_day is None
    OrderSums.objects.create(
        order=order,
        own_currency=first.own_currency,
        rate=first.rate,
        rate_day=first.rate_day,
        total_own=total if is_own else rounded(total / first.rate, first.own_currency),
        tax_country=first.tax_country,
        tax_region=first.tax_region,
        tax_name=first.tax_name,
        is_tax_added=first.is_tax_added,
    )


def _line_write(order: Order, thing: Thing) -> Line:
    product = thing.product
    record = product.stockrecords.select_related("partner").order_by("pk")[0]
    line = Line.objects.create(
        order=order,
        **partner_columns(record),
        product=product,
        title=product.get_title(),
        upc=product.upc,
        quantity=thing.quantity,
        num_allocated=thing.quantity,
        line_price_incl_tax=thing.incl,
        line_price_excl_tax=thing.excl,
        line_price_before_discounts_incl_tax=thing.incl,
        line_price_before_discounts_excl_tax=thing.excl,
        unit_price_incl_tax=rounded(thing.incl / thing.quantity, order.currency),
        unit_price_excl_tax=rounded(thing.excl / thing.quantity, order.currency),
        tax_code=thing.tax_code,
    )
    LinePrice.objects.bulk_create(unit_prices(order, line))
    return line
