"""Whoever comes back from the payment page is thanked at once, by the page that has an address of its own."""

import re

import pytest
from django.urls import reverse

from benchmarks.checkout.walks import THANKS
from orders.models import Order
from payments.models import PaymentIntent
from payments.services import intent_refresh
from shop.core import outbox
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import CHINA, GERMANY, Shopper, session_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.03", "S5.04")]

SECRET = re.compile(r'(?:name="csrfmiddlewaretoken" value="|/orders/)[^"]+')


@pytest.fixture(autouse=True)
def countries():
    for code in ("DE", "CN"):
        CountryFactory(iso_3166_1_a2=code, printable_name=code, name=code)


def _paid(client, provider, *, language="en", address=GERMANY, shopper=None) -> PaymentIntent:
    """An order that was paid at the provider, and nobody has come back yet."""
    shopper = shopper or Shopper(client, language=language)
    shopper.add(ProductFactory(title_en="Lamp", title_zh_hans="\u9605\u8bfb\u706f", stock=9))
    shopper.place(shopper.to_preview(address=address), payment="stripe")
    intent = PaymentIntent.objects.latest("pk")
    provider.control.pay(session_of(intent.pay_url))
    return intent


def _back(client, intent, query=""):
    return client.get(reverse("payment-return", args=[intent.key]) + query)


def _words(answer) -> str:
    """The page without what is new in each: tokens, and the time in a signed link."""
    return SECRET.sub("", answer.content.decode())


@pytest.mark.parametrize(
    ("language", "address", "root"), [("en", GERMANY, ""), ("zh-hans", CHINA, "/zh-hans")]
)
def test_it_is_the_page_of_thanks_to_the_letter(client, provider, language, address, root):
    intent = _paid(client, provider, language=language, address=address)

    here = _back(client, intent, "?token=EC-77&PayerID=PX-88")

    own = f"{root}/checkout/thank-you/{intent.order_number}/"
    assert here.status_code == 200
    assert here["Content-Location"] == own
    assert f'<own-address href="{own}"' in here.content.decode()
    there = client.get(own)
    assert _words(here) == _words(there)
    assert here["Content-Language"] == there["Content-Language"] == language
    assert ("\u9605\u8bfb\u706f" if root else "Lamp") in _words(here)
    assert "EC-77" not in here.content.decode()


def test_nobody_keeps_it_and_what_the_provider_added_is_told_nobody(client, provider):
    here = _back(client, _paid(client, provider), "?token=EC-77")

    rules = {one.strip() for one in here["Cache-Control"].split(",")}
    assert {"private", "no-store"} <= rules
    assert (
        here["Referrer-Policy"] == "strict-origin"
    )  # with none, a form would be sent from nowhere


def test_to_load_it_again_gives_it_again_and_books_nothing(client, provider):
    intent = _paid(client, provider)
    first = _back(client, intent)
    changes = Order.objects.get().status_changes.count()
    outbox.relay()

    again = _back(client, intent)

    assert again.status_code == 200
    assert again["Content-Location"] == first["Content-Location"]
    assert intent.entries.filter(kind="captured").count() == 1
    assert Order.objects.get().status_changes.count() == changes == 1


def test_where_the_message_came_first_it_is_the_same(client, provider):
    intent = _paid(client, provider)
    intent_refresh(intent=intent, source="webhook")  # and the order has not heard of it

    here = _back(client, intent)

    assert here.status_code == 200
    assert "we are booking it" in here.content.decode()
    outbox.relay()
    assert "Your payment is here" in _back(client, intent).content.decode()


def test_another_browser_is_not_thanked(client, provider):
    intent = _paid(client, provider)

    stranger = type(client)()
    answer = _back(stranger, intent)

    assert answer["Location"] == reverse("orders:find")
    assert intent.order_number not in answer.content.decode()
    assert Order.objects.get().status == "paid", "the money is booked whoever brings the browser"


def test_members_are_thanked_for_their_own(client, provider):
    user = UserFactory(email="mei@example.com")
    client.force_login(user)
    shopper = Shopper(client)
    intent = _paid(client, provider, shopper=shopper)

    here = _back(client, intent)

    order = Order.objects.get()
    assert order.user_id == user.pk
    assert here["Content-Location"] == reverse("checkout:thank-you", args=[order.number])
    assert "mei@example.com" in here.content.decode()
    assert reverse("customer:order", args=[order.number]) in here.content.decode()
    other = type(client)()
    other.force_login(UserFactory())
    assert _back(other, intent).status_code == 404


def test_an_order_that_ended_meanwhile_is_shown_instead(client, provider):
    intent = _paid(client, provider)
    _back(client, intent)
    Order.objects.update(status="cancelled")

    answer = _back(client, intent)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/orders/")


def test_the_walk_of_the_benchmark_knows_thanks_from_other_pages(client, provider):
    intent = _paid(client, provider)
    here = _back(client, intent)

    assert THANKS.search(here.content)
    assert intent.order_number.encode() in THANKS.search(here.content)[0]
    for name in ("basket:summary", "orders:find", "home"):
        assert not THANKS.search(client.get(reverse(name)).content)
