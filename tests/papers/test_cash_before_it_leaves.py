"""Cash for a packed order was booked before the parcel left, and a part of it went back."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from orders.models import Order
from orders.papers.models import Document, DocumentKind
from orders.services import order_deliver, order_pack, order_refund, order_ship
from payments.services import intent_capture
from shop.core.outbox import relay
from tests.factories import UserFactory
from tests.sales import intent_of, order_of, refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]


@pytest.fixture
def order() -> Order:
    order = order_of(payment="cod")
    order_pack(order=order, user=UserFactory(is_staff=True))
    relay()
    assert not Document.objects.exists()
    intent_capture(intent=intent_of(order))
    relay()
    return Order.objects.get(pk=order.pk)


def test_it_has_its_invoice_as_the_cash_is_booked(order: Order) -> None:
    assert Document.objects.get(order=order).kind == DocumentKind.INVOICE
    call_command("verify")


def test_what_goes_back_has_its_credit_note(order: Order) -> None:
    order_refund(order=order, amount=Decimal("1.00"), reason="x", key="one", user=None)
    refunds_finish()
    relay()
    order_ship(order=order, carrier="DHL", tracking_number="1")
    relay()
    order_deliver(order=order)
    relay()

    kinds = Document.objects.filter(order=order).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE]
    call_command("verify")
