"""Something is added to an order that waits for its card: one page asks for all of it, or nothing changes."""

from functools import partial
from uuid import uuid4

import pytest
from django.urls import reverse

from orders.additions.models import Addition
from orders.additions.pricing import addition_price
from orders.additions.services import addition_ask
from orders.exceptions import EditRefused
from orders.life.asking import PaymentInTheWay, order_change_unpaid
from orders.models import Order
from orders.services import orders_expire
from payments.models import IntentState, PaymentIntent, Refund
from payments.services import intent_open, intent_refresh
from shop.core.models import Mail
from tests.dashboard.conftest import member, office  # noqa: F401  a team to test with
from tests.factories import ProductFactory
from tests.orders.test_unpaid_edits import fresh, in_the_end, pay_new, waiting
from tests.payments.localprovider.support import Running
from tests.sales import intent_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50", "S5.03", "S5.04", "S5.16")]


@pytest.fixture
def jug():
    return ProductFactory(title="Jug", price="7.00", stock=5)


def units_held(product) -> int:
    return product.stockrecords.get().num_allocated or 0


def ask(order: Order, jug, units: int = 2, **kwargs):
    shown = addition_price(order=order, things={jug: units}).incl
    given = {"things": {jug: units}, "shown": shown, "key": uuid4()} | kwargs
    return partial(addition_ask, order=order, **given)


def test_one_page_asks_for_all_of_it_and_the_old_one_ends(office, provider: Running, jug) -> None:  # noqa: F811
    order = waiting()
    old, agent = intent_of(order), office("Customer-service agent")
    address = reverse("dashboard:order-edit-add", args=[order.number])
    shown = addition_price(order=order, things={jug: 2}).incl
    form = {"thing": f"{jug.pk}:2", "shown": str(shown), "key": str(uuid4())}

    for _twice in range(2):
        assert agent.post(address, form).status_code == 302

    order = fresh(order)
    old.refresh_from_db()
    new = intent_of(order)
    assert (order.status, order.total_incl_tax) == ("pending", old.amount + shown)
    assert (old.state, new.amount) == ("cancelled", order.total_incl_tax)
    assert [line.quantity for line in order.lines.order_by("pk")] == [3, 2]
    assert units_held(jug) == 2
    assert Addition.objects.get().state == "done"
    assert not PaymentIntent.objects.filter(part__startswith="addition").exists()
    assert not Mail.objects.filter(kind="order_addition").exists()
    assert str(new.amount) in Mail.objects.get(kind="order_changed").text
    provider.control.pay(old.reference)  # the page that was open in their browser: too late
    assert intent_refresh(intent=old, source="return").state == IntentState.CANCELLED

    pay_new(order, provider)

    assert fresh(order).status == "paid"
    assert intent_of(order).amount_captured == order.total_incl_tax
    assert not Refund.objects.exists()


def test_not_paid_in_time_all_of_it_is_free_again(provider: Running, jug) -> None:
    order = waiting()
    assert order_change_unpaid(order=order, change=ask(order, jug))
    PaymentIntent.objects.update(expires_at="2020-01-01T00:00Z")

    orders_expire()

    assert fresh(order).status == "cancelled"
    assert units_held(jug) == 0


def test_who_paid_first_is_not_changed(provider: Running, jug) -> None:
    order = waiting()
    provider.control.pay(intent_of(order).reference)

    with pytest.raises(EditRefused, match="just paid"):
        order_change_unpaid(order=order, change=ask(order, jug))

    assert in_the_end(order).status == "paid"
    assert units_held(jug) == 0
    assert not Addition.objects.exists()


def test_while_the_old_page_is_open_nothing_is_written(provider: Running, jug) -> None:
    order = waiting()
    intent_open(intent=intent_of(order))

    with pytest.raises(PaymentInTheWay):
        ask(order, jug)()

    assert fresh(order).lines.count() == 1
    assert units_held(jug) == 0
    assert not Addition.objects.exists()


def test_more_than_there_is_leaves_the_payment_as_it_was(provider: Running, jug) -> None:
    order = waiting()
    change = ask(order, jug, 5)
    jug.stockrecords.update(num_in_stock=4)

    with pytest.raises(EditRefused):
        order_change_unpaid(order=order, change=change)

    order = fresh(order)
    assert order.lines.count() == 1
    assert (intent_of(order).amount, units_held(jug)) == (order.total_incl_tax, 0)
    pay_new(order, provider)
    assert fresh(order).status == "paid"
