"""An order that waits for its card is changed: its old page ends first, one of the new sum is paid."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from orders.additions.pricing import ways_of
from orders.additions.services import order_delivery_edit
from orders.exceptions import EditRefused
from orders.life import asking
from orders.life.asking import PaymentInTheWay, _set_aside, order_change_unpaid
from orders.life.editing import order_lines_edit
from orders.life.models import OrderEvent
from orders.links import order_url
from orders.models import Order
from orders.services import order_place, orders_expire
from payments.exceptions import GatewayUnavailable, ImpossibleStep
from payments.gateways import gateway
from payments.models import IntentState, PaymentIntent, Refund
from payments.selectors import standing_of
from payments.services import (
    intent_cancel,
    intent_open,
    intent_refresh,
    intent_replace,
    intents_reconcile,
)
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.concurrency.support import at_once
from tests.dashboard.conftest import member, office  # noqa: F401  a team to test with
from tests.factories import ProductFactory
from tests.payments.benches import PROMISING, Bench, bench_open
from tests.payments.localprovider.support import Running
from tests.sales import ADDRESS, basket_with, checkout_of, intent_of, order_of, pay, refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50", "S5.03", "S5.04", "S5.16")]


def waiting(units: int = 3) -> Order:
    """By card; the customer stands before the page of its provider."""
    return order_of(ProductFactory(price="10.00", stock=9), quantity=units, payment="stripe")


def fewer(order: Order, left: int = 1, **kwargs) -> bool:
    line = order.lines.get()
    edit = partial(order_lines_edit, order=order, quantities={line.pk: left}, key=uuid4(), **kwargs)
    return order_change_unpaid(order=order, change=edit)


def fresh(order: Order) -> Order:
    for _round in range(3):
        relay()
    return Order.objects.get(pk=order.pk)


def held(order: Order) -> int:
    return order.lines.get().stockrecord.num_allocated


def in_the_end(order: Order) -> Order:
    """All that is due was done: money and stock are exact, and the shop kept what the order costs."""
    intents_reconcile()
    order = fresh(order)
    refunds_finish()
    order = fresh(order)
    rows = PaymentIntent.objects.filter(order_number=order.number)
    kept = sum((one.amount_captured - one.amount_refunded for one in rows), Decimal(0))
    assert kept == (order.total_incl_tax if order.status == "paid" else 0)
    assert not any(one.state in ("new", "open", "cancelling") for one in rows) or kept == 0
    assert held(order) == order.lines.get().quantity
    call_command("verify")
    return order


def test_the_old_page_ends_and_the_new_sum_is_paid_by_the_link(office, provider: Running) -> None:  # noqa: F811
    order = waiting()
    old, agent = intent_of(order), office("Customer-service agent")
    address = reverse("dashboard:order-edit-lines", args=[order.number])
    form = {f"line-{order.lines.get().pk}": "1", "key": str(uuid4())}

    assert agent.post(address, form).status_code == 302
    assert agent.post(address, form).status_code == 302  # the same page again: once

    order = fresh(order)
    old.refresh_from_db()
    new = intent_of(order)
    assert (order.status, order.lines.get().quantity, held(order)) == ("pending", 1, 1)
    assert order.total_incl_tax == old.amount - 20
    assert (old.state, new.state, new.amount) == ("cancelled", "new", order.total_incl_tax)
    assert OrderEvent.objects.filter(kind="lines").count() == 1
    provider.control.pay(old.reference)  # the page that was open in their browser: too late
    assert intent_refresh(intent=old, source="return").state == IntentState.CANCELLED
    mail = Mail.objects.get(kind="order_changed")
    assert str(new.amount) in mail.text
    assert f"/orders/{order.number}:" in mail.text

    page = Client().post("/" + order_url(order).split("/", 3)[3] + "pay/")
    assert page.status_code == 303
    provider.control.pay(intent_of(order).reference)
    intent_refresh(intent=intent_of(order), source="return")

    assert in_the_end(order).status == "paid"
    assert not Refund.objects.exists()


def test_who_paid_first_is_not_changed_and_the_clerk_hears_of_it(office, provider: Running) -> None:  # noqa: F811
    order = waiting()
    old = intent_of(order)
    provider.control.pay(old.reference)  # the news has not come to us
    address = reverse("dashboard:order-edit-lines", args=[order.number])
    form = {f"line-{order.lines.get().pk}": "1", "key": str(uuid4())}

    answer = office("Customer-service agent").post(address, form)

    assert answer.status_code == 422
    assert "has just paid" in answer.text
    order = in_the_end(order)
    assert (order.status, order.lines.get().quantity, held(order)) == ("paid", 3, 3)
    assert not OrderEvent.objects.filter(kind="lines").exists()
    assert not Refund.objects.exists()

    assert office("Customer-service agent").post(address, form).status_code == 302
    order = in_the_end(order)  # now it goes back
    assert Refund.objects.get().amount == 20
    assert order.lines.get().quantity == 1


def test_who_pays_while_the_page_is_being_ended_is_not_changed(
    provider: Running, monkeypatch
) -> None:
    order = waiting()
    old = intent_of(order)

    def in_the_last_moment(order: Order) -> list[PaymentIntent]:
        provider.control.pay(old.reference)
        return _set_aside(order)

    monkeypatch.setattr(asking, "_set_aside", in_the_last_moment)
    with pytest.raises(EditRefused, match="just paid"):
        fewer(order)

    order = in_the_end(order)
    assert (order.status, order.lines.get().quantity) == ("paid", 3)
    assert not Refund.objects.exists()


def test_a_silent_provider_changes_nothing_and_it_works_later(
    provider: Running, monkeypatch
) -> None:
    order = waiting()

    def silent(self, intent):
        raise GatewayUnavailable("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(type(gateway("stripe")), "cancel", silent)
        with pytest.raises(EditRefused, match="does not answer"):
            fewer(order)
        order = fresh(order)
        assert (order.status, order.lines.get().quantity, held(order)) == ("pending", 3, 3)
        with pytest.raises(EditRefused, match="does not answer"):
            fewer(order)  # the old page may still be open: its twin is not made cheaper
        call_command("verify")
    rows = PaymentIntent.objects.filter(order_number=order.number, state="new")
    assert [one.amount for one in rows] == [order.total_incl_tax]

    assert fewer(order) is True

    assert fresh(order).total_incl_tax == intent_of(order).amount
    pay_new(order, provider)
    assert in_the_end(order).status == "paid"


def pay_new(order: Order, provider: Running) -> None:
    intent_open(intent=intent_of(order))
    pay(order, provider)


def test_a_crash_in_between_leaves_an_order_that_expires_or_is_paid(provider: Running) -> None:
    order, other = waiting(), waiting()
    for one in (order, other):
        _set_aside(one)  # and then nothing more
    intents_reconcile()
    relay()

    PaymentIntent.objects.filter(order_number=other.number, state="new").update(
        expires_at=other.date_placed
    )
    orders_expire()
    pay_new(order, provider)

    assert in_the_end(order).status == "paid"
    other = fresh(other)
    assert (other.status, held(other)) == ("cancelled", 0)
    call_command("verify")


def test_money_for_the_old_page_that_comes_all_the_same_is_never_too_much(
    provider: Running,
) -> None:
    """The shopper is faster than the shop's word to the provider, and then pays the new one too."""
    order = waiting()
    old = intent_of(order)
    _set_aside(order)
    intent_open(intent=intent_of(order))
    new = intent_of(order)
    provider.control.pay(old.reference)
    provider.control.pay(new.reference)
    for one in (old, new):
        intent_refresh(intent=one, source="webhook")

    order = in_the_end(order)
    assert order.status == "paid"
    assert Refund.objects.count() == 1


