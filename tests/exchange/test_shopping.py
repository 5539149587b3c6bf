"""A shopper in another currency: the same price everywhere, and an order that stays in it."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from catalog.exchange.models import CurrencyPrice, MemberCurrency
from catalog.partner.strategy import ShopStrategy
from catalog.pricing.prices import PriceContext
from catalog.pricing.resolver import price_resolve
from catalog.refresh import families_refresh
from orders.basket.models import Basket
from orders.models import Order, OrderDiscount
from orders.services import order_refund
from payments.models import PaymentIntent
from promotions.offer.applicator import Applicator
from promotions.offer.models import Benefit, Condition
from shop.core.outbox import relay
from tests.exchange.makers import rates_are
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import Shopper, session_of
from tests.pricing.makers import list_price, record_of, site_offer
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.09")]


@pytest.fixture(autouse=True)
def world():
    for code in ("DE", "US", "JP", "GB", "CN"):
        CountryFactory(iso_3166_1_a2=code, printable_name=code, name=code)
    rates_are(USD="1.10", JPY="160", GBP="0.85", CNY="7.8", endings=True)


def choose(client, currency):
    response = client.post(reverse("currency"), {"currency": currency, "next": "/search/"})
    assert response.status_code == 302
    return response


def test_the_choice_is_kept_in_a_cookie_and_shown_everywhere(client):
    lamp = ProductFactory(title_en="Reading lamp", price="60.00")
    families_refresh([lamp.pk])
    assert "€60.00" in client.get(lamp.get_absolute_url()).content.decode()

    response = choose(client, "USD")

    assert response["Location"] == "/search/"
    page = client.get(lamp.get_absolute_url()).content.decode()
    assert "$65.99" in page
    assert "€60.00" not in page
    assert "$65.99" in client.get("/search/?q=lamp").content.decode()
    shopper = Shopper(client)
    shopper.add(lamp)
    assert "$65.99" in shopper.get("basket:summary").content.decode()
    choose(client, "JPY")
    assert "9,600" in shopper.get("basket:summary").content.decode()


def test_what_is_no_currency_changes_nothing(client):
    for currency in ("XXX", "", "usd", "💶" * 300):
        response = client.post(
            reverse("currency"), {"currency": currency, "next": "//evil.example"}
        )
        assert response.status_code == 302
        assert response["Location"] == "/"
        assert "currency" not in client.cookies
    client.cookies["currency"] = "XYZ"
    assert client.get("/").status_code == 200
    assert client.get(reverse("currency")).status_code == 405


def test_kept_pages_are_of_one_currency(client, settings):
    settings.PAGE_CACHE = True
    lamp = ProductFactory(price="60.00")
    url = lamp.get_absolute_url()
    for currency, price in (("EUR", "€60.00"), ("USD", "$65.99"), ("EUR", "€60.00")):
        client.cookies["currency"] = currency
        assert price in client.get(url).content.decode()


def test_what_a_kept_page_shows_of_the_visitor_is_in_the_currency_too(client, settings):
    settings.PAGE_CACHE = True
    lamp = ProductFactory(price="60.00")
    client.cookies["currency"] = "USD"
    client.get(lamp.get_absolute_url())  # seen lately from now on

    page = client.get("/").content.decode()

    assert "$65.99" in page
    assert "€" not in page


def test_nothing_is_guessed_from_but_the_country_of_delivery(client):
    lamp = ProductFactory(price="60.00")
    headers = {"HTTP_ACCEPT_LANGUAGE": "en-US"}
    assert "€60.00" in client.get(lamp.get_absolute_url(), **headers).content.decode()

    client.cookies["country"] = "US"
    assert "$65.99" in client.get(lamp.get_absolute_url()).content.decode()

    choose(client, "EUR")
    assert "€60.00" in client.get(lamp.get_absolute_url()).content.decode()


def test_a_member_finds_the_choice_on_another_device(client):
    member = UserFactory(email="mei@example.com")
    member.set_password("a long password")
    member.save()
    client.force_login(member)
    choose(client, "GBP")

    other = Client()
    signed_in = other.post(
        reverse("customer:login"),
        {"username": "mei@example.com", "password": "a long password"},
    )

    assert signed_in.status_code == 302
    assert MemberCurrency.objects.get(user=member).currency == "GBP"
    assert other.cookies["currency"].value == "GBP"


@pytest.mark.parametrize("currency", ["USD", "JPY", "CNY", "GBP"])
def test_card_page_and_basket_say_the_same(client, currency):
    tea = ProductFactory(price="24.90")
    list_price(tea, "22.50", quantity=3)
    site_offer(value="15")
    site_offer(name="Two off", kind=Benefit.FIXED, value="2", condition=(Condition.VALUE, "20"))
    for quantity in (1, 2, 3):
        context = PriceContext(currency=currency, quantity=quantity)
        price = price_resolve(record_of(tea), context=context)
        basket = Basket.objects.create()
        basket.strategy = ShopStrategy(currency=currency)
        basket.add_product(tea, quantity)
        basket.reset_offer_applications()
        Applicator().apply(basket)
        line = basket.all_lines()[0]

        assert basket.currency == price.currency == currency
        assert line.unit_price_incl_tax == price.base
        assert line.line_price_incl_tax_incl_discounts == price.total


def test_price_lists_in_a_currency_and_set_prices_go_as_they_are():
    tea = ProductFactory(price="24.90")
    CurrencyPrice.objects.create(
        stock_record=tea.stockrecords.get(), currency_id="USD", price=Decimal("21.00")
    )
    assert price_resolve(record_of(tea), context=PriceContext(currency="USD")).now == 21

    list_price(tea, "18.50", code="usd", currency="USD")
    assert price_resolve(record_of(tea), context=PriceContext(currency="USD")).now == Decimal(
        "18.50"
    )
    assert price_resolve(record_of(tea), context=PriceContext(currency="EUR")).now == Decimal(
        "24.90"
    )


def test_the_price_filter_is_in_the_chosen_currency(client):
    cheap, dear = ProductFactory(price="10.00"), ProductFactory(price="100.00")
    families_refresh([cheap.pk, dear.pk])
    choose(client, "JPY")

    page = client.get("/catalogue/?price=1000-2000").content.decode()

    assert cheap.title in page
    assert dear.title not in page
    assert "1,600" in page


def test_an_order_stays_in_the_currency_in_which_it_was_placed(client, provider):
    lamp = ProductFactory(price="60.00", stock=5)
    site_offer(name="Five off", kind=Benefit.FIXED, value="5")
    choose(client, "JPY")
    shopper = Shopper(client)
    shopper.add(lamp, 2)

    response = shopper.place(shopper.to_preview())

    assert response.status_code == 303
    order = Order.objects.get()
    assert order.currency == "JPY"
    assert order.total_incl_tax == 9600 * 2 - 800 == Decimal(18400)  # free from 49 EUR on
    assert order.sums.rate == 160
    assert order.sums.total_own == Decimal("115.00")
    assert OrderDiscount.objects.get().amount == 800
    intent = PaymentIntent.objects.get()
    assert (intent.currency, intent.amount) == ("JPY", Decimal(18400))

    provider.control.pay(session_of(response["Location"]))
    choose(client, "EUR")
    rates_are_new = shopper.client.get(reverse("payment-return", args=[intent.key]), follow=True)
    relay()
    assert "18,400" in rates_are_new.content.decode()
    intent.refresh_from_db()
    assert intent.amount_captured == 18400
    order.refresh_from_db()
    assert order.status == "paid"
    order_refund(order=order, amount=Decimal(400), reason="dent", key="k1", user=None)
    assert verified()[0], verified()[1]


def test_delivery_and_its_minimum_are_in_the_currency(client):
    spoon = ProductFactory(price="30.00")
    choose(client, "USD")
    shopper = Shopper(client)
    shopper.add(spoon)

    page = shopper.get("basket:summary").content.decode()

    assert "$32.99" in page
    assert "$5.39" in page or "$4.99" in page  # 4.90 EUR
    assert "$21.01" in page  # 49 EUR are 54 USD
