"""What the worker does for a paid order, and how often it asks the database for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.fraud.models import FraudCheck
from orders.fulfilment.models import Consignment
from orders.models import Order
from orders.papers.models import Document
from shop.core import outbox
from shop.core.models import Mail, OutboxDelivery
from shop.core.outbox import relay
from tests.factories import ProductFactory
from tests.sales import order_of, pay

pytestmark = pytest.mark.django_db(transaction=True)


def _worked_off(provider) -> tuple[Order, list[str]]:
    """A guest's order of one thing, paid by card."""
    product = ProductFactory(stock=9)
    relay()  # a new product has followers of its own
    order = order_of(product, payment="stripe")
    pay(order, provider)
    with CaptureQueriesContext(connection) as seen:
        relay()
    return order, [one["sql"] for one in seen]


@pytest.mark.parametrize(("payment", "rings"), [("stripe", 0), ("transfer", 1)])
def test_who_goes_on_to_pay_rings_for_the_worker_with_the_money(
    provider, monkeypatch, payment, rings
):
    product = ProductFactory(stock=9)
    relay()
    rung: list[int] = []
    monkeypatch.setattr(outbox, "_kick", lambda: rung.append(1))

    order_of(product, payment=payment)

    assert len(rung) == rings
    assert OutboxDelivery.objects.filter(delivered_at=None, event__name="OrderPlaced").exists()


def test_a_paid_order_takes_so_many_statements(provider):
    _worked_off(provider)  # what a process keeps is read by now

    order, statements = _worked_off(provider)

    assert not OutboxDelivery.objects.filter(delivered_at=None).exists()
    assert FraudCheck.objects.filter(order=order).exists()
    assert Consignment.objects.filter(order=order).exists()
    assert Document.objects.filter(order=order).exists()
    assert Mail.objects.get(reference=order.number).kind == "order_confirmation"
    assert len(statements) <= 45, [one[:80] for one in statements]
