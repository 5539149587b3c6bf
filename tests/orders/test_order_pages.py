"""The order's pages behind a signed link, looking an order up, and the mails that follow its steps."""

from decimal import Decimal

import pytest
from django.core import mail, signing
from django.urls import reverse

from orders.life.models import OrderEvent
from orders.links import LINK_DAYS, links_by_account, links_by_token, number_of_token, order_token
from orders.models import Order
from orders.services import order_deliver, order_pack, order_refund, order_ship
from payments.models import PaymentIntent
from payments.services import intent_capture
from shop.core import outbox
from shop.core.mail import send_due
from shop.core.models import Mail
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import CHINA, GERMANY, Shopper, session_of
from tests.sales import refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01", "S2.16")]
KINDS = ["order_confirmation", "order_shipped", "order_delivered", "order_refunded"]


@pytest.fixture(autouse=True)
def countries():
    for code in ("DE", "CN"):
        CountryFactory(iso_3166_1_a2=code, printable_name=code, name=code)


@pytest.fixture
def vase():
    return ProductFactory(title_en="Vase", title_zh_hans="花瓶", price="60.00", stock=5)


@pytest.fixture
def cod_order(client, vase) -> Order:
    return ordered(Shopper(client), vase, payment="cod")


def ordered(shopper: Shopper, product, *, payment: str, address=GERMANY) -> Order:
    shopper.add(product)
    shopper.place(shopper.to_preview(address=address), payment=payment)
    return Order.objects.latest("pk")


def paid(client, vase, provider, *, language: str = "en", address=GERMANY) -> Order:
    order = ordered(Shopper(client, language=language), vase, payment="stripe", address=address)
    intent = PaymentIntent.objects.get(order_number=order.number)
    provider.control.pay(session_of(intent.pay_url))
    client.get(reverse("payment-return", args=[intent.key]))
    order.refresh_from_db()
    assert order.status == "paid"
    return order


def page_of(client, order: Order):
    return client.get(reverse("orders:order", args=[order_token(order)]))


@pytest.mark.parametrize(("language", "address"), [("en", GERMANY), ("zh-hans", CHINA)])
def test_every_step_is_written_about_once(client, provider, vase, language, address):
    order = paid(client, vase, provider, language=language, address=address)
    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="JD01")
    order_ship(order=order, carrier="DHL", tracking_number="JD01")
    order_deliver(order=order)
    order_refund(order=order, amount=Decimal(5), reason="late", key="r1", user=None)
    refunds_finish()
    refunds_finish()
    outbox.relay()
    outbox.relay()
    send_due()

    assert [message.kind for message in Mail.objects.order_by("pk")] == KINDS
    assert {message.language for message in Mail.objects.all()} == {language}
    assert len(mail.outbox) == 4
    name = "Vase" if language == "en" else "花瓶"
    shipped = Mail.objects.get(kind="order_shipped")
    for body in (shipped.text, shipped.html):
        assert name in body
        assert "JD01" in body
    prefix = "" if language == "en" else "/zh-hans"
    assert all(f"{prefix}/orders/{order.number}" in message.text for message in Mail.objects.all())


def test_the_page_shows_parcel_and_refund(client, provider, vase):
    order = paid(client, vase, provider)
    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="JD01")
    order_refund(order=order, amount=Decimal(5), reason="late", key="r1", user=None)
    refunds_finish()

    text = page_of(client, order).content.decode()

    assert "JD01" in text
    assert "Refunded" in text
    assert "€5.00" in text
    assert "Cancel this order" not in text


def test_a_paid_order_is_cancelled_and_the_money_sent_back(client, provider, vase):
    order = paid(client, vase, provider)
    links = page_of(client, order).context["page"].links
    assert "€60.00" in client.get(links.cancel).content.decode()
    order.refresh_from_db()
    assert order.status == "paid"

    client.post(links.cancel)
    refunds_finish()
    outbox.relay()

    order.refresh_from_db()
    assert order.status == "cancelled"
    assert "sent back" in page_of(client, order).content.decode()
    assert [charge["amount_refunded"] for charge in provider.control.charges()] == [6000]
    kinds = sorted(Mail.objects.values_list("kind", flat=True))
    assert kinds == ["order_cancelled", "order_confirmation", "order_refunded"]


def test_what_has_left_cannot_be_cancelled(client, provider, vase):
    order = paid(client, vase, provider)
    order_pack(order=order)
    links = page_of(client, order).context["page"].links

    for response in (client.get(links.cancel, follow=True), client.post(links.cancel, follow=True)):
        assert "too late to cancel" in response.content.decode()
    order.refresh_from_db()
    assert order.status == "packed"


def test_a_transfer_is_confirmed_with_the_account_and_thanked_for_when_it_comes(client, vase):
    order = ordered(Shopper(client), vase, payment="transfer")
    outbox.relay()
    assert Mail.objects.get().kind == "order_confirmation"

    intent_capture(intent=PaymentIntent.objects.get())
    outbox.relay()

    order.refresh_from_db()
    assert order.status == "paid"
    assert [one.kind for one in Mail.objects.order_by("pk")] == ["order_confirmation", "order_paid"]


