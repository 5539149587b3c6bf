"""Offers and price lists cost a few queries more, whatever the number of goods."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.partner.strategy import ShopStrategy
from orders.basket.models import Basket
from promotions.offer.applicator import Applicator
from promotions.offer.models import Condition, Range
from tests.factories import CategoryFactory, ProductFactory
from tests.pricing.makers import list_price, site_offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea(db):
    category = CategoryFactory(name="Tea", slug="tea")
    about = Range.objects.create(name="Teas")
    about.included_categories.add(category)
    site_offer(name="One", range_=about)
    site_offer(name="Two", range_=about, condition=(Condition.COUNT, "2"), exclusive=False)
    return category


def fill(category, *, number: int) -> list:
    products = [ProductFactory(categories=[category]) for _ in range(number)]
    for product in products:
        list_price(product, "9.00", quantity=3)
    return products


@pytest.mark.req("S1.03")
def test_a_category_on_offer_stays_within_twelve_queries(client, tea):
    counts = []
    for number in (2, 6):
        fill(tea, number=number)
        client.get(f"/catalogue/category/tea_{tea.pk}/")
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/catalogue/category/tea_{tea.pk}/")
        assert "€8.50" in page.content.decode()
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12


def test_a_long_basket_is_priced_with_as_many_queries_as_a_short_one(tea):
    counts = []
    for number in (2, 6):
        basket = Basket.objects.create()
        basket.strategy = ShopStrategy()
        for product in fill(tea, number=number):
            basket.add_product(product, 3)
        basket = Basket.objects.get(pk=basket.pk)
        basket.strategy = ShopStrategy()
        with CaptureQueriesContext(connection) as queries:
            Applicator().apply(basket, AnonymousUser())
            total = basket.total_incl_tax
        assert total == number * Decimal("22.95")  # three at 9.00, 15 % off
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 9
