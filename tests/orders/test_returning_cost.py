"""What the way back from the payment page costs, and that an order takes its states as Oscar's does."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from oscar.apps.order.exceptions import InvalidOrderStatus

from orders.models import Line, Order
from payments.models import PaymentIntent
from shop.core.inserting import row_update
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
    assert len(statements) <= 30, [one[:80] for one in statements]
    assert not any('"rates_' in one for one in statements), "it leaves on the day that was promised"


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
