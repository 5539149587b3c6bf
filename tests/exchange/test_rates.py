"""What a currency is worth, how prices end, and what the team may do about it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.exchange.models import Currency, CurrencyPrice, ExchangeRate
from catalog.exchange.rates import currencies_offered, exchange_of
from catalog.exchange.rounding import ended
from catalog.listing.models import ListedProduct
from catalog.refresh import families_refresh
from shop.core.nearby import nearby_forget
from shop.core.outbox import relay
from tests.exchange.makers import rates_are
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.req("S1.09")


@pytest.mark.parametrize(
    ("amount", "ending", "currency", "price"),
    [
        ("27.02", "99", "USD", "26.99"),
        ("27.48", "99", "USD", "26.99"),
        ("27.49", "99", "USD", "27.99"),
        ("27.02", "95", "GBP", "26.95"),
        ("194.53", "whole", "CNY", "195"),
        ("4033", "tens", "JPY", "4030"),
        ("4033", "nines", "JPY", "4029"),
        ("3.20", "99", "USD", "3.20"),
        ("12.345", "exact", "USD", "12.35"),
        ("980.5", "99", "JPY", "981"),
    ],
)
def test_prices_end_as_the_currency_wants(amount, ending, currency, price):
    assert ended(Decimal(amount), ending=ending, currency=currency) == Decimal(price)


@pytest.fixture
def finance(client, db):
    person = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(person)
    return client


@pytest.mark.django_db
def test_the_newest_day_is_in_force_and_a_shop_without_rates_has_one_currency():
    assert currencies_offered() == ["EUR"]
    assert exchange_of("USD").currency == "EUR"

    today = timezone.localdate()
    rates_are(USD="1.05", day=today - dt.timedelta(days=3))
    rates_are(USD="1.10", day=today)

    assert currencies_offered() == ["EUR", "USD"]
    assert exchange_of("USD").rate == Decimal("1.1")
    assert exchange_of("USD").amount(Decimal("10.00")) == Decimal("11.00")
    assert exchange_of("USD").back(Decimal("11.00")) == Decimal("10.00")


@pytest.mark.django_db
def test_a_rate_is_never_changed_nor_set_twice_for_a_day():
    rates_are(USD="1.05")

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        ExchangeRate.objects.update(rate=2)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        ExchangeRate.objects.all().delete()
    with pytest.raises(IntegrityError, match="once_a_day"), transaction.atomic():
        rates_are(USD="1.06")
    with pytest.raises(IntegrityError, match="above_nothing"), transaction.atomic():
        rates_are(CNY="-1")


def test_an_operator_sets_a_rate_and_is_asked_when_it_jumps(finance):
    rates_are(USD="1.05", day=timezone.localdate() - dt.timedelta(days=1))
    url = reverse("dashboard:rate-set")

    asked = finance.post(url, {"currency": "usd", "rate": "10.5"})

    assert asked.status_code == 422
    assert "moved by +900.0 %" in asked.content.decode()
    assert 'name="sure"' in asked.content.decode()
    assert ExchangeRate.objects.count() == 1

    assert finance.post(url, {"currency": "usd", "rate": "10.5", "sure": "on"}).status_code == 302
    assert exchange_of("USD").rate == Decimal("10.5")
    again = finance.post(url, {"currency": "USD", "rate": "10.6", "sure": "on"})
    assert again.status_code == 422
    assert "has its rate of today" in again.content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"currency": "EUR", "rate": "1"},
        {"currency": "XQQ", "rate": "1"},
        {"currency": "USD", "rate": "0"},
        {"currency": "USD", "rate": "-1"},
        {"currency": "USD", "rate": "NaN"},
        {"currency": "USD", "rate": "1e30"},
        {"currency": "", "rate": ""},
        {"currency": "💶", "rate": "1"},
    ],
)
def test_what_is_no_rate_is_refused_with_a_message(finance, fields):
    response = finance.post(reverse("dashboard:rate-set"), fields)

    assert response.status_code == 422
    assert not ExchangeRate.objects.exists()


def test_a_table_of_rates_comes_in_whole_or_not_at_all(finance):
    url = reverse("dashboard:rate-import")
    bad = "day,currency,rate\n2026-01-05,USD,1.1\n2026-01-06,USD,zero\n2999-01-01,USD,1\n,,"

    refused = finance.post(url, {"table": bad})

    assert refused.status_code == 422
    assert "Row 3: “zero” is no rate" in refused.content.decode()
    assert "Row 4: a rate is known on its day" in refused.content.decode()
    assert not ExchangeRate.objects.exists()

    good = "2026-01-05;USD;1.1\n2026-01-06;USD;1.12\n2026-01-06;JPY;162.5"
    assert finance.post(url, {"table": good}).status_code == 302
    assert ExchangeRate.objects.count() == 3
    assert finance.post(url, {"table": good}).status_code == 302
    assert ExchangeRate.objects.count() == 3
    assert currencies_offered() == ["EUR"]  # an operator offers a new currency, a table does not

    form = {"ending": "99", "is_offered": "on"}
    assert finance.post(reverse("dashboard:currency-detail", args=["USD"]), form).status_code == 302
    nearby_forget()
    assert currencies_offered() == ["EUR", "USD"]


def test_a_price_set_by_hand_stands_whatever_the_rate(finance):
    product = ProductFactory(price="20.00")
    record = product.stockrecords.get()
    rates_are(USD="1.10")
    form = {"sku": record.partner_sku, "currency": "USD", "price": "19.00"}

    assert finance.post(reverse("dashboard:currency-price-set"), form).status_code == 302
    assert ListedProduct.objects.get(pk=product.pk).prices == {"USD": "19.00"}

    one = CurrencyPrice.objects.get()
    assert "$19.00" in finance.get(reverse("dashboard:currency-price-list")).content.decode()
    finance.post(reverse("dashboard:currency-price-remove", args=[one.pk]))
    assert ListedProduct.objects.get(pk=product.pk).prices == {"USD": "22.00"}
    for price in ("0", "-3", "1.234", "x"):
        assert (
            finance.post(
                reverse("dashboard:currency-price-set"), form | {"price": price}
            ).status_code
            == 422
        )


def test_lists_follow_a_new_rate(finance):
    product = ProductFactory(price="20.00")
    Currency.objects.create(code="USD")
    families_refresh([product.pk])

    finance.post(reverse("dashboard:rate-set"), {"currency": "USD", "rate": "1.2"})
    nearby_forget()
    relay()
    relay()

    assert ListedProduct.objects.get(pk=product.pk).prices == {"USD": "24.00"}
