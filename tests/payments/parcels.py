"""Parcels of an order whose money is taken as each of them leaves."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from orders.fulfilment.models import Shipment
from orders.fulfilment.packing import Measure, box_close, item_pack
from orders.models import Order
from orders.services import order_place, parcel_ship
from payments.services import intent_open, intent_refresh
from shop.core.outbox import relay
from tests.factories import UserFactory
from tests.payments.benches import Bench
from tests.payments.localprovider.support import Running
from tests.sales import basket_with, checkout_of, intent_of

SMALL = Measure("s", 800, 250, 175, 100)


def promised_order(
    bench: Bench, provider: Running, products: Mapping[Any, int], *, outcome: str = ""
) -> Order:
    """Its shopper agreed at the provider; nothing was taken. ``outcome``: another test card."""
    basket = basket_with(dict(products))
    order = order_place(checkout=checkout_of(basket, payment=bench.gateway.code))
    intent = intent_open(intent=intent_of(order))
    if outcome:
        provider.control.pay(intent.reference, outcome)
    else:
        bench.pay(provider, intent)
    intent_refresh(intent=intent_of(order), source="return")
    return fresh(order)


def fresh(order: Order) -> Order:
    relay()
    order.refresh_from_db()
    return order


def box_of(order: Order, products: Mapping[Any, int]) -> Shipment:
    """A closed box with these units."""
    consignment, user = order.consignments.get(), UserFactory(is_staff=True)
    for product, units in products.items():
        for _unit in range(units):
            sku = product.stockrecords.get().partner_sku
            item_pack(consignment=consignment, code=sku, user=user)
    return box_close(consignment=consignment, measure=SMALL, user=user)


def hand_over(order: Order, products: Mapping[Any, int]) -> Shipment:
    box = box_of(order, products)
    return parcel_ship(parcel=box, carrier="DHL", tracking_number=uuid4().hex)
