"""Cash on delivery: the goods go first, so its orders are routed and picked as paid ones are."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.fulfilment.batches import batch_move
from orders.fulfilment.consigning import consignments_void
from orders.fulfilment.models import Batch, Consignment, OrderFacts
from orders.fulfilment.selectors import orders_unrouted
from orders.models import Order
from shop.core.outbox import relay
from shop.dashboard.selectors import orders_late
from tests.sales import order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.58")]


def at_the_door(product=None, units: int = 1) -> Order:
    order = order_of(product, quantity=units, payment="cod")
    relay()
    order.refresh_from_db()
    return order


def bulk(office, action: str, *orders: Order) -> Batch:
    form = {"action": action, "key": uuid4(), "order": [one.number for one in orders]}
    clerk = office("Warehouse clerk")
    assert clerk.post(reverse("dashboard:orders-bulk"), form).status_code == 302
    batch = Batch.objects.latest("pk")
    batch_move(pk=batch.pk)
    return batch


def test_it_is_given_to_a_warehouse_as_soon_as_the_courier_is_to_bring_the_money() -> None:
    cod, transfer = at_the_door(), order_of(payment="transfer")
    relay()

    assert cod.status == "pending"
    assert cod.consignments.get().state == "routed"
    assert not Consignment.objects.filter(order=transfer).exists()


def test_what_was_not_routed_waits_in_to_route_and_goes_into_a_wave_from_the_list(office) -> None:
    order = at_the_door()
    consignments_void(order)
    assert list(orders_unrouted()) == [order]
    assert (
        order.number
        in office("Warehouse clerk")
        .get(reverse("dashboard:sending-list"), {"view": "unrouted"})
        .text
    )

    batch = bulk(office, "wave", order)

    assert batch.rows.get().outcome == "done", batch.rows.get().note
    assert order.consignments.exclude(state="void").get().state == "picking"
    assert not orders_unrouted().exists()


def test_a_promise_that_it_did_not_keep_makes_it_late() -> None:
    order = at_the_door()
    assert not orders_late().exists()

    OrderFacts.objects.update(promised_until=timezone.localdate() - dt.timedelta(days=1))

    assert list(orders_late()) == [order]
