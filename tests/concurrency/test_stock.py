"""Many buyers, few units."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.core.management import call_command

from catalog.partner.models import StockRecord
from orders.models import Order
from orders.services import order_cancel, order_mark_paid, order_place, orders_expire
from orders.states import CancelReason, OrderState
from payments.models import IntentState, PaymentEntry
from payments.services import intent_capture
from payments.services.booking import entry_write
from shop.core.outbox import relay
from supply.exceptions import OutOfStock
from supply.services import stock_allocate
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory
from tests.sales import basket_with, checkout_of, intent_of, order_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S1.01", "S5.03", "S5.16")]


def test_fifty_buyers_of_ten_units_make_ten_orders():
    product = ProductFactory(stock=10)
    checkouts = [checkout_of(basket_with({product: 1})) for _ in range(50)]

    outcomes = at_once(*(partial(order_place, checkout=one) for one in checkouts))

    assert kinds(outcomes) == {"Order": 10, "OutOfStock": 40}
    record = product.stockrecords.get()
    assert (record.num_in_stock, record.num_allocated) == (10, 10)
    assert all(o.shortages == {record.pk: 0} for o in outcomes if isinstance(o, OutOfStock))
    assert Order.objects.count() == 10
    call_command("verify")


def _buy_as_oscar_does(record_id: int, all_have_looked: Callable[[], int]) -> None:
    """Stock Oscar: look, then add to the allocation without looking again."""
    record = StockRecord.objects.get(pk=record_id)
    is_available = record.net_stock_level >= 1
    all_have_looked()
    if is_available:
        record.allocate(1)


def test_control_stock_oscar_sells_the_last_unit_twice(drop_constraint):
    drop_constraint("partner_stockrecord", "stock_allocated_within_on_hand")
    record = ProductFactory(stock=1).stockrecords.get()
    buy = partial(_buy_as_oscar_does, record.pk, threading.Barrier(2, timeout=10).wait)

    assert at_once(buy, buy) == [None, None]

    record.refresh_from_db()
    assert record.num_allocated == 2


def test_the_database_refuses_even_code_that_forgets_to_look_again():
    record = ProductFactory(stock=1).stockrecords.get()
    buy = partial(_buy_as_oscar_does, record.pk, threading.Barrier(2, timeout=10).wait)

    refused = [one for one in at_once(buy, buy) if one is not None]

    assert len(refused) == 1
    assert "stock_allocated_within_on_hand" in str(refused[0])
    record.refresh_from_db()
    assert record.num_allocated == 1


def test_two_products_in_opposite_order_never_deadlock_visibly():
    one, two = ProductFactory(stock=100), ProductFactory(stock=100)
    checkouts = [
        checkout_of(basket_with({one: 1, two: 1} if index % 2 else {two: 1, one: 1}))
        for index in range(16)
    ]

    outcomes = at_once(*(partial(order_place, checkout=checkout) for checkout in checkouts))

    assert kinds(outcomes) == {"Order": 16}
    assert {r.num_allocated for r in StockRecord.objects.all()} == {16}


def test_taking_opposite_records_directly_takes_each_once():
    one, two = (ProductFactory(stock=40).stockrecords.get().pk for _ in range(2))

    outcomes = at_once(
        *(
            partial(stock_allocate, wanted={one: 1, two: 1} if index % 2 else {two: 1, one: 1})
            for index in range(20)
        )
    )

    assert outcomes == [None] * 20
    assert set(StockRecord.objects.values_list("num_allocated", flat=True)) == {20}


@pytest.mark.parametrize("repeat", range(3))
def test_cancel_and_payment_at_once_end_in_one_truth(repeat):
    order = order_of(ProductFactory(stock=5), quantity=2)
    intent = intent_of(order)
    type(intent).objects.filter(pk=intent.pk).update(
        state=IntentState.CAPTURED,
        amount_authorised=intent.amount,
        amount_captured=intent.amount,
    )
    entry_write(
        PaymentEntry(
            intent=intent, kind="captured", amount=intent.amount, source="operator", reference="x"
        )
    )

    outcomes = at_once(
        partial(order_cancel, order=order, reason=CancelReason.CUSTOMER),
        partial(order_mark_paid, order_number=order.number, intent_id=intent.pk),
    )

    assert not [one for one in outcomes if isinstance(one, Exception)]
    order.refresh_from_db()
    intent.refresh_from_db()
    assert order.status == OrderState.CANCELLED
    assert intent.amount_refunded == intent.amount_captured
    assert intent.refunds.count() == 1
    assert StockRecord.objects.get().num_allocated == 0
    call_command("verify")


@pytest.mark.parametrize("repeat", range(3))
def test_the_clock_and_the_payment_at_once_never_give_goods_without_money(repeat):
    order = order_of(ProductFactory(stock=2), quantity=2)
    intent = intent_of(order)
    type(intent).objects.filter(pk=intent.pk).update(expires_at=order.date_placed)

    at_once(
        orders_expire,
        partial(intent_capture, intent=intent),
        orders_expire,
    )
    relay()

    order.refresh_from_db()
    intent.refresh_from_db()
    kept = intent.amount_captured - intent.amount_refunded
    assert (order.status == OrderState.PAID) == (kept == order.total_incl_tax)
    assert StockRecord.objects.get().num_allocated == (2 if order.status == "paid" else 0)
    call_command("verify")
