"""Taxes by country, state, kind of goods and day; in the price or added to it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import TaxClass
from catalog.taxes.models import TaxCountry, TaxRate
from catalog.taxes.rates import taxes_at
from catalog.taxes.services import tax_rate_set, taxes_load
from orders.models import Order
from promotions.offer.models import Benefit
from shop.core.nearby import nearby_forget
from tests.exchange.makers import rates_are
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import GERMANY, Shopper
from tests.pricing.makers import site_offer
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.09")]
STANDARD, REDUCED, NONE = TaxClass.STANDARD, TaxClass.REDUCED, TaxClass.NONE

NEW_YORK = {
    "country": "US",
    "for": "US",
    "first_name": "Ada",
    "last_name": "King",
    "line1": "350 Fifth Avenue",
    "line2": "",
    "line4": "New York",
    "state": "NY",
    "postcode": "10118",
    "phone_number": "(201) 555-0123",
}
FRANCE = GERMANY | {"country": "FR", "for": "FR", "postcode": "75001", "line4": "Paris"}
FRANCE["phone_number"] = "01 23 45 67 89"


@pytest.fixture(autouse=True)
def countries():
    for code in ("DE", "US", "JP", "GB", "CN", "FR"):
        CountryFactory(iso_3166_1_a2=code, printable_name=code, name=code)


@pytest.fixture
def loaded():
    taxes_load()
    nearby_forget()


def test_without_tables_the_shops_own_rates_hold_everywhere():
    taxes = taxes_at("FR")
    assert (taxes.rate(STANDARD), taxes.rate(REDUCED)) == (Decimal("0.19"), Decimal("0.07"))
    assert not taxes.is_added


def test_the_rates_that_came_with_the_shop(loaded):
    day = dt.date(2026, 3, 1)
    known = {
        code: (taxes_at(code, day=day).rate(STANDARD), taxes_at(code, day=day).rate(REDUCED))
        for code in ("DE", "FR", "FI", "GB", "CN", "JP")
    }

    assert known == {
        "DE": (Decimal("0.19"), Decimal("0.07")),
        "FR": (Decimal("0.20"), Decimal("0.055")),
        "FI": (Decimal("0.255"), Decimal("0.135")),
        "GB": (Decimal("0.20"), Decimal("0.05")),
        "CN": (Decimal("0.13"), Decimal("0.09")),
        "JP": (Decimal("0.10"), Decimal("0.08")),
    }
    assert taxes_at("FI", day=dt.date(2025, 12, 31)).rate(REDUCED) == Decimal("0.14")
    new_york, california = taxes_at("US", "NY"), taxes_at("US", "CA")
    assert (new_york.rate(STANDARD), new_york.delivery_rate) == (Decimal("0.04"), Decimal("0.04"))
    assert (california.rate(STANDARD), california.delivery_rate) == (Decimal("0.0725"), 0)
    assert taxes_at("US").is_added
    assert not taxes_at("US").is_known
    assert taxes_at("US").rate(STANDARD) == 0
    assert taxes_at("US", "NY").rate(NONE) == 0
    assert TaxCountry.objects.count() > 30
    assert taxes_load() == 0


def test_a_state_is_named_only_where_tax_depends_on_it(loaded):
    assert taxes_at("US", "NY").region == "NY"
    assert taxes_at("CN", "上海市").region == ""
    assert taxes_at("CN", "上海市") == taxes_at("CN", "四川省")


def test_the_newest_rate_that_has_come_counts():
    TaxCountry.objects.create(code="FR")
    today = timezone.localdate()
    for days, percent in ((-30, "20"), (0, "21"), (5, "22")):
        tax_rate_set(
            country="FR",
            region="",
            tax_class=STANDARD,
            rate=Decimal(percent) / 100,
            on_delivery=True,
            valid_from=today + dt.timedelta(days=days),
        )
    nearby_forget()

    assert taxes_at("FR").rate(STANDARD) == Decimal("0.21")
    assert taxes_at("FR").rate(REDUCED) == Decimal("0.21")  # no rate of its own
    assert taxes_at("FR", day=today + dt.timedelta(days=6)).rate(STANDARD) == Decimal("0.22")
    assert taxes_at("FR", day=today - dt.timedelta(days=6)).rate(STANDARD) == Decimal("0.20")


def placed(client, product, address, quantity=1) -> Order:
    shopper = Shopper(client)
    shopper.add(product, quantity)
    page = shopper.to_preview(address=address)
    response = shopper.place(page, payment="transfer")
    assert response.status_code in (302, 303)
    return Order.objects.get()


def test_france_pays_the_same_price_with_its_own_tax_in_it(client, loaded):
    lamp = ProductFactory(price="60.00", stock=9)

    order = placed(client, lamp, FRANCE, quantity=2)

    assert order.total_incl_tax == Decimal("120.00")  # free delivery from 99 on
    assert order.total_excl_tax == Decimal("100.00")
    assert (order.sums.tax_country, order.sums.is_tax_added) == ("FR", False)
    assert {order.lines.get().tax_code, order.lines.get().prices.get().tax_code} == {"20%"}
    assert verified()[0], verified()[1]


def test_new_york_sees_prices_without_tax_and_the_tax_before_it_pays(client, loaded):
    rates_are(USD="1.10", endings=True)
    lamp = ProductFactory(price="60.00", stock=9)
    site_offer(name="Five off", kind=Benefit.FIXED, value="5")
    client.cookies["country"] = "US"
    page = client.get(lamp.get_absolute_url()).content.decode()
    assert "Plus sales tax, reckoned with your address." in page
    assert "Prices include VAT" not in page
    shopper = Shopper(client)
    shopper.add(lamp)
    basket = shopper.get("basket:summary").content.decode()
    assert "plus sales tax, reckoned with your address" in basket

    preview = shopper.to_preview(address=NEW_YORK)

    # 65.99 − 5.50 + 21.99 delivery, 4 % on both
    text = preview.content.decode()
    for amount in ("$65.99", "$5.50", "$21.99", "Sales tax 4 %", "$3.30", "$85.78"):
        assert amount in text, amount
    shopper.place(preview, payment="transfer")
    order = Order.objects.get()
    assert (order.currency, order.total_excl_tax) == ("USD", Decimal("82.48"))
    assert order.total_incl_tax == Decimal("85.78")
    assert order.sums.is_tax_added
    assert order.sums.tax_region == "NY"
    line = order.lines.get()
    assert line.line_price_excl_tax == Decimal("60.49")
    assert line.line_price_incl_tax == Decimal("62.91")
    text = shopper.get("checkout:thank-you", order.number).content.decode()
    for words in ("Sales tax 4 %", "$3.30", "$85.78"):
        assert words in text, words
    assert "0 %" not in text
    assert verified()[0], verified()[1]


def test_a_rate_that_changes_between_page_and_click_is_asked_about(client, loaded):
    lamp = ProductFactory(price="60.00", stock=9)
    shopper = Shopper(client)
    shopper.add(lamp)
    page = shopper.to_preview(address=NEW_YORK)
    TaxRate.objects.filter(region="NY").update(rate=Decimal("0.05"))
    nearby_forget()

    response = shopper.place(page, payment="transfer")

    assert response.status_code == 409
    assert not Order.objects.exists()


@pytest.fixture
def finance(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_the_team_keeps_the_tables(finance):
    assert (
        "One rate for the whole world"
        in finance.get(reverse("dashboard:tax-list")).content.decode()
    )
    assert finance.post(reverse("dashboard:tax-load")).status_code == 302
    add = {"code": "AU", "name": "gst"}
    assert finance.post(reverse("dashboard:tax-country-add"), add).status_code == 302
    assert finance.post(reverse("dashboard:tax-country-add"), add).status_code == 422
    url = reverse("dashboard:tax-rate-set", args=["AU"])
    good = {"tax_class": "standard", "percent": "10", "valid_from": "2026-01-01", "region": ""}

    assert finance.post(url, good).status_code == 302

    nearby_forget()
    assert taxes_at("AU", day=dt.date(2026, 2, 1)).rate(STANDARD) == Decimal("0.1")
    page = finance.get(reverse("dashboard:tax-detail", args=["AU"])).content.decode()
    assert "10 %" in page
    row = TaxRate.objects.get(country="AU")
    remove = reverse("dashboard:tax-rate-remove", args=["AU", row.pk])
    assert finance.post(remove).status_code == 302
    assert finance.post(remove).status_code == 302
    assert not TaxRate.objects.filter(country="AU").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"percent": "-1"},
        {"percent": "100"},
        {"percent": "NaN"},
        {"percent": "1e9"},
        {"valid_from": "yesterday"},
        {"valid_from": "0001-01-01"},
        {"valid_until": "2025-12-31"},
        {"tax_class": "none"},
        {"region": "x" * 41},
    ],
)
def test_what_is_no_rate_is_refused_with_a_message(finance, wrong):
    TaxCountry.objects.create(code="AU")
    good = {"tax_class": "standard", "percent": "10", "valid_from": "2026-01-01", "region": ""}

    response = finance.post(reverse("dashboard:tax-rate-set", args=["AU"]), good | wrong)

    assert response.status_code == 422
    assert not TaxRate.objects.exists()