def test_whoever_opens_the_twin_meanwhile_is_not_asked_for_two_sums(provider: Running) -> None:
    order = waiting()
    _set_aside(order)
    intent_open(intent=intent_of(order))  # on the order's page

    with pytest.raises(PaymentInTheWay):
        order_lines_edit(order=order, quantities={order.lines.get().pk: 1}, key=uuid4())
    with pytest.raises(ImpossibleStep):
        intent_replace(intent=intent_of(order), amount=Decimal(1))
    assert fewer(order) is True
    assert fresh(order).status == "pending"
    pay_new(order, provider)
    assert in_the_end(order).lines.get().quantity == 1


@pytest.mark.parametrize(("code", "more"), [("express", True), ("standard", False)])
def test_another_delivery_is_asked_for_with_the_rest(provider: Running, code, more) -> None:
    order = waiting()
    if not more:  # it was the dearer one
        way = next(one for one in ways_of(order) if one.code == "express")
        change = partial(
            order_delivery_edit, order=order, code="express", shown=way.more, key=uuid4()
        )
        assert order_change_unpaid(order=order, change=change)
        intent_open(intent=intent_of(order))
        order = fresh(order)
    was, way = order.total_incl_tax, next(one for one in ways_of(order) if one.code == code)

    change = partial(order_delivery_edit, order=order, code=code, shown=way.more, key=uuid4())
    assert order_change_unpaid(order=order, change=change)

    order = fresh(order)
    assert (order.total_incl_tax - was, way.more > 0) == (way.more, more)
    assert intent_of(order).amount == order.total_incl_tax
    pay_new(order, provider)
    assert in_the_end(order).status == "paid"


