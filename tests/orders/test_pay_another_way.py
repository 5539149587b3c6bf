"""Whoever comes back from a provider's page without paying may pay another way, and pays once."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from orders.life.editing import order_lines_edit
from orders.links import links_by_token, order_token
from orders.models import Order
from orders.services import order_pay_with, orders_expire
from payments.models import PaymentIntent
from payments.services import intent_open, intent_refresh, intents_reconcile
from shop.core.outbox import relay
from tests.factories import ProductFactory
from tests.payments.benches import PaypalBench, bench_open
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of, pay, refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.03", "S5.16", "S7.03")]
PAYPAL = PaypalBench()


@pytest.fixture
def order(provider: Running):
    """By card, and nobody has paid; PayPal is offered beside it."""
    with bench_open(PAYPAL, provider):
        yield order_of(ProductFactory(price="10.00", stock=9), quantity=2, payment="stripe")


def page_of(order: Order) -> str:
    return links_by_token(order_token(order)).page


def chosen(order: Order, code: str):
    return Client().post(f"{page_of(order)}pay/", {"payment": code})


def payments(order: Order) -> dict[str, str]:
    rows = PaymentIntent.objects.filter(order_number=order.number)
    return {one.gateway: one.state for one in rows}


def in_the_end(order: Order) -> Decimal:
    """All that is due was done; what the shop kept of it."""
    for _round in range(2):
        intents_reconcile()
        relay()
        refunds_finish()
    relay()
    order.refresh_from_db()
    call_command("verify")
    rows = PaymentIntent.objects.filter(order_number=order.number)
    return sum((one.amount_captured - one.amount_refunded for one in rows), Decimal(0))


def test_the_page_offers_the_other_ways_and_says_which_was_chosen(order: Order) -> None:
    html = Client().get(page_of(order)).content.decode()

    assert "You chose: Card." in html
    assert 'value="paypal"' in html
    assert 'value="stripe"' not in html
    assert 'value="transfer"' not in html  # it takes longer than the things are held


def test_another_way_takes_the_place_of_the_first_and_holds_no_longer(
    order: Order, provider: Running
) -> None:
    first = intent_of(order)

    answer = chosen(order, "paypal")

    assert (answer.status_code, "/wallet/" in answer["Location"]) == (303, True)
    assert payments(order) == {"stripe": "cancelling", "paypal": "open"}
    new = intent_of(order)
    assert (new.amount, new.part, new.expires_at) == (first.amount, first.part, first.expires_at)
    PAYPAL.pay(provider, new)
    intent_refresh(intent=new, source="return")
    assert in_the_end(order) == order.total_incl_tax
    assert (order.status, order.facts.payment_method) == ("paid", "paypal")
    assert payments(order) == {"stripe": "cancelled", "paypal": "captured"}


def test_chosen_twice_and_back_again_asks_for_one_payment(order: Order) -> None:
    for code in ("paypal", "paypal", "stripe", "stripe"):
        assert chosen(order, code).status_code == 303

    live = PaymentIntent.objects.filter(order_number=order.number, state__in=("new", "open"))
    assert [one.gateway for one in live] == ["stripe"]
    order.facts.refresh_from_db()
    assert order.facts.payment_method == "stripe"


def test_who_paid_meanwhile_is_not_asked_again(order: Order, provider: Running) -> None:
    provider.control.pay(intent_of(order).reference)  # the news has not come to us

    answer = chosen(order, "paypal")

    where = answer["Location"]
    assert (answer.status_code, where.split(":")[0]) == (302, page_of(order).split(":")[0])
    assert Client().get(where).status_code == 200  # its signature has the second in it
    assert payments(order) == {"stripe": "captured"}
    assert in_the_end(order) == order.total_incl_tax


def test_paid_both_ways_one_of_them_goes_back(order: Order, provider: Running) -> None:
    first = intent_of(order)
    new = order_pay_with(order=order, gateway_code="paypal")
    assert new is not None
    provider.control.pay(first.reference)  # in the window that was still open
    new = intent_open(intent=new)
    PAYPAL.pay(provider, new)
    for one in (first, new):
        intent_refresh(intent=one, source="return")
        relay()

    assert in_the_end(order) == order.total_incl_tax
    assert order.status == "paid"


def test_paid_both_ways_also_what_was_taken_out_between_them_goes_back(
    order: Order, provider: Running
) -> None:
    first = intent_of(order)
    new = order_pay_with(order=order, gateway_code="paypal")
    assert new is not None
    new = intent_open(intent=new)
    provider.control.pay(first.reference)
    intent_refresh(intent=first, source="return")
    relay()
    order_lines_edit(order=order, quantities={order.lines.get().pk: 1}, key=uuid4())
    PAYPAL.pay(provider, new)
    intent_refresh(intent=new, source="return")

    assert in_the_end(order) == order.total_incl_tax == new.amount - 10
    assert order.status == "paid"


def test_what_is_not_offered_or_over_changes_nothing(order: Order) -> None:
    for code in ("transfer", "cod", "nosuch", ""):
        page = page_of(order)  # its link is signed with the second
        answer = Client().post(f"{page}pay/", {"payment": code})
        assert (answer.status_code, answer["Location"]) == (302, page)
    PaymentIntent.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert chosen(order, "paypal").status_code == 302
    assert payments(order) == {"stripe": "open"}

    orders_expire()
    order.refresh_from_db()
    assert order.status == "cancelled"
    assert order_pay_with(order=order, gateway_code="paypal") is None


def test_what_was_paid_is_paid(order: Order, provider: Running) -> None:
    pay(order, provider)
    relay()

    assert chosen(order, "paypal").status_code == 302
    assert payments(order) == {"stripe": "captured"}
