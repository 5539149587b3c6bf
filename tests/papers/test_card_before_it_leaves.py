"""What a card had promised for the goods was taken by a clerk before anything left."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command

from orders.life.editing import order_lines_edit
from orders.models import Order
from orders.papers.models import Document, DocumentKind
from orders.services import order_cancel, order_pack, order_refund, order_ship
from orders.states import CancelReason
from payments.models import IntentState, PaymentIntent
from payments.models import rest as rest_part
from payments.selectors import standing_of
from payments.services import intent_capture, intent_create, intent_open
from shop.core.outbox import relay
from tests.factories import ProductFactory
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of, pay, refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]


@pytest.fixture
def order(provider: Running, settings) -> Order:
    settings.CAPTURE_AT_SHIPMENT = ["stripe"]
    order = order_of(payment="stripe")
    pay(order, provider)
    relay()
    assert not Document.objects.exists()
    call_command("verify")
    return Order.objects.get(pk=order.pk)


def taken(order: Order, amount: Decimal | None = None) -> None:
    intent_capture(intent=intent_of(order), amount=amount)
    relay()


def asked_for_rest(order: Order, amount: Decimal) -> PaymentIntent:
    made = intent_create(
        order_number=order.number,
        gateway_code="transfer",
        amount=amount,
        currency=order.currency,
        email="",
        language="en",
        part=rest_part(1),
    )
    return intent_open(intent=made)


def kinds(order: Order) -> list[str]:
    return list(Document.objects.filter(order=order).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize("is_packed", [False, True])
def test_it_has_its_invoice_as_its_money_is_taken(order: Order, is_packed: bool) -> None:
    if is_packed:
        order_pack(order=order)
    taken(order)

    assert kinds(order) == [DocumentKind.INVOICE]
    call_command("verify")


def test_of_a_part_it_has_none_and_it_can_be_cancelled(order: Order) -> None:
    taken(order, Decimal("1.00"))
    assert not kinds(order)
    call_command("verify")

    order_cancel(order=order, reason=CancelReason.OPERATOR)
    refunds_finish()
    relay()

    assert not kinds(order)
    assert standing_of(order.number).kept == 0
    call_command("verify")


def test_with_the_rest_it_has_all_its_papers(order: Order) -> None:
    taken(order, Decimal("5.00"))
    order_refund(order=order, amount=Decimal("1.00"), reason="x", key="one", user=None)
    refunds_finish()
    relay()
    assert not kinds(order)
    rest = asked_for_rest(order, order.total_incl_tax - 5)
    intent_capture(intent=rest)
    relay()

    assert kinds(order) == [DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE]
    call_command("verify")


def test_what_was_never_paid_does_not_go_back_with_an_edit(provider: Running, settings) -> None:
    settings.CAPTURE_AT_SHIPMENT = ["stripe"]
    order = order_of(ProductFactory(price="10.00", stock=2), quantity=2, payment="stripe")
    pay(order, provider)
    relay()
    part = order.total_incl_tax - 4  # of the last 10.00 that it costs
    taken(order, part)
    line = order.lines.get()

    order_lines_edit(order=order, quantities={line.pk: 1}, key=uuid4())

    refunds_finish()
    relay()
    money = standing_of(order.number)
    order.refresh_from_db()
    assert money.captured == part
    assert (money.refunded, money.kept) == (6, order.total_incl_tax)
    call_command("verify")


def test_of_a_rest_that_is_paid_after_an_edit_what_is_too_much_goes_back(
    provider: Running, settings
) -> None:
    settings.CAPTURE_AT_SHIPMENT = ["stripe"]
    order = order_of(ProductFactory(price="10.00", stock=2), quantity=2, payment="stripe")
    pay(order, provider)
    relay()
    taken(order, order.total_incl_tax - 4)
    rest = asked_for_rest(order, Decimal(4))
    order_lines_edit(order=order, quantities={order.lines.get().pk: 1}, key=uuid4())
    order.refresh_from_db()
    assert standing_of(order.number).kept == order.total_incl_tax

    intent_capture(intent=rest)
    relay()
    refunds_finish()
    relay()

    assert standing_of(order.number).kept == order.total_incl_tax
    assert kinds(order) == [DocumentKind.INVOICE]
    call_command("verify")


def test_more_than_it_costs_by_now_goes_back_at_once(provider: Running, settings) -> None:
    settings.CAPTURE_AT_SHIPMENT = ["stripe"]
    order = order_of(ProductFactory(price="10.00", stock=2), quantity=2, payment="stripe")
    pay(order, provider)
    relay()
    order_lines_edit(order=order, quantities={order.lines.get().pk: 1}, key=uuid4())

    taken(order)  # all that the card had promised

    order.refresh_from_db()
    money = standing_of(order.number)
    assert (money.refunded, money.kept) == (10, order.total_incl_tax)
    refunds_finish()
    relay()
    assert kinds(order) == [DocumentKind.INVOICE]
    call_command("verify")


def test_what_goes_back_has_its_credit_note(order: Order) -> None:
    taken(order)
    order_refund(order=order, amount=Decimal("1.00"), reason="x", key="one", user=None)
    refunds_finish()
    relay()
    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="1")
    relay()

    assert kinds(order) == [DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE]
    call_command("verify")


def test_a_promise_that_was_never_taken_has_none(order: Order) -> None:
    order_cancel(order=order, reason=CancelReason.OPERATOR)
    relay()
    assert intent_of(order).state == IntentState.CANCELLING

    assert not kinds(order)
    call_command("verify")
