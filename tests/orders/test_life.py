"""The steps of an order, and what each does to stock and money."""

from decimal import Decimal

import pytest
from oscar.test.factories import create_voucher

from orders.exceptions import CheckoutRefused, ImpossibleStep, PriceChanged
from orders.models import Order
from orders.services import (
    Checkout,
    order_cancel,
    order_deliver,
    order_mark_paid,
    order_pack,
    order_payment_ended,
    order_place,
    order_refund,
    order_ship,
    order_unpack,
    orders_expire,
)
from orders.states import NEXT, CancelReason, OrderState
from payments.models import IntentState, PaymentIntent
from payments.services import intent_capture, intents_reconcile
from shop.core.outbox import relay
from supply.models import StockMovement
from tests.factories import ProductFactory
from tests.sales import ADDRESS, basket_with, checkout_of, intent_of, order_of
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01", "S5.04", "S5.16", "S7.03")]


def transferred(order: Order) -> Order:
    intent_capture(intent=intent_of(order))
    relay()
    order.refresh_from_db()
    return order


def test_from_placed_to_delivered_every_unit_and_cent_is_accounted_for():
    product = ProductFactory(price="20.00", stock=5)
    order = transferred(order_of(product, quantity=2))

    order_pack(order=order)
    parcel = order_ship(order=order, carrier="DHL", tracking_number="00340")
    again = order_ship(order=order, carrier="DHL", tracking_number="00340")
    order_deliver(order=order)

    order.refresh_from_db()
    record = product.stockrecords.get()
    assert parcel == again
    assert order.status == OrderState.DELIVERED
    assert (record.num_in_stock, record.num_allocated) == (3, 0)
    assert StockMovement.objects.get(reason="sold").quantity == -2
    assert verified()[0], verified()[1]


def test_steps_out_of_turn_are_errors():
    order = order_of()

    for step in (order_pack, order_unpack, order_deliver):
        with pytest.raises(ImpossibleStep):
            step(order=order)
    with pytest.raises(ImpossibleStep):
        order_ship(order=order, carrier="DHL", tracking_number="1")
    with pytest.raises(ImpossibleStep):
        order_refund(order=order, amount=Decimal(1), reason="x", key="k", user=None)


def test_what_has_left_cannot_be_cancelled():
    order = transferred(order_of())
    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="1")

    with pytest.raises(ImpossibleStep):
        order_cancel(order=order, reason=CancelReason.OPERATOR)


def test_cash_on_delivery_is_packed_unpaid_and_unpacked_to_unpaid():
    order = order_of(payment="cod")

    order_pack(order=order)
    order_unpack(order=order)
    order.refresh_from_db()
    assert order.status == OrderState.PENDING

    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="1")
    order_deliver(order=order)
    transferred(order)
    assert order.status == OrderState.DELIVERED
    assert verified()[0], verified()[1]


def test_a_hold_that_expires_gives_the_stock_back_once():
    product = ProductFactory(stock=2)
    order = order_of(product, quantity=2)
    PaymentIntent.objects.update(expires_at=order.date_placed)

    assert (orders_expire(), orders_expire()) == (1, 0)
    intents_reconcile()
    relay()

    order.refresh_from_db()
    assert (order.status, order.facts.cancel_reason) == ("cancelled", CancelReason.EXPIRED)
    assert product.stockrecords.get().num_allocated == 0
    assert intent_of(order).state == IntentState.CANCELLED
    assert verified()[0], verified()[1]


def test_one_order_that_cannot_expire_does_not_keep_the_others(monkeypatch):
    first, second = order_of(), order_of()
    PaymentIntent.objects.update(expires_at=first.date_placed)

    def fail_for_first(*, units: dict[int, int]) -> None:
        if first.lines.get().stockrecord_id in units:
            raise RuntimeError("a row that nobody foresaw")

    monkeypatch.setattr("orders.services.cancelling.stock_release", fail_for_first)

    assert orders_expire() == 1
    second.refresh_from_db()
    assert second.status == OrderState.CANCELLED


def test_money_that_was_sent_back_pays_for_nothing():
    """Cancelled as expired with the money refunded; then the old news of it arrives."""
    order = order_of()
    intent_capture(intent=intent_of(order))
    order_cancel(order=order, reason=CancelReason.EXPIRED)
    assert intent_of(order).amount_refunded == order.total_incl_tax

    order_mark_paid(order_number=order.number, intent_id=intent_of(order).pk)

    order.refresh_from_db()
    assert order.status == OrderState.CANCELLED


def test_old_news_of_a_failure_does_not_end_an_order_that_was_paid_since():
    order = order_of()
    intent_capture(intent=intent_of(order))

    order_payment_ended(order_number=order.number, intent_id=intent_of(order).pk)

    order.refresh_from_db()
    assert order.status == OrderState.PENDING
    relay()
    order.refresh_from_db()
    assert order.status == OrderState.PAID


def changed(checkout: Checkout, **fields: object) -> Checkout:
    return Checkout(**{**vars(checkout), **fields})


def test_nothing_but_what_was_shown_is_ordered():
    checkout = checkout_of(basket_with({ProductFactory(): 1}))
    other = checkout_of(basket_with({ProductFactory(): 1}))

    for altered in (
        changed(checkout, shown=""),
        changed(checkout, shown=checkout.shown + "x"),
        changed(checkout, shown=other.shown),
        changed(checkout, shipping_code="express"),
        changed(checkout, shipping_code="nothing"),
        changed(checkout, payment_method="cod"),
        changed(checkout, shipping_fields={**ADDRESS, "country_id": "JP"}),
    ):
        with pytest.raises(PriceChanged):
            order_place(checkout=altered)

    assert not Order.objects.exists()


def test_what_cannot_be_sold_is_refused():
    product = ProductFactory()
    basket = basket_with({product: 1})
    hidden = checkout_of(basket)
    type(product).objects.update(is_public=False)
    with pytest.raises(CheckoutRefused, match="no longer sold"):
        order_place(checkout=hidden)

    with pytest.raises(CheckoutRefused, match="empty"):
        order_place(checkout=changed(hidden, basket_id=basket_with({}).pk))


def test_a_guest_gets_what_a_voucher_promises():
    product = ProductFactory(price="100.00")
    voucher = create_voucher(code="GUEST")

    order = order_place(checkout=checkout_of(basket_with({product: 1}, vouchers=[voucher])))

    assert order.total_discount_incl_tax > 0
    assert voucher.applications.count() == 1


def test_the_table_of_steps_and_oscars_pipeline_are_the_same(settings):
    pipeline = {state: set(after) for state, after in settings.OSCAR_ORDER_STATUS_PIPELINE.items()}

    assert pipeline == {str(state): set(map(str, after)) for state, after in NEXT.items()}
