"""Steps of payments and refunds."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from orders import services
from orders.models import Order
from orders.refunds.services import refund_ask
from orders.states import CancelReason
from payments.bank.payouts import payout_send, payout_unsend
from payments.exceptions import GatewayRefused
from payments.gateways.base import ProviderState
from payments.gateways.stripe import StripeGateway
from payments.models import PaymentIntent, Refund
from payments.services import intent_capture, intent_open, intents_reconcile, refunds_resume
from payments.services.intents import intent_move
from payments.services.problems import refund_again
from tests.factories import ProductFactory, UserFactory
from tests.sales import (
    basket_with,
    checkout_of,
    intent_of,
    order_of,
    paid_order,
    pay,
    refunds_finish,
)
from tests.steps.scenes import Stage, fresh, paid, scene

INTENTS, REFUNDS = "Payments: intents", "Payments: refunds"


@scene(INTENTS, "ask")
def ask(_stage: Stage):
    yield None
    return order_of()


@scene(INTENTS, "open")
def begin(_stage: Stage):
    order = services.order_place(checkout=checkout_of(basket_with({ProductFactory(): 1})))
    yield order
    intent_open(intent=intent_of(order))


@scene(INTENTS, "authorise")
def authorise(stage: Stage):
    stage.request.getfixturevalue("settings").CAPTURE_AT_SHIPMENT = ["stripe"]
    stage.provider  # noqa: B018  it is there
    order = order_of(payment="stripe")
    yield order
    pay(order, stage.provider)


@scene(INTENTS, "capture")
def capture(_stage: Stage):
    order = order_of()
    yield order
    intent_capture(intent=intent_of(order))


@scene(INTENTS, "capture late")
def capture_late(_stage: Stage):
    order = order_of()
    PaymentIntent.objects.update(expires_at=order.date_placed)
    services.orders_expire()
    intents_reconcile()
    yield fresh(order)
    intent_capture(intent=intent_of(order))


@scene(INTENTS, "give up", "cancel")
def give_up(_stage: Stage):
    order = order_of()
    yield order
    services.order_cancel(order=order, reason=CancelReason.CUSTOMER)
    intents_reconcile()


@scene(INTENTS, "refuse")
def refuse(stage: Stage):
    stage.provider  # noqa: B018
    order = order_of(payment="stripe")
    yield order
    failed = ProviderState(state="failed", currency=order.currency)
    intent_move(intent_id=intent_of(order).pk, provider=failed, source="webhook")


def asked_back(order: Order) -> None:
    boss = UserFactory(is_superuser=True)
    refund_ask(order=order, amount=Decimal(1), reason="Sorry", key=uuid4(), user=boss)


@scene(REFUNDS, "ask back")
def ask_back(_stage: Stage):
    order = paid()
    yield order
    asked_back(order)


@scene(REFUNDS, "send back")
def send_back(_stage: Stage):
    order = paid()
    asked_back(order)
    yield order
    refunds_finish()


def refused(order: Order, stage: Stage) -> None:
    def no(*_args: Any, **_kwargs: Any) -> None:
        raise GatewayRefused("the card is closed")

    stage.request.getfixturevalue("monkeypatch").setattr(StripeGateway, "refund", no)
    asked_back(order)
    refunds_resume()


@scene(REFUNDS, "not sent after all")
def not_sent(_stage: Stage):
    order = paid()
    asked_back(order)
    refund = Refund.objects.get()
    payout_send(refund=refund, note="in cash", user=UserFactory())
    yield order
    payout_unsend(refund=refund, user=UserFactory())


@scene(REFUNDS, "refused")
def refund_refused(stage: Stage):
    order = paid_order(stage.provider)
    yield order
    refused(order, stage)


@scene(REFUNDS, "ask once more")
def ask_once_more(stage: Stage):
    order = paid_order(stage.provider)
    refused(order, stage)
    yield order
    refund = refund_again(refund=Refund.objects.get(state="refused"), user=UserFactory())
    assert refund.pk
