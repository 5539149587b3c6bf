"""Goods for goods, the same sent again, and complaints: stock, money and mails of both orders."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from orders.carriers.models import Label
from orders.exceptions import ImpossibleStep, StepRefused
from orders.links import links_by_token, order_token
from orders.models import Order
from orders.returns import services
from orders.returns.exceptions import ReturnRefused
from orders.returns.models import Complaint, LinkedOrder, Return
from orders.returns.services import Found, Wanted
from orders.services import order_cancel, order_deliver, order_pack, order_ship
from orders.states import CancelReason
from payments.gateways import gateway
from payments.models import PaymentIntent, Refund
from payments.services import intent_open, intent_refresh
from shop.core.models import Mail
from shop.core.outbox import relay
from shop.dashboard.selectors import orders_unpaid
from supply.models import WarehouseStock
from tests.carriers.conftest import outside  # noqa: F401  a fixture
from tests.factories import ProductFactory, UserFactory, product_with_variants
from tests.orders.returns.support import arrived
from tests.sales import intent_of, paid_order, refunds_finish
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.22")]


def family(**more):
    """A red and a blue one of 20.00, and one in green that costs 26.00."""
    parent = product_with_variants(colours={"red": 5, "blue": 5, "green": 5}, price="20.00")
    red, blue, green = parent.children.order_by("pk")
    green.stockrecords.update(price=Decimal(26))
    return red, blue, green


def by_card(provider, product, units: int = 1) -> Order:
    order = paid_order(provider, product, quantity=units)
    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="00340")
    order_deliver(order=order)
    relay()
    order.refresh_from_db()
    return order


def wished(order: Order, product, units: int = 1) -> Return:
    """Approved, with what is wished kept aside."""
    line = order.lines.get()
    back = services.return_ask(
        order=order,
        wanted=[Wanted(line.pk, units, "fit", swap_id=product.pk)],
        key=uuid4(),
        language="zh-hans",
        wish="exchange",
    )
    services.return_approve(back=back, user=None)
    return back


def looked_at(back: Return, **found) -> Return:
    services.return_receive(back=back, user=None)
    outcome = Found(**(found or {"restock": back.lines.get().quantity}))
    services.return_inspect(back=back, found={back.lines.get().pk: outcome}, user=None)
    back.refresh_from_db()
    return back


def kept_of(back: Return) -> Order:
    return Order.objects.get(begun_by__back=back)


def clean() -> None:
    relay()
    assert verified()[0], verified()[1]


def test_an_even_exchange_costs_nothing_and_its_money_goes_back_the_way_it_came(provider):
    red, blue, _green = family()
    first = by_card(provider, red)
    back = wished(first, blue)
    kept = kept_of(back)
    record = blue.stockrecords.get()

    assert (kept.status, kept.total_incl_tax, record.num_allocated) == ("pending", 20, 1)
    assert not orders_unpaid().exists()  # it waits for a parcel
    clean()
    looked_at(back)
    services.return_exchange(back=back, user=None)
    services.return_exchange(back=back, user=None)
    clean()

    kept.refresh_from_db()
    back.refresh_from_db()
    assert (kept.status, back.state, back.amount) == ("paid", "exchanged", 20)
    paid = PaymentIntent.objects.get(order_number=kept.number)
    assert (paid.gateway, paid.amount_captured) == ("exchange", 20)
    assert paid.origin == intent_of(first)
    assert gateway("stripe").fetch(intent_of(first)).amount_refunded == 0
    assert kept.consignments.count() == 1
    mails = Mail.objects.filter(reference=first.number, kind="return_step").order_by("pk")
    assert [one.key.rsplit(":", 1)[1] for one in mails][-1] == "exchanged"
    assert {one.language for one in mails} == {"zh-hans"}

    order_cancel(order=kept, reason=CancelReason.OPERATOR)
    refunds_finish()
    clean()
    assert gateway("stripe").fetch(intent_of(first)).amount_refunded == 20
    record.refresh_from_db()
    assert record.num_allocated == 0


def test_a_difference_is_asked_for_or_sent_back_and_what_is_not_exchanged_is_free_again(provider):
    red, _blue, green = family()
    first = by_card(provider, red, units=3)

    more = looked_at(wished(first, green))
    kept = kept_of(more)
    assert kept.total_incl_tax == 26
    services.return_exchange(back=more, user=None)
    services.return_exchange(back=more, user=None)
    relay()
    due = PaymentIntent.objects.get(order_number=kept.number, part="tender:2")
    assert (due.amount, due.gateway) == (6, "stripe")
    assert list(orders_unpaid()) == [kept]
    assert Mail.objects.filter(kind="exchange_due", reference=kept.number).count() == 1
    assert "6.00" in Client().get(links_by_token(order_token(kept)).page).content.decode()
    clean()
    due = intent_open(intent=due)
    provider.control.pay(due.reference)
    intent_refresh(intent=due, source="return")
    clean()
    kept.refresh_from_db()
    more.refresh_from_db()
    assert (kept.status, more.state, more.amount) == ("paid", "exchanged", 20)

    green.stockrecords.update(price=Decimal(15))
    less = looked_at(wished(first, green))
    services.return_exchange(back=less, user=None)
    refunds_finish()
    clean()
    assert kept_of(less).total_incl_tax == 15
    amounts = Refund.objects.filter(key__startswith=f"return-{less.number}").order_by("pk")
    assert [(one.target, one.amount) for one in amounts] == [("exchange", 15), ("", 5)]

    ended = looked_at(wished(first, green))
    services.return_refund(back=ended, amount=Decimal(20), user=None)
    clean()
    assert kept_of(ended).status == "cancelled"
    with pytest.raises(ImpossibleStep):
        services.return_exchange(back=ended, user=None)
    green.stockrecords.update(num_in_stock=2)  # both are another's
    with pytest.raises(ReturnRefused):
        wished(by_card(provider, red), green)


def test_a_lost_parcel_and_missing_things_are_sent_again_for_nothing_or_paid_back():
    cup = ProductFactory(price="20.00", stock=9)
    order = arrived({cup: 3})
    line, parcel = order.lines.get(), order.shipments.get()

    made = services.parcel_again(parcel=parcel, user=None)
    assert services.parcel_again(parcel=parcel, user=None) == made
    relay()
    again = made.order
    again.refresh_from_db()
    assert (again.status, again.total_incl_tax, again.lines.get().quantity) == ("paid", 0, 3)
    assert Mail.objects.get(reference=again.number).kind == "order_again"
    assert WarehouseStock.objects.get().reserved == 3

    complaints = {}
    for kind, wish, units in (
        ("missing", "again", 1),
        ("damaged", "back", 1),
        ("late", "words", 0),
    ):
        facts = {"kind": kind, "wish": wish, "units": {line.pk: units}, "language": "zh-hans"}
        key = uuid4()
        complaints[kind] = services.complaint_make(order=order, key=key, **facts)
        assert services.complaint_make(order=order, key=key, **facts) == complaints[kind]
        with pytest.raises(ReturnRefused):
            services.complaint_make(order=order, key=uuid4(), **facts)
    with pytest.raises(ReturnRefused):
        services.complaint_make(
            order=order, kind="lost", wish="back", key=uuid4(), language="en", units={line.pk: 1}
        )
    with pytest.raises(StepRefused):
        services.complaint_close(complaint=complaints["late"], remedy="words", answer=" ")
    services.complaint_close(complaint=complaints["missing"], remedy="money", user=None)
    services.complaint_close(complaint=complaints["damaged"], remedy="back", user=UserFactory())
    closed = services.complaint_close(
        complaint=complaints["late"], remedy="words", answer="明天到。"
    )
    assert services.complaint_close(complaint=closed, remedy="again") == closed
    refunds_finish()
    clean()
    assert Refund.objects.get().amount == 20
    assert Return.objects.get().state == "approved"
    assert Mail.objects.filter(kind="complaint_closed", language="zh-hans").count() == 3
    assert LinkedOrder.objects.count() == 1


def test_the_shopper_asks_for_it_all_on_pages(outside):  # noqa: F811
    red, blue, _green = family()
    order = arrived({red: 2})
    links, line, shopper = links_by_token(order_token(order)), order.lines.get(), Client()
    page = shopper.get(links.send_back).content.decode()
    assert "In exchange for it" in page
    asked = {
        "key": uuid4(),
        "wish": "exchange",
        f"units_{line.pk}": 1,
        f"reason_{line.pk}": "wrong",
    }
    assert shopper.post(links.send_back, asked).status_code == 422
    asked[f"swap_{line.pk}"] = blue.pk
    answer = shopper.post(links.send_back, asked)
    back = Return.objects.get()
    back_page = answer["Location"]
    services.return_approve(back=back, user=None)
    assert "costs the same" in shopper.get(back_page).content.decode()

    assert shopper.get(f"{back_page}label/").status_code == 404
    outside.is_down = True
    shopper.post(f"{back_page}label/")
    outside.is_down = False
    shopper.post(f"{back_page}label/")
    shopper.post(f"{back_page}label/")
    label = Label.objects.get()
    assert (label.is_return, label.state) == (True, "bought")
    pdf = b"".join(shopper.get(f"{back_page}label/").streaming_content)
    assert pdf.startswith(b"%PDF")
    shopper.post(f"{back_page}drop/")
    relay()
    back.refresh_from_db()
    assert (back.state, back.tracking_number) == ("on_way", label.tracking_number)
    order.refresh_from_db()
    assert order.status == "delivered"

    told = {"key": uuid4(), "kind": "lost", "wish": "words", "words": "<b>家里没人</b>"}
    assert shopper.post(links.complain, told).status_code == 422
    told["wish"] = "again"
    assert shopper.post(links.complain, told).status_code == 302
    complaint = Complaint.objects.get()
    assert [one.quantity for one in complaint.lines.all()] == [2]
    page = shopper.get(links.complain).content.decode()
    assert "We are at it" in page
    assert "<b>家里" not in page
    clean()
