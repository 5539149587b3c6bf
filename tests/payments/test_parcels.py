"""Authorised when placed, taken parcel by parcel as each of them leaves."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as some

from orders.exceptions import NotPaid
from orders.life.editing import order_lines_edit
from orders.life.timeline import order_timeline, shopper_timeline
from orders.links import links_by_token, order_token
from orders.models import Order
from orders.pages import order_pages
from orders.papers.models import Document
from orders.selectors import order_of_number
from orders.services import order_refund, parcel_ship, shipped_take
from orders.services.taking import share_of
from orders.states import OrderState
from payments.exceptions import GatewayRefused, ImpossibleStep, RefundTooLarge
from payments.ledger.reconciling import settlement_differences, unsettled
from payments.ledger.services import settlements_import
from payments.ledger.settlement_table import settlement_read
from payments.models import Capture, CaptureState, IntentState, PaymentEntry, PaymentIntent, Refund
from payments.selectors import standing_of
from payments.services import (
    capture_again,
    capture_request,
    capture_send,
    intent_refresh,
    intents_reconcile,
    refund_send,
)
from shop.core.models import Mail
from tests.dashboard.conftest import member, office  # noqa: F401  fixtures
from tests.factories import ProductFactory, UserFactory
from tests.payments.benches import PROMISING, Bench, PaypalBench, StripeBench, bench_open
from tests.payments.localprovider.support import Running
from tests.payments.parcels import fresh, hand_over, promised_order
from tests.sales import intent_of
from tests.walks import examples

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16")]
ONLY_PAYPAL = pytest.mark.parametrize("bench", [PaypalBench()], indirect=True, ids=["paypal"])
ONLY_STRIPE = pytest.mark.parametrize("bench", [StripeBench()], indirect=True, ids=["stripe"])


@pytest.fixture(params=PROMISING, ids=lambda one: one.gateway.code)
def bench(request, provider: Running, settings) -> Iterator[Bench]:
    settings.CAPTURE_AT_SHIPMENT = [request.param.gateway.code]
    with bench_open(request.param, provider) as one:
        yield one


@pytest.fixture
def cup():
    return ProductFactory(stock=5, price="10.01")


@pytest.fixture
def pot():
    return ProductFactory(stock=5, price="30.00")


@pytest.fixture
def order(bench: Bench, provider: Running, cup, pot) -> Order:
    """Three cups and a pot, promised."""
    order = promised_order(bench, provider, {cup: 3, pot: 1})
    assert order.status == OrderState.PAID
    return order


def cents(amount: Decimal) -> int:
    return int(amount * 100)


def test_each_parcel_takes_what_is_in_it_and_the_last_one_the_rest(
    order, bench: Bench, provider: Running, cup, pot
):
    total = order.total_incl_tax
    assert shipped_take() == 0

    hand_over(order, {cup: 1})
    first = order.shipping_incl_tax + Decimal("10.01")
    for _twice in range(2):
        shipped_take()
    fresh(order)
    money = standing_of(order.number)
    assert (money.captured, money.promised) == (first, total - first)
    assert intent_of(order).state == IntentState.AUTHORISED
    assert bench.taken(provider) == (cents(first), 0)
    assert Document.objects.get().total_incl_tax == total
    call_command("verify")

    hand_over(order, {pot: 1})
    with bench.hurried():
        provider.control.fault("drop", bench.takes)  # taken, the answer is lost
        shipped_take()
    assert standing_of(order.number).captured == first
    Capture.objects.update(due_at=order.date_placed)
    shipped_take()
    second = first + 30
    assert standing_of(order.number).captured == second
    assert bench.taken(provider) == (cents(second), 0)

    hand_over(order, {cup: 2})
    for _twice in range(2):
        shipped_take()
    intents_reconcile()
    assert fresh(order).status == OrderState.SHIPPED
    intent = intent_of(order)
    assert (intent.state, intent.amount_captured) == (IntentState.CAPTURED, total)
    assert bench.taken(provider) == (cents(total), 0)
    taken = PaymentEntry.objects.filter(kind="captured").order_by("pk")
    assert [one.amount for one in taken] == [first, 30, total - second]
    assert len({one.reference for one in taken}) == 3
    assert Document.objects.count() == 1
    call_command("verify")


def test_two_parcels_that_left_before_anything_was_taken_take_each_its_own(order, bench, cup, pot):
    hand_over(order, {cup: 3})
    hand_over(order, {pot: 1})

    assert shipped_take() == 2

    first, last = Capture.objects.order_by("pk")
    assert (first.amount, first.is_final) == (order.shipping_incl_tax + Decimal("30.03"), False)
    assert (last.amount, last.is_final) == (30, True)
    assert intent_of(order).amount_captured == order.total_incl_tax
    fresh(order)
    call_command("verify")


def test_a_later_capture_that_is_refused_is_seen_and_asked_for_again(
    order, bench: Bench, provider: Running, cup, pot, client
):
    hand_over(order, {cup: 3})
    shipped_take()
    hand_over(order, {pot: 1})
    provider.control.fault("error", bench.takes, status=bench.no, effect=False)

    shipped_take()

    refused = Capture.objects.get(state=CaptureState.REFUSED)
    assert (refused.amount, intent_of(order).state) == (30, IntentState.AUTHORISED)
    assert "not taken" in intent_of(order).problem
    assert standing_of(order.number).promised == 30
    assert any("could not be taken" in one.title for one in order_timeline(fresh(order)))
    call_command("verify")
    assert shipped_take() == 0  # nobody asks again by himself

    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()
    assert "Take it now" in page
    assert "Still held" in page
    answer = client.post(reverse("dashboard:capture-retry", args=[refused.pk]), follow=True)
    assert "The money is taken." in answer.content.decode()

    intent = intent_of(order)
    assert (intent.state, intent.amount_captured) == (IntentState.CAPTURED, order.total_incl_tax)
    assert intent.problem == ""
    assert bench.taken(provider) == (cents(order.total_incl_tax), 0)
    with pytest.raises(ImpossibleStep):
        capture_again(capture=refused)
    fresh(order)
    call_command("verify")


def test_what_follows_a_refused_capture_waits_for_it(
    order, bench: Bench, provider: Running, cup, pot
):
    hand_over(order, {cup: 1})
    provider.control.fault("error", bench.takes, status=bench.no, effect=False)
    shipped_take()
    hand_over(order, {cup: 2})
    hand_over(order, {pot: 1})

    shipped_take()
    assert bench.taken(provider) == (0, 0)
    first = Capture.objects.get(state=CaptureState.REFUSED)
    capture_send(capture=capture_again(capture=first))
    shipped_take()

    assert intent_of(order).amount_captured == order.total_incl_tax
    assert bench.taken(provider) == (cents(order.total_incl_tax), 0)
    fresh(order)
    call_command("verify")


def test_what_is_taken_out_after_a_parcel_left_is_released_and_credited(
    order, bench: Bench, provider: Running, cup, pot
):
    hand_over(order, {cup: 1})
    shipped_take()
    fresh(order)
    before, taken = order.total_incl_tax, standing_of(order.number).captured
    lines = {line.product: line for line in order.lines.all()}
    key = uuid4()

    for _twice in range(2):
        order_lines_edit(order=order, quantities={lines[cup].pk: 1, lines[pot].pk: 0}, key=key)

    assert fresh(order).status == OrderState.SHIPPED
    assert order.total_incl_tax == taken
    shipped_take()
    intents_reconcile()
    intent = intent_of(order)
    assert (intent.state, intent.amount_captured) == (IntentState.CAPTURED, taken)
    assert intent.entries.get(kind="released").amount == before - taken
    assert bench.taken(provider) == (cents(taken), 0)
    credit = Document.objects.get(kind="credit_note")
    assert (credit.total_incl_tax, credit.refund) == (before - taken, None)
    assert not Refund.objects.exists()
    assert any("Not held any more" in one.title for one in shopper_timeline(order))
    call_command("verify")

    order_refund(order=order, amount=Decimal("5.00"), reason="x", key="later", user=None)
    refund_send(refund=Refund.objects.get())
    fresh(order)
    assert Document.objects.get(refund__isnull=False).total_incl_tax == 5
    call_command("verify")


def test_units_taken_out_lower_what_the_last_parcel_takes(order, bench, provider, cup, pot):
    hand_over(order, {cup: 1})
    shipped_take()
    line = order.lines.get(product=cup)
    order_lines_edit(order=fresh(order), quantities={line.pk: 2}, key=uuid4())
    line.refresh_from_db()
    assert line.num_allocated == 1
    hand_over(order, {cup: 1, pot: 1})

    shipped_take()

    fresh(order)
    assert intent_of(order).amount_captured == order.total_incl_tax
    assert bench.taken(provider) == (cents(order.total_incl_tax), 0)
    call_command("verify")


def test_a_refund_is_never_more_than_was_taken_and_goes_over_all_captures(
    order, bench: Bench, provider: Running, cup, pot
):
    hand_over(order, {cup: 3})
    shipped_take()
    fresh(order)
    taken = standing_of(order.number).captured
    with pytest.raises(RefundTooLarge):
        order_refund(order=order, amount=taken + 1, reason="x", key="much", user=None)
    order_refund(order=order, amount=Decimal("4.00"), reason="x", key="some", user=None)
    refund_send(refund=Refund.objects.get())
    hand_over(order, {pot: 1})
    shipped_take()
    fresh(order)
    total = order.total_incl_tax
    assert standing_of(order.number).captured == total

    order_refund(order=order, amount=total - 4, reason="x", key="all", user=None)
    rest = Refund.objects.get(key="all")
    with bench.hurried():
        provider.control.fault("drop", bench.refunds)
        assert refund_send(refund=rest).state == "pending"
        assert refund_send(refund=rest).state == "done"

    assert bench.taken(provider) == (cents(total), cents(total))
    with pytest.raises(GatewayRefused):
        bench.gateway.refund(intent_of(order), amount=Decimal("0.01"), key="more")
    fresh(order)
    call_command("verify")


@ONLY_STRIPE
def test_a_card_that_is_captured_once_is_taken_whole_with_the_first_parcel(
    bench: Bench, provider: Running, cup, pot
):
    order = promised_order(bench, provider, {cup: 1, pot: 1}, outcome="pay_once")
    assert not intent_of(order).is_taken_in_parts
    hand_over(order, {cup: 1})

    shipped_take()

    assert intent_of(order).state == IntentState.CAPTURED
    assert bench.taken(provider) == (cents(order.total_incl_tax), 0)
    hand_over(order, {pot: 1})
    assert shipped_take() == 0
    fresh(order)
    call_command("verify")


def test_a_gateway_that_takes_once_takes_all_with_the_first_parcel(
    order, bench: Bench, provider: Running, cup, monkeypatch
):
    monkeypatch.setattr(type(bench.gateway), "can_capture_in_parts", False)
    PaymentIntent.objects.update(is_taken_in_parts=False)  # as it would have been authorised
    hand_over(order, {cup: 1})

    shipped_take()

    assert intent_of(order).amount_captured == order.total_incl_tax
    assert Capture.objects.get().is_final


def test_an_authorisation_that_ends_between_parcels_keeps_the_next_one_here_until_it_is_paid(
    order,
    bench: Bench,
    provider: Running,
    cup,
    pot,
    office,  # noqa: F811
    client,
):
    hand_over(order, {cup: 3})
    shipped_take()
    taken = standing_of(order.number).captured
    bench.gateway.cancel(intent_of(order))  # somebody ended it at the provider

    intent_refresh(intent=intent_of(order), source="webhook")

    intent = intent_of(order)
    assert (intent.state, intent.amount_captured) == (IntentState.CAPTURED, taken)
    assert "the authorisation ended" in intent.problem
    assert fresh(order).status == OrderState.PAID
    with pytest.raises(NotPaid, match="put the parcel aside"):
        hand_over(order, {pot: 1})
    assert order.shipments.filter(shipped_at__isnull=False).count() == 1
    call_command("verify")

    finance = office("Finance")
    page = finance.get(reverse("dashboard:order-detail", args=[order.number]))
    assert "is not handed over until it is paid" in page.text
    assert "Ask for it by a link" in page.text
    ask = reverse("dashboard:order-rest-ask", args=[order.number])
    assert office("Warehouse clerk").post(ask).status_code == 403
    for _twice in range(2):
        finance.post(ask)
    asked = PaymentIntent.objects.get(part="rest:1")
    assert asked.amount == order.total_incl_tax - taken
    mail = Mail.objects.get(kind="order_rest", reference=order.number)
    assert "Please pay" in mail.text
    links = links_by_token(order_token(order))
    assert "Pay now" in client.get(links.page).text
    assert client.post(links.pay).status_code == 303
    asked.refresh_from_db()
    assert "Ask for it by a link" not in finance.get(page.request["PATH_INFO"]).text

    bench.pay(provider, asked)
    intent_refresh(intent=asked, source="return")
    parcel = order.shipments.get(shipped_at__isnull=True)
    parcel_ship(parcel=parcel, carrier="DHL", tracking_number="2nd")
    assert shipped_take() == 0
    fresh(order)
    assert standing_of(order.number).captured == order.total_incl_tax
    assert order.status == OrderState.SHIPPED
    call_command("verify")


@ONLY_PAYPAL
def test_a_promise_that_grew_old_between_parcels_is_asked_for_anew(
    order, bench: Bench, provider: Running, cup, pot
):
    hand_over(order, {cup: 3})
    shipped_take()
    provider.control.age_trade(intent_of(order).reference, days=4)
    hand_over(order, {pot: 1})

    shipped_take()

    assert intent_of(order).amount_captured == order.total_incl_tax
    assert bench.taken(provider) == (cents(order.total_incl_tax), 0)


def test_the_same_capture_is_taken_once_however_late(order, bench: Bench, provider: Running, cup):
    hand_over(order, {cup: 1})
    intent = intent_of(order)
    before = intent.amount_captured
    shipped_take()
    taken = bench.taken(provider)
    capture = Capture.objects.get()
    # As a worker that fell asleep with the old row in its hands and woke up two days later.
    bench.gateway.capture_part(
        intent, amount=capture.amount, key=capture.call_key, is_final=False, number=1
    )

    assert before == 0
    assert bench.taken(provider) == taken
    assert capture_request(intent=intent, amount=Decimal(1), key=capture.key).pk == capture.pk


@ONLY_STRIPE
def test_settlements_name_each_capture(order, bench: Bench, provider: Running, cup, pot):
    hand_over(order, {cup: 3})
    shipped_take()
    hand_over(order, {pot: 1})
    shipped_take()
    fresh(order)

    rows = settlement_read(provider.control.settlement())
    (made,) = settlements_import(gateway_code="stripe", rows=rows)

    assert settlement_differences(made) == []
    assert unsettled("stripe", until=made.paid_on) == []
    call_command("verify")


def test_shopper_reads_what_was_taken_and_what_is_held(order, bench, cup, pot, client):
    hand_over(order, {cup: 3})
    shipped_take()
    fresh(order)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("dashboard:payment-detail", args=[intent_of(order).pk]))
    assert "Taken as the goods leave" in page.content.decode()

    (shown,) = order_pages([order_of_number(order.number)])
    names = [one.name for one in shown.totals]
    assert names[-2:] == ["Paid so far", "Held, and taken as your things leave"]


@given(
    prices=some.lists(some.integers(0, 9999), min_size=1, max_size=4),
    splits=some.lists(some.lists(some.integers(0, 3), min_size=4, max_size=4), max_size=4),
)
@settings(max_examples=examples(150), deadline=None)
def test_what_parcels_cost_adds_up_to_the_order(prices: list[int], splits: list[list[int]]) -> None:
    """However its units are divided: each parcel is worth nothing less than nothing, all are the total."""
    units = [1 + sum(split[at] for split in splits) for at in range(len(prices))]
    whole = [Decimal(price).scaleb(-2) for price in prices]
    so_far, cost = [0] * len(prices), Decimal(0)
    for split in [*splits, [1] * 4]:
        so_far = [gone + split[at] for at, gone in enumerate(so_far)]
        rows = zip(whole, so_far, units, strict=True)
        now = sum((share_of(price, gone, of, "EUR") for price, gone, of in rows), Decimal(0))
        assert now >= cost
        cost = now
    assert cost == sum(whole)
