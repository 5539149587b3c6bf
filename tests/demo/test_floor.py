"""What the demo leaves between the shelves and the door."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from orders.fulfilment.consigning import consignments_make
from orders.fulfilment.models import Shipment
from orders.models import Order
from orders.services import order_place
from orders.states import OrderState
from payments.services import intent_capture, intent_open
from shop.core.outbox import relay
from shop.demo.loader.floor import _partly_sent
from tests.factories import ProductFactory, UserFactory, WarehouseFactory
from tests.sales import basket_with, checkout_of, intent_of

pytestmark = pytest.mark.django_db


def test_of_one_order_a_part_has_left_and_the_rest_waits_for_its_box():
    now = timezone.now()
    WarehouseFactory()
    basket = basket_with({ProductFactory(stock=9): 2, ProductFactory(stock=9): 1})
    order = order_place(checkout=checkout_of(basket))
    intent_open(intent=intent_of(order))
    intent_capture(intent=intent_of(order))
    relay()
    Order.objects.update(date_placed=now - dt.timedelta(days=3))
    with transaction.atomic():
        consignments_make(order)

    _partly_sent(UserFactory(is_staff=True), now)

    order.refresh_from_db()
    parcel = Shipment.objects.get(shipped_at__isnull=False)
    assert order.status == OrderState.PAID
    assert order.date_placed < parcel.shipped_at < now
    assert sum(one.num_allocated for one in order.lines.all()) == 2
    relay()
    call_command("verify")