def test_cash_at_the_door_is_no_step_of_its_own(client, cod_order):
    page = page_of(client, cod_order).context["page"]

    assert [step["name"] for step in page.steps] == ["Order", "Packing", "Shipping", "Delivery"]
    assert page.current_step == 2
    assert not page.can_pay
    order_pack(order=cod_order)
    cod_order.refresh_from_db()
    assert page_of(client, cod_order).context["page"].current_step == 3


def test_links_run_out_and_offer_a_new_one(client, cod_order, monkeypatch):
    token = order_token(cod_order)
    assert number_of_token(token) == cod_order.number
    later = signing.time.time() + (LINK_DAYS + 1) * 24 * 3600
    monkeypatch.setattr(signing.time, "time", lambda: later)

    response = client.get(reverse("orders:order", args=[token]))

    assert response.status_code == 410
    assert "Send me the link" in response.content.decode()
    assert client.post(reverse("orders:order-cancel", args=[token])).status_code == 410


def test_altered_links_do_not_exist(client, cod_order):
    token = order_token(cod_order)
    other = token.replace(cod_order.number, "AAAA-AAAA")
    for bad in (token[:-1], other, cod_order.number, f"{cod_order.number}:x:y"):
        assert client.get(reverse("orders:order", args=[bad])).status_code == 404
        assert client.post(reverse("orders:order-pay", args=[bad])).status_code == 404


def test_pages_are_never_kept(client, cod_order):
    for response in (page_of(client, cod_order), client.get(reverse("orders:find"))):
        assert "no-store" in response["Cache-Control"]
    thanks = client.get(reverse("checkout:thank-you", args=[cod_order.number]))
    assert "no-store" in thanks["Cache-Control"]


def test_looking_up_answers_the_same_and_writes_only_to_the_buyer(client, cod_order):
    typed = cod_order.number.replace("-", " ").lower()
    good = client.post(reverse("orders:find"), {"number": typed, "email": "ADA@example.com"})
    bad = client.post(
        reverse("orders:find"), {"number": cod_order.number, "email": "eve@example.com"}
    )
    none = client.post(reverse("orders:find"), {"number": "AAAA-AAAA", "email": "ada@example.com"})
    outbox.relay()

    assert good["Location"] == bad["Location"] == none["Location"] == reverse("orders:find-sent")
    sent = Mail.objects.get(kind="order_link")
    assert sent.to == "ada@example.com"


def test_looking_up_is_throttled(client):
    data = {"number": "AAAA-AAAA", "email": "ada@example.com"}

    statuses = [client.post(reverse("orders:find"), data).status_code for _ in range(21)]

    assert statuses == [302] * 20 + [429]


def test_a_members_order_is_not_shown_to_the_next_user_of_the_browser(client, vase):
    member = UserFactory()
    client.force_login(member)
    shopper = Shopper(client)
    shopper.add(vase)
    shopper.place(shopper.to_preview(email=""), payment="cod")
    order = Order.objects.get()
    client.post(reverse("customer:logout"))

    assert client.get(reverse("checkout:thank-you", args=[order.number])).status_code == 404
    assert client.get(reverse("customer:order", args=[order.number])).status_code == 302


def test_get_changes_nothing(client, provider, vase):
    order = ordered(Shopper(client), vase, payment="stripe")
    links = page_of(client, order).context["page"].links

    assert client.get(links.pay).status_code == 405
    client.get(links.cancel)
    client.get(links.status)

    order.refresh_from_db()
    assert order.status == "pending"


@pytest.mark.req("S7.03")
def test_who_received_it_says_so_once_and_nobody_tells_them_it_is_late(client, vase, provider):
    order = paid(client, vase, provider)
    received = links_by_token(order_token(order)).received
    assert "/received/" not in page_of(client, order).content.decode()
    client.post(received)
    order.refresh_from_db()
    assert order.status == "paid"  # nothing of it has left

    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="D1")
    assert "/received/" in page_of(client, order).content.decode()
    for _press in range(2):
        assert client.post(received).status_code == 302
    order.refresh_from_db()
    assert order.status == "delivered"
    event = OrderEvent.objects.get(order=order, source="shopper")
    assert event.change.new_status == "delivered"
    assert "/received/" not in page_of(client, order).content.decode()


def test_what_is_paid_at_the_door_is_not_received_by_word(client, cod_order):
    order_pack(order=cod_order)
    order_ship(order=cod_order, carrier="DHL", tracking_number="D2")
    client.post(links_by_token(order_token(cod_order)).received)
    cod_order.refresh_from_db()
    assert cod_order.status == "shipped"


def test_the_pages_of_an_order_lie_below_its_own():
    names = {
        "pay": "order-pay",
        "cancel": "order-cancel",
        "status": "order-status",
        "again": "order-again",
        "message": "order-message",
        "send_back": "return-ask",
        "track": "order-track",
    }
    for space, links in (("orders", links_by_token("T")), ("customer", links_by_account("T"))):
        assert links.page == reverse(f"{space}:order", args=["T"])
        for name, url in names.items():
            assert getattr(links, name) == reverse(f"{space}:{url}", args=["T"])
