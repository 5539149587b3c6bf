"""An order is changed before it is packed: to the cent, once, and the customer is told."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from oscar.test.factories import create_voucher

from orders.life.editing import order_lines_edit
from orders.life.models import OrderEvent
from orders.life.timeline import order_timeline
from orders.models import Order
from orders.services import order_place
from payments.models import Refund
from payments.services import intent_capture, intent_open
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.factories import CountryFactory, ProductFactory
from tests.sales import ADDRESS, basket_with, checkout_of, intent_of, order_of, refunds_finish
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.50", "S5.04", "S5.16")]


def url(name: str, order: Order) -> str:
    return reverse(f"dashboard:{name}", kwargs={"number": order.number})


def paid(order: Order) -> Order:
    intent_open(intent=intent_of(order))
    intent_capture(intent=intent_of(order))
    relay()
    return Order.objects.get(pk=order.pk)


def with_discount(**units: int) -> Order:
    """3.33 each and 7.77 each, ten percent off by a voucher."""
    products = {
        ProductFactory(title_en=name, title_zh_hans=name, price=price, stock=20): units[name]
        for name, price in (("Mug", "3.33"), ("Pot", "7.77"))
    }
    basket = basket_with(products, vouchers=[create_voucher(code=uuid4().hex[:9].upper())])
    return order_place(checkout=checkout_of(basket))


def test_units_taken_out_are_free_again_and_paid_back_to_the_cent_once(office) -> None:
    agent, order = office("Customer-service agent"), paid(with_discount(Mug=7, Pot=2))
    mug, pot = order.lines.order_by("pk")
    before, form = order.total_incl_tax, {f"line-{mug.pk}": "4", f"line-{pot.pk}": "0"}
    form["key"] = str(uuid4())

    assert agent.get(url("order-edit", order)).status_code == 200
    agent.post(url("order-edit-lines", order), form)
    agent.post(url("order-edit-lines", order), form)
    refunds_finish()
    relay()

    order = Order.objects.get(pk=order.pk)
    left = order.lines.get()
    assert (left.quantity, left.num_allocated, left.stockrecord.num_allocated) == (4, 4, 4)
    assert pot.stockrecord.__class__.objects.get(pk=pot.stockrecord_id).num_allocated == 0
    assert Refund.objects.get().amount == before - order.total_incl_tax > 0
    assert order.discounts.get().amount == left.discount_incl_tax > 0
    assert verified()[0], verified()[1]
    mail = Mail.objects.get(kind="order_changed")
    assert "Mug: 7 → 4\nPot: 2 → 0" in mail.text
    assert "goes back the way you paid" in mail.html
    story = {moment.title: moment for moment in order_timeline(order)}
    assert story["Order changed"].by == "Mei Lin · in the back office"
    assert story["9 units set aside"].lane == story["5 units released"].lane == "goods"


@pytest.mark.parametrize("mug", range(1, 7))
def test_whatever_is_taken_out_every_sum_holds(mug: int) -> None:
    order = with_discount(Mug=7, Pot=3)
    lines = list(order.lines.order_by("pk"))

    for left, other in ((mug, 2), (mug - 1, 1)):
        order_lines_edit(
            order=order,
            quantities=dict(zip([line.pk for line in lines], (left, other), strict=True)),
            key=uuid4(),
        )

    order.refresh_from_db()
    assert verified()[0], verified()[1]
    assert intent_of(order).amount == order.total_incl_tax == order.sums.total_own
    assert paid(order).status == "paid"


@pytest.mark.parametrize(
    ("units", "words"),
    [("0", "Cancel the order instead"), ("2", "Nothing is different"), ("501", ""), ("x", "")],
)
def test_what_cannot_be_is_refused_with_words_and_changes_nothing(office, units, words) -> None:
    agent, order = office("Customer-service agent"), order_of(quantity=2)
    form = {f"line-{order.lines.get().pk}": units, "key": str(uuid4())}

    answer = agent.post(url("order-edit-lines", order), form)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not OrderEvent.objects.exists()


def test_another_door_is_written_down_and_another_country_is_refused(office) -> None:
    CountryFactory(iso_3166_1_a2="FR", printable_name="FR", name="FR")
    agent, order = office("Customer-service agent"), order_of()
    form = {**ADDRESS, "line1": "Torstraße 99", "country": "DE", "key": str(uuid4())}

    abroad = agent.post(
        url("order-edit-address", order), {**form, "country": "FR", "postcode": "75001"}
    )
    agent.post(url("order-edit-address", order), form)
    agent.post(url("order-edit-address", order), form)
    relay()

    order = Order.objects.get(pk=order.pk)
    assert abroad.status_code == 422
    assert "place it anew" in abroad.content.decode()
    assert (order.shipping_address.line1, order.shipping_address.country_id) == (
        "Torstraße 99",
        "DE",
    )
    assert "It was: Mei Lin, Torstraße 1" in Mail.objects.get(kind="order_changed").text
    assert order.total_incl_tax == Decimal("14.90")
