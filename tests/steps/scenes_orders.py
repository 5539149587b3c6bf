"""Steps of orders."""

from decimal import Decimal
from uuid import uuid4

from oscar.apps.address.models import UserAddress

from orders import services
from orders.additions.models import Addition, AdditionState
from orders.additions.pricing import addition_price, ways_of
from orders.additions.services import (
    addition_ask,
    addition_pay,
    addition_withdraw,
    additions_expire,
    order_delivery_edit,
)
from orders.checkout.countries import invoice_fields
from orders.life.editing import order_address_edit, order_lines_edit
from orders.life.holds import order_hold, order_release
from orders.life.invoice_address import order_invoice_address_edit
from orders.life.messages import message_receive, message_send
from orders.life.models import HoldReason
from orders.models import Order
from orders.refunds.services import refund_ask
from orders.returns.services import parcel_again
from orders.states import CancelReason
from payments.models import PaymentIntent
from payments.services import intent_capture, intent_open, intent_refresh, intents_reconcile
from shop.core.outbox import relay
from tests.factories import ProductFactory, UserFactory
from tests.kinds.support import download, placed
from tests.orders.test_partly_sent import of_two, partly_sent
from tests.payments.benches import PaypalBench, StripeBench, bench_open
from tests.payments.parcels import hand_over as parcel_leaves
from tests.payments.parcels import promised_order
from tests.sales import ADDRESS, basket_with, intent_of, order_of, paid_order, refunds_finish
from tests.steps.scenes import Stage, fresh, paid, scene
from tests.steps.scenes_goods import handed, tells

STATES, BESIDE = "Orders: states", "Orders: beside their states"
ADDED = "Orders: what is added"


def packed() -> Order:
    order = paid()
    services.order_pack(order=order)
    return fresh(order)


def shipped() -> Order:
    order = packed()
    services.order_ship(order=order, carrier="DHL", tracking_number="00340")
    return fresh(order)


@scene(BESIDE, "ask for the rest")
def ask_for_the_rest(stage: Stage):
    stage.request.getfixturevalue("settings").CAPTURE_AT_SHIPMENT = ["stripe"]
    cup, pot = ProductFactory(stock=2), ProductFactory(stock=2)
    with bench_open(StripeBench(), stage.provider) as bench:
        order = promised_order(bench, stage.provider, {cup: 1, pot: 1})
        parcel_leaves(order, {cup: 1})
        services.shipped_take()
        bench.gateway.cancel(intent_of(order))  # at the provider
        intent_refresh(intent=intent_of(order), source="webhook")
        yield order
        services.rest_ask(order=order, user=UserFactory())


@scene(STATES, "place")
def place(_stage: Stage):
    yield None
    return order_of()


@scene(STATES, "pay")
def pay(_stage: Stage):
    order = order_of()
    yield order
    intent_capture(intent=intent_of(order))


@scene(STATES, "pay late")
def pay_late(_stage: Stage):
    order = order_of()
    PaymentIntent.objects.update(expires_at=order.date_placed)
    services.orders_expire()
    intents_reconcile()
    yield fresh(order)
    intent_capture(intent=intent_of(order))


@scene(STATES, "pack")
def pack(_stage: Stage):
    order = paid()
    yield order
    services.order_pack(order=order)


@scene(STATES, "unpack")
def unpack(_stage: Stage):
    order = packed()
    yield order
    services.order_unpack(order=order)


@scene(STATES, "ship")
def ship(_stage: Stage):
    order = packed()
    yield order
    services.order_ship(order=order, carrier="DHL", tracking_number="00340")


@scene(STATES, "deliver")
def deliver(_stage: Stage):
    order = shipped()
    yield order
    services.order_deliver(order=order)


@scene(STATES, "hand over")
def hand_over(_stage: Stage):
    order = fresh(placed(basket_with({download().product: 1}), is_sent=False))
    yield order
    intent_capture(intent=intent_of(order))


@scene(STATES, "fail")
def fail(stage: Stage):
    label = handed(stage)
    yield fresh(label.order)
    tells(stage, label, "lost", 4)
    parcel_again(parcel=label.shipment, user=None)


@scene(STATES, "turn up")
def turn_up(stage: Stage):
    label = handed(stage)
    tells(stage, label, "lost", 4)
    parcel_again(parcel=label.shipment, user=None)
    order = fresh(label.order)
    assert order.status == "undelivered"
    yield order
    tells(stage, label, "usual", 4)