def test_another_door_leaves_the_payment_alone(office, provider: Running) -> None:  # noqa: F811
    order = waiting()
    form = {**ADDRESS, "line1": "Torstraße 99", "country": "DE", "key": str(uuid4())}

    office("Customer-service agent").post(
        reverse("dashboard:order-edit-address", args=[order.number]), form
    )

    assert Order.objects.get(pk=order.pk).shipping_address.line1 == "Torstraße 99"
    assert intent_of(order).state == IntentState.OPEN
    pay(order, provider)
    assert in_the_end(order).status == "paid"


def test_all_that_would_be_refused_anyway_does_not_touch_the_payment(provider: Running) -> None:
    order = waiting()

    with pytest.raises(EditRefused, match="Cancel the order"):
        fewer(order, 0)

    assert intent_of(order).state == IntentState.OPEN
    assert PaymentIntent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_paying_and_changing_at_once_end_in_one_of_two_ways(provider: Running) -> None:
    for _round in range(3):
        order = waiting()
        old = intent_of(order)

        def buys(old: PaymentIntent = old) -> None:
            provider.control.pay(old.reference)
            intent_refresh(intent=old, source="webhook")
            relay()

        changed, _bought, again = at_once(partial(fewer, order), buys, partial(fewer, order, 2))

        order = fresh(order)
        said = [one for one in (changed, again) if not isinstance(one, EditRefused)]
        assert all(one is True for one in said), (changed, again)
        if order.status == "pending":
            pay_new(order, provider)
        order = in_the_end(order)
        assert order.status == "paid"
        assert (order.lines.get().quantity == 3) == (not said)


def test_a_cancelled_session_says_so(provider: Running) -> None:
    order = waiting()
    old = intent_of(order)
    fewer(order)
    old.refresh_from_db()

    assert intent_cancel(intent=old, source="operator").state == IntentState.CANCELLED
    assert fresh(order).status == "pending"


@pytest.mark.parametrize("is_promised", [False, True], ids=["taken at once", "as the goods leave"])
@pytest.mark.parametrize("bench", PROMISING, ids=lambda one: one.gateway.code)
@pytest.mark.parametrize("has_agreed", [False, True], ids=["not agreed", "agreed first"])
def test_with_each_provider_nobody_pays_twice(
    provider: Running, settings, bench: Bench, is_promised, has_agreed
) -> None:
    settings.CAPTURE_AT_SHIPMENT = [bench.gateway.code] if is_promised else []
    cup = ProductFactory(price="10.00", stock=9)
    with bench_open(bench, provider):
        order = order_place(checkout=checkout_of(basket_with({cup: 3}), payment=bench.gateway.code))
        old = intent_open(intent=intent_of(order))
        if has_agreed:
            bench.pay(provider, old)

        if has_agreed:
            with pytest.raises(EditRefused, match="just paid"):
                fewer(order)
        else:
            assert fewer(order) is True
        order = fresh(order)
        if order.status == "pending":
            new = intent_open(intent=intent_of(order))
            bench.pay(provider, new)
            intent_refresh(intent=intent_of(order), source="return")
            order = fresh(order)
        assert (order.status, order.lines.get().quantity) == ("paid", 3 if has_agreed else 1)
        intents_reconcile()
        refunds_finish()
        fresh(order)

        money = standing_of(order.number)
        assert money.covered == order.total_incl_tax
        assert (money.promised > 0) == is_promised
        assert held(order) == order.lines.get().quantity
        call_command("verify")
