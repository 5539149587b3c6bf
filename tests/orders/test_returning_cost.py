"""What the way back from the payment page costs, and that an order takes its states as Oscar's does."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.apps.order.exceptions import InvalidOrderStatus

from orders.fulfilment.models import OrderFacts
from orders.locks import order_lock_with_payments
from orders.models import Line, Order
from orders.services import paying
from orders.sums.models import OrderSums
from payments.gateways.stripe import StripeGateway
from payments.models import PaymentIntent
from payments.selectors import intents_read
from shop.core import outbox
from shop.core.inserting import row_update
from shop.core.models import OutboxDelivery, OutboxEvent
from shop.core.outbox import relay
from tests.factories import CountryFactory, ProductFactory
from tests.flows.shopper import GERMANY, Shopper, session_of
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.03")]


@pytest.fixture(autouse=True)
def countries():
    CountryFactory(iso_3166_1_a2="DE", printable_name="DE", name="DE")


def _back(client, provider):
    """Places an order, pays it at the provider, and comes back; what that asked the database."""
    shopper = Shopper(client)
    shopper.add(ProductFactory(stock=9))
    shopper.place(shopper.to_preview(address=GERMANY), payment="stripe")
    intent = PaymentIntent.objects.latest("pk")
    provider.control.pay(session_of(intent.pay_url))
    with CaptureQueriesContext(connection) as seen:
        client.get(reverse("payment-return", args=[intent.key]))
    return Order.objects.get(number=intent.order_number), [one["sql"] for one in seen]


def test_coming_back_takes_so_many_statements(client, provider):
    _back(client, provider)  # what a process keeps is read by now

    order, statements = _back(client, provider)

    assert order.status == "paid"
    assert intent_of(order).amount_captured == order.total_incl_tax
    assert len(statements) <= 9, [one[:80] for one in statements]
    assert not any('"rates_' in one for one in statements), "it leaves on the day that was promised"


def test_the_order_hears_of_its_money_as_it_is_booked_and_the_rest_is_the_workers(client, provider):
    order, _statements = _back(client, provider)

    told = OutboxDelivery.objects.filter(event__name="PaymentCaptured")
    at_once = told.get(handler="orders.handlers.on_payment_captured")
    assert at_once.delivered_at is not None
    others = told.exclude(pk=at_once.pk)
    assert others.exists()
    assert set(others.values_list("delivered_at", flat=True)) == {None}
    relay()
    assert list(order.status_changes.values_list("new_status", flat=True)) == ["paid"]
    call_command("verify")


def test_what_the_order_cannot_do_is_left_to_the_outbox_and_the_money_is_booked(
    client, provider, monkeypatch
):
    renew = paying.promise_renew

    def fail(order):
        renew(order)
        raise ZeroDivisionError

    monkeypatch.setattr(paying, "promise_renew", fail)

    order, _statements = _back(client, provider)

    assert order.status == "pending"
    assert intent_of(order).amount_captured == order.total_incl_tax
    assert OutboxEvent.objects.filter(name="PaymentCaptured").count() == 1
    left = OutboxDelivery.objects.get(handler="orders.handlers.on_payment_captured")
    assert (left.attempts, left.delivered_at) == (1, None)
    assert "ZeroDivisionError" in left.last_error

    monkeypatch.setattr(paying, "promise_renew", renew)
    outbox.retry(delivery_id=left.pk)
    relay()
    order.refresh_from_db()
    assert order.status == "paid"
    call_command("verify")


def test_the_page_of_thanks_takes_so_many_statements(client, provider):
    first, _statements = _back(client, provider)
    client.get(reverse("checkout:thank-you", args=[first.number]))
    order, _statements = _back(client, provider)

    with CaptureQueriesContext(connection) as seen:
        page = client.get(reverse("checkout:thank-you", args=[order.number]))

    words = page.content.decode()
    assert len(seen) <= 3, [one["sql"][:80] for one in seen]
    assert f"<code>{order.number}</code>" in words
    assert words.count(order.email) == 2
    assert order.lines.get().product.get_title() in words
    assert "\ue000" not in words


def test_a_guest_whose_basket_was_ordered_is_asked_for_it_no_more(client, provider):
    shopper = Shopper(client)
    shopper.add(ProductFactory(stock=9))
    page = shopper.to_preview(address=GERMANY)

    placed = shopper.place(page, payment="stripe")

    assert placed.cookies[settings.OSCAR_BASKET_COOKIE_OPEN].value == ""
    again = shopper.place(page, payment="stripe")
    assert again["Location"] == placed["Location"]
    shopper.add(ProductFactory(stock=9))
    assert shopper.to_preview(address=GERMANY).status_code == 200
    once_more = shopper.place(page, payment="stripe")
    assert once_more["Location"] == placed["Location"]
    cookie = once_more.cookies.get(settings.OSCAR_BASKET_COOKIE_OPEN)
    assert cookie is None or cookie.value, "of the second basket nothing was ordered yet"
    assert Order.objects.count() == 1


def test_coming_back_again_asks_the_provider_nothing(client, provider, monkeypatch):
    _order, _statements = _back(client, provider)
    intent = PaymentIntent.objects.latest("pk")
    monkeypatch.setattr(StripeGateway, "fetch", lambda *asked: pytest.fail("nothing can follow"))

    answer = client.get(reverse("payment-return", args=[intent.key]))

    assert answer["Content-Location"] == reverse("checkout:thank-you", args=[intent.order_number])


def test_an_order_is_locked_with_what_is_known_of_it(client, provider):
    _back(client, provider)
    order = Order.objects.get()

    with transaction.atomic():
        locked = order_lock_with_payments(order.number)
        assert vars(locked.order)["country_known"] == order.shipping_address.country_id == "DE"
        facts = {**vars(locked.order.facts), "_state": 0}
        sums = {**vars(locked.order.sums), "_state": 0}
        intents = [{**vars(one), "_state": 0} for one in locked.intents]

    assert facts == {**vars(OrderFacts.objects.get(order=order)), "_state": 0}
    assert sums == {**vars(OrderSums.objects.get(order=order)), "_state": 0}
    assert intents == [{**vars(one), "_state": 0} for one in intents_read(order.number)]


def test_lines_follow_their_order_but_for_those_that_ended():
    order = order_of()
    line = order.lines.get()
    line.pk, line.status = None, "cancelled"
    line.save()
    shown = Order.objects.prefetch_related("lines").get(pk=order.pk)

    shown.set_status("packed")

    assert [one.status for one in shown.lines.all()] == ["packed", "cancelled"]
    assert list(Line.objects.order_by("pk").values_list("status", flat=True)) == [
        "packed",
        "cancelled",
    ]
    assert list(shown.status_changes.values_list("old_status", "new_status")) == [
        ("pending", "packed")
    ]


def test_a_state_that_cannot_follow_leaves_no_trace():
    order = order_of()

    with pytest.raises(InvalidOrderStatus):
        order.set_status("delivered")
    order.set_status("pending")  # it is so already

    assert Order.objects.get(pk=order.pk).status == "pending"
    assert not order.status_changes.exists()


def test_a_row_is_written_whole_or_by_the_columns_that_are_named():
    intent = intent_of(order_of())
    before = intent.updated_at
    intent.email, intent.language = "new@example.com", "zh-hans"

    row_update(intent, "email")
    assert PaymentIntent.objects.values_list("email", "language").get() == ("new@example.com", "en")
    row_update(intent)

    read = PaymentIntent.objects.get()
    assert (read.email, read.language) == ("new@example.com", "zh-hans")
    assert read.updated_at == intent.updated_at > before


def test_a_row_that_is_gone_is_not_written_in_silence():
    intent = intent_of(order_of())
    PaymentIntent.objects.filter(pk=intent.pk).delete()

    with pytest.raises(DatabaseError, match="is gone"):
        row_update(intent)


def test_the_thanks_for_goods_take_so_many_statements(client, provider):
    order, _statements = _back(client, provider)
    address = reverse("checkout:thank-you", args=[order.number])
    client.get(address)

    with CaptureQueriesContext(connection) as seen:
        page = client.get(address)

    assert order.lines.get().title in page.content.decode()
    assert len(seen) <= 9, [one["sql"][:80] for one in seen]