@scene(STATES, "cancel")
def cancel(_stage: Stage):
    order = paid()
    yield order
    services.order_cancel(order=order, reason=CancelReason.OPERATOR, user=UserFactory())


@scene(BESIDE, "hold")
def hold(_stage: Stage):
    order = paid()
    yield order
    order_hold(order=order, reason=HoldReason.ADDRESS, words="Which floor?")


@scene(BESIDE, "release")
def release(_stage: Stage):
    order = paid()
    order_hold(order=order, reason=HoldReason.ADDRESS)
    yield fresh(order)
    order_release(order=order, words="The third.")


@scene(BESIDE, "edit lines")
def edit_lines(_stage: Stage):
    order = of_two()
    yield order
    line = order.lines.order_by("pk")[0]
    order_lines_edit(order=order, quantities={line.pk: 1}, key=uuid4())


@scene(BESIDE, "cancel the rest")
def cancel_the_rest(_stage: Stage):
    order = partly_sent(of_two())
    yield order
    services.order_rest_cancel(order=order)


@scene(BESIDE, "edit address")
def edit_address(_stage: Stage):
    order = paid()
    yield order
    columns = {**ADDRESS, "line1": "Torstraße 2", "line2": "", "line3": "", "state": ""}
    order_address_edit(order=order, columns=columns, key=uuid4())


@scene(BESIDE, "edit invoice address")
def edit_invoice_address(_stage: Stage):
    order = order_of()
    yield order
    columns = {**invoice_fields(UserAddress(**ADDRESS)), "company": "Lin GmbH"}
    order_invoice_address_edit(order=order, columns=columns, key=uuid4())


def ask(order: Order) -> None:
    thing = ProductFactory(price="7.77", stock=5)
    shown = addition_price(order=order, things={thing: 1}).incl
    addition_ask(order=order, things={thing: 1}, shown=shown, key=uuid4())


@scene(ADDED, "add")
def add(stage: Stage):
    order = fresh(paid_order(stage.provider))
    yield order
    ask(order)


@scene(ADDED, "withdraw")
def withdraw(stage: Stage):
    order = fresh(paid_order(stage.provider))
    ask(order)
    yield fresh(order)
    addition_withdraw(order=order)


@scene(ADDED, "becomes a part")
def becomes_a_part(stage: Stage):
    order = fresh(paid_order(stage.provider))
    ask(order)
    intent = intent_open(intent=addition_pay(order=order, gateway_code="stripe"))
    yield fresh(order)
    stage.provider.control.pay(intent.reference)
    intent_refresh(intent=intent, source="return")
    relay()
    assert Addition.objects.get().state == AdditionState.DONE


@scene(ADDED, "lapse")
def lapse(stage: Stage):
    order = fresh(paid_order(stage.provider))
    ask(order)
    Addition.objects.update(expires_at=order.date_placed)
    yield fresh(order)
    assert additions_expire() == 1
    assert Addition.objects.get().state == AdditionState.LAPSED


@scene(BESIDE, "pay another way")
def pay_another_way(stage: Stage):
    with bench_open(PaypalBench(), stage.provider):
        order = order_of(payment="stripe")
        yield fresh(order)
        assert services.order_pay_with(order=order, gateway_code="paypal")


@scene(BESIDE, "edit delivery")
def edit_delivery(_stage: Stage):
    """Back to the cheaper one; what a dearer one costs more is asked for, as what is added is."""
    order = order_of()
    sent_another_way(order)
    yield fresh(order)
    sent_another_way(fresh(order))


def sent_another_way(order: Order) -> None:
    way = next(iter(ways_of(order)))
    order_delivery_edit(order=order, code=way.code, shown=way.more, key=uuid4())


@scene(BESIDE, "refund")
def refund(_stage: Stage):
    order = paid()
    yield order
    refund_ask(
        order=order,
        amount=Decimal(1),
        reason="Sorry",
        key=uuid4(),
        user=UserFactory(is_superuser=True),
    )
    refunds_finish()


@scene(BESIDE, "write to the customer")
def write(_stage: Stage):
    order = paid()
    yield order
    message_send(order=order, text="Which colour?", key=uuid4(), user=UserFactory())


@scene(BESIDE, "customer writes")
def customer_writes(_stage: Stage):
    order = paid()
    yield order
    message_receive(order=order, text="Green", key=uuid4())
