"""Kept pages cost no SQL in any currency, and are no heavier in one that is not the shop's own."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse

from shop.core.pagecache.shelf import shelf
from tests.exchange.makers import rates_are
from tests.factories import CategoryFactory, CountryFactory, ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.09", "S5.02")]

MARKETS = {
    "dollars": {"currency": "USD"},
    "yen": {"currency": "JPY"},
    "america": {"country": "US"},
    "euros in america": {"country": "US", "currency": "EUR"},
}


@pytest.fixture(autouse=True)
def kept(settings):
    for code in ("DE", "US", "JP"):
        CountryFactory(iso_3166_1_a2=code, printable_name=code, name=code)
    rates_are(USD="1.10", JPY="160", endings=True)
    settings.PAGE_CACHE = True
    shelf.clear_near()
    yield
    shelf.clear_near()


def visitor(**cookies: str) -> Client:
    """Somebody new whose browser has these cookies."""
    client = Client()
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


def paths() -> list[str]:
    category = CategoryFactory()
    lamp = ProductFactory(title="Reading lamp", price="60.00", categories=[category])
    pages = [reverse("home"), reverse("catalogue:index"), category.get_absolute_url()]
    return [*pages, lamp.get_absolute_url(), reverse("search:search") + "?q=lamp"]


@pytest.mark.parametrize("market", MARKETS)
def test_a_visitor_of_any_market_costs_no_sql(market, django_assert_num_queries):
    cookies = MARKETS[market]
    for path in paths():
        first = visitor(**cookies).get(path)
        assert first.status_code == 200
        with django_assert_num_queries(0):
            again = visitor(**cookies).get(path)
        assert again["ETag"].split("-")[0] == first["ETag"].split("-")[0]  # the same kept page


def test_markets_do_not_see_each_others_pages():
    found = {
        market: [visitor(**cookies).get(path).content.decode() for path in paths()[-2:]]
        for market, cookies in MARKETS.items()
    }

    for market, sign, others in (
        ("dollars", "$65.99", ("€", "¥")),
        ("yen", "9,600", ("€", "$")),
        ("america", "$65.99", ("€", "¥")),
        ("euros in america", "€60.00", ("$6", "¥")),
    ):
        for page in found[market]:
            assert sign in page
            assert not [other for other in others if f">{other}" in page]


def test_another_currency_makes_a_page_no_heavier():
    for path in paths():
        weights = [
            len(gzip.compress(visitor(**cookies).get(path).content))
            for cookies in ({}, {"currency": "USD"}, {"country": "US"})
        ]
        assert max(weights) < weights[0] + 300  # bytes: an open basket form says a token anew
