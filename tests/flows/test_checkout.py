"""The sale, through the shop's pages and the real local payment provider."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from oscar.core.prices import Price

from catalog.partner.models import StockRecord
from orders.links import order_token
from orders.models import Order
from orders.shipping.methods import ZoneRate
from payments.models import IntentState, PaymentIntent
from payments.services import intents_reconcile
from shop.core import outbox
from shop.core.mail import send_due
from shop.core.models import Mail
from shop.core.verify import NothingToCheck, invariants
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import CHINA, GERMANY, Shopper, form_values, session_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01", "S2.16", "S5.16")]


@pytest.fixture(autouse=True)
def countries():
    for code in ("DE", "CN", "GB", "US", "JP", "FR"):
        CountryFactory(iso_3166_1_a2=code, printable_name=code, name=code)


@pytest.fixture
def lamp():
    return ProductFactory(title_en="Reading lamp", title_zh_hans="阅读灯", price="60.00", stock=3)


def back(shopper: Shopper, order: Order, **kwargs):
    intent = PaymentIntent.objects.get(order_number=order.number)
    return shopper.client.get(reverse("payment-return", args=[intent.key]), **kwargs)


def found(one) -> list[str]:
    """The problems of one invariant; none where it has nothing to check."""
    try:
        return list(one.check())
    except NothingToCheck:
        return []


def placed(shopper: Shopper, lamp, provider, **kwargs) -> tuple[Order, str]:
    shopper.add(lamp)
    response = shopper.place(shopper.to_preview(**kwargs))
    assert response.status_code == 303
    return Order.objects.get(), response["Location"]


@pytest.mark.req("S1.03", "S5.04")
def test_guest_buys_with_a_card(client, provider, lamp):
    shopper = Shopper(client)

    order, pay_url = placed(shopper, lamp, provider)
    provider.control.pay(session_of(pay_url))
    response = back(shopper, order)

    order.refresh_from_db()
    assert order.status == "paid"
    assert order.guest_email == "ada@example.com"
    assert response["Content-Location"] == reverse("checkout:thank-you", args=[order.number])
    assert order.number in response.content.decode()
    assert [charge["amount_captured"] for charge in provider.control.charges()] == [6000]
    assert StockRecord.objects.get(product=lamp).num_allocated == 1
    assert client.get(reverse("checkout:preview"), follow=True).redirect_chain[-1][0] == reverse(
        "basket:summary"
    )


@pytest.mark.req("S5.03")
def test_the_whole_sale_leaves_no_drift(client, provider, lamp):
    shopper = Shopper(client)
    order, pay_url = placed(shopper, lamp, provider)
    provider.control.pay(session_of(pay_url))
    back(shopper, order)

    assert [problem for one in invariants() for problem in found(one)] == []


def test_member_orders_to_a_saved_address_and_sees_the_order(client, provider, lamp):
    member = UserFactory()
    client.force_login(member)
    shopper = Shopper(client)
    order, pay_url = placed(shopper, lamp, provider, email="")
    provider.control.pay(session_of(pay_url))
    back(shopper, order)

    page = client.get(reverse("customer:order", args=[order.number]))
    assert page.status_code == 200
    assert "Reading lamp" in page.content.decode()

    saved = member.addresses.get()
    shopper.add(lamp)
    assert "Invalidenstraße 116" in shopper.get("checkout:shipping-address").content.decode()
    response = shopper.post("checkout:shipping-address", {"saved": saved.pk})
    assert response["Content-Location"] == reverse("checkout:preview")
    assert "Invalidenstraße 116" in response.content.decode()


def test_confirmation_goes_out_once_in_the_language_of_the_order(client, provider, lamp):
    shopper = Shopper(client, language="zh-hans")
    order, pay_url = placed(shopper, lamp, provider, address=CHINA)
    provider.control.pay(session_of(pay_url))
    back(shopper, order)
    back(shopper, order)
    outbox.relay()
    send_due()
    send_due()

    assert order.facts.language == "zh-hans"
    assert [message.to for message in mail.outbox] == [["ada@example.com"]]
    message = mail.outbox[0]
    html = message.alternatives[0][0]
    assert "阅读灯" in html
    assert "阅读灯" in message.body
    assert 'lang="zh-Hans"' in html
    assert f"/zh-hans/orders/{order.number}" in html
    assert "上海市静安区" in message.body


def test_english_confirmation_names_things_total_and_link(client, provider, lamp):
    shopper = Shopper(client)
    order, pay_url = placed(shopper, lamp, provider)
    provider.control.pay(session_of(pay_url))
    back(shopper, order)
    assert not Mail.objects.exists()  # nobody waits for it in the browser
    outbox.relay()

    sent = Mail.objects.get()
    assert sent.kind == "order_confirmation"
    assert order.number in sent.subject
    assert "Reading lamp" in sent.text
    assert "€60.00" in sent.text
    assert f"/orders/{order.number}" in sent.text


def test_declined_then_paid_is_charged_once(client, provider, lamp):
    shopper = Shopper(client)
    order, pay_url = placed(shopper, lamp, provider)
    provider.control.pay(session_of(pay_url), "decline")

    assert back(shopper, order).status_code == 302
    order.refresh_from_db()
    assert order.status == "pending"

    provider.control.pay(session_of(pay_url))
    back(shopper, order)
    order.refresh_from_db()
    assert order.status == "paid"
    assert sum(charge["amount_captured"] for charge in provider.control.charges()) == 6000


def test_walking_away_keeps_the_order_and_offers_to_pay(client, provider, lamp):
    shopper = Shopper(client)
    order, pay_url = placed(shopper, lamp, provider)

    page = back(shopper, order, follow=True)

    text = page.content.decode()
    assert "Pay now" in text
    assert "Held for you until" in text
    links = page.context["page"].links
    again = client.post(links.pay)
    assert again.status_code == 303
    assert again["Location"] == pay_url


def test_paid_while_the_browser_never_came_back(client, provider, lamp):
    shopper = Shopper(client)
    order, pay_url = placed(shopper, lamp, provider)
    provider.control.pay(session_of(pay_url))
    PaymentIntent.objects.update(checked_at=timezone.now() - dt.timedelta(hours=1))

    intents_reconcile()
    outbox.relay()

    order.refresh_from_db()
    assert order.status == "paid"
    assert Mail.objects.filter(kind="order_confirmation").count() == 1


@pytest.mark.req("S7.03")
def test_provider_down_when_placing_leaves_an_order_that_can_be_paid(client, provider, lamp):
    shopper = Shopper(client)
    shopper.add(lamp)
    page = shopper.to_preview()
    provider.control.fault("error", "checkout.sessions.create", times=None)

    response = shopper.place(page)

    order = Order.objects.get()
    shown = client.get(response["Location"])
    assert order.status == "pending"
    assert "cannot be reached" in shown.content.decode()
    assert "Pay now" in shown.content.decode()
    provider.control.clear()
    assert client.post(shown.context["page"].links.pay).status_code == 303


def test_provider_down_on_the_way_back_says_so_and_looks_again(client, provider, lamp):
    shopper = Shopper(client)
    order, pay_url = placed(shopper, lamp, provider)
    provider.control.pay(session_of(pay_url))
    provider.control.fault("error", "checkout.sessions.retrieve", times=None)

    page = back(shopper, order, follow=True)

    assert "checking with the bank" in page.content.decode()
    links = page.context["page"].links
    assert client.get(links.status).status_code == 204
    provider.control.clear()
    back(shopper, order)
    assert client.get(links.status)["HX-Redirect"] == links.page


@pytest.mark.req("S5.16")
def test_a_price_that_moved_is_asked_again(client, provider, lamp):
    shopper = Shopper(client)
    shopper.add(lamp)
    page = shopper.to_preview()
    StockRecord.objects.filter(product=lamp).update(price="65.00")

    response = shopper.place(page)

    assert response.status_code == 409
    text = response.content.decode()
    assert "€65.00" in text
    assert "€60.00" in text
    assert not Order.objects.exists()
    assert shopper.place(response).status_code == 303
    assert Order.objects.get().total_incl_tax == 65


def test_every_short_line_is_named_and_mended_in_one_go(client, provider, lamp):
    vase = ProductFactory(title_en="Vase", price="20.00", stock=5)
    shopper = Shopper(client)
    shopper.add(lamp, 3)
    shopper.add(vase, 2)
    page = shopper.to_preview()
    StockRecord.objects.filter(product=lamp).update(num_allocated=2)
    StockRecord.objects.filter(product=vase).update(num_allocated=5)

    response = shopper.place(page)

    assert response.status_code == 409
    text = response.content.decode()
    assert "“Reading lamp”: 1 left, you want 3." in text
    assert "“Vase”: 0 left, you want 2." in text
    assert not Order.objects.exists()
    mended = client.post(reverse("checkout:fit"), follow=True)
    assert shopper.place(mended).status_code == 303
    assert [(line.product, line.quantity) for line in Order.objects.get().lines.all()] == [
        (lamp, 1)
    ]


@pytest.mark.parametrize("shown", ["", "rubbish", "x" * 10_000])
def test_an_altered_fingerprint_is_refused(client, provider, lamp, shown):
    shopper = Shopper(client)
    shopper.add(lamp)
    page = shopper.to_preview()

    response = shopper.place(page, **{"shown-stripe": shown})

    assert response.status_code == 409
    assert not Order.objects.exists()


def test_the_same_form_twice_makes_one_order(client, provider, lamp):
    shopper = Shopper(client)
    shopper.add(lamp)
    page = shopper.to_preview()

    first, second = shopper.place(page), shopper.place(page)

    assert first["Location"] == second["Location"]
    assert Order.objects.count() == 1


def test_the_form_of_somebody_else_opens_nothing(client, provider, lamp):
    client.force_login(UserFactory())
    shopper = Shopper(client)
    shopper.add(lamp)
    page = shopper.to_preview(email="")
    shopper.place(page)
    client.logout()

    response = shopper.place(page)

    assert response["Location"] == reverse("basket:summary")


@pytest.mark.parametrize(("method", "state"), [("transfer", "open"), ("cod", "authorised")])
def test_ways_to_pay_without_a_page(client, settings, lamp, method, state):
    settings.BANK_TRANSFER_DETAILS = "DE02 1203 0000"
    shopper = Shopper(client)
    shopper.add(lamp)

    response = shopper.place(shopper.to_preview(), payment=method)

    order = Order.objects.get()
    assert response["Location"] == reverse("checkout:thank-you", args=[order.number])
    text = client.get(response["Location"]).content.decode()
    assert ("DE02 1203 0000" in text) == (method == "transfer")
    assert PaymentIntent.objects.get().state == state
    outbox.relay()
    sent = Mail.objects.get()
    assert ("DE02 1203 0000" in sent.text) == (method == "transfer")


def test_an_order_of_nothing_needs_no_payment(client, provider, monkeypatch, lamp):
    StockRecord.objects.filter(product=lamp).update(price="0.00")
    monkeypatch.setattr(ZoneRate, "calculate", lambda self, basket: Price("EUR", 0, tax=0))
    shopper = Shopper(client)
    shopper.add(lamp)
    page = shopper.to_preview()

    response = shopper.place(page, payment="")

    order = Order.objects.get()
    assert order.status == "paid"
    assert not PaymentIntent.objects.exists()
    assert response["Location"] == reverse("checkout:thank-you", args=[order.number])
    assert client.get(response["Location"]).status_code == 200


def test_steps_cannot_be_skipped(client, lamp):
    shopper = Shopper(client)
    assert shopper.get("checkout:preview")["Location"] == reverse("basket:summary")
    shopper.add(lamp)
    assert shopper.get("checkout:preview")["Location"] == reverse("checkout:index")
    shopper.post("checkout:index", {"email": "ada@example.com"})
    assert shopper.get("checkout:preview")["Location"] == reverse("checkout:shipping-address")


def test_two_pages_lead_a_guest_to_the_button_and_offers_are_priced_once_each(client, lamp):
    shopper = Shopper(client)
    shopper.add(lamp)
    typed = {"email": "ada@example.com", **GERMANY}

    elsewhere = shopper.post("checkout:index", {**typed, "country": "JP"}).content.decode()
    assert 'value="ada@example.com"' in elsewhere
    assert "Prefecture" in elsewhere
    wrong = shopper.post("checkout:index", {**typed, "email": "ada", "postcode": "1"})
    assert wrong.status_code == 422
    assert {"id_email", "id_postcode"} <= set(re.findall(r'href="#(\w+)"', wrong.content.decode()))

    def offers_read(queries: CaptureQueriesContext) -> int:
        return sum('FROM "offer_conditionaloffer"' in one["sql"] for one in queries)

    with CaptureQueriesContext(connection) as queries:
        page = shopper.post("checkout:index", typed)
    assert offers_read(queries) == 1
    other = page.context["other_ways"][0]
    assert f'name="method" value="{other.code}"' in page.content.decode()
    page = shopper.post("checkout:shipping-method", {"method": other.code})
    assert page.context["quote"].shipping_charge.incl_tax == other.charge.incl_tax
    with CaptureQueriesContext(connection) as queries:
        shopper.place(page, payment="cod")
    assert offers_read(queries) == 1

    assert Order.objects.get().shipping_code == other.code


def test_the_answer_to_the_address_is_the_page_with_the_button(client, lamp):
    shopper = Shopper(client, language="zh-hans")
    shopper.add(lamp)

    answer = shopper.post("checkout:index", {"email": "ada@example.com", **GERMANY})
    asked = shopper.get("checkout:preview")
    address = shopper.url("checkout:preview")
    link = f'<own-address href="{address}" hidden>'
    for page in (answer, asked):
        html = page.content.decode()
        assert link in html
        assert f'name="next" value="{address}"' in html  # where a change of language leads back to
        assert form_values(page, "place-form").keys() == form_values(asked, "place-form").keys()
        assert "no-store" in page["Cache-Control"]
    assert answer["Content-Location"] == address
    assert shopper.place(answer, payment="cod").status_code == 302


def test_nobody_else_sees_the_order(client, provider, lamp, django_user_model):
    shopper = Shopper(client)
    order, _ = placed(shopper, lamp, provider)
    stranger = Shopper(type(client)())

    assert stranger.get("checkout:thank-you", order.number).status_code == 404
    assert back(stranger, order)["Location"] == reverse("orders:find")
    assert stranger.get("orders:order", order.number).status_code == 404
    assert stranger.get("orders:order", order_token(order)).status_code == 200
    stranger.client.force_login(UserFactory())
    assert stranger.get("customer:order", order.number).status_code == 404
    assert back(stranger, order).status_code == 404
    assert PaymentIntent.objects.get().state == IntentState.OPEN


def test_the_last_look_costs_as_many_queries_for_two_things_as_for_five(client, lamp):
    shopper = Shopper(client)
    shopper.add(lamp)
    shopper.add(ProductFactory())
    shopper.to_preview()

    def queries() -> int:
        shopper.get("checkout:preview")
        with CaptureQueriesContext(connection) as captured:
            assert shopper.get("checkout:preview").status_code == 200
        return len(captured)

    for_two = queries()
    for _ in range(3):
        shopper.add(ProductFactory())
    assert queries() == for_two
