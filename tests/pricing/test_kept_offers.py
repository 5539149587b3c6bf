"""A basket that is looked at may use offers of a moment ago; an order and a coupon never do."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.exchange.rates import Exchange
from catalog.partner.strategy import ShopStrategy
from orders.basket.models import Basket
from promotions import prepared
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range, RangeProduct
from promotions.prepared import offer_twin, site_offers_forget, site_offers_shown
from tests.factories import ProductFactory
from tests.pricing.makers import site_offer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.03")]

PAGE = RequestFactory().get("/")


@pytest.fixture(autouse=True)
def kept_for_a_minute(settings):
    settings.STORE_OFFERS_KEPT_SECONDS = 60
    site_offers_forget()
    yield
    site_offers_forget()


def basket_of(product) -> Basket:
    basket = Basket.objects.create()
    basket.strategy = ShopStrategy()
    basket.add_product(product, 2)
    return basket


def total(basket: Basket, *, request=None) -> Decimal:
    basket = Basket.objects.get(pk=basket.pk)
    basket.price(ShopStrategy(), user=AnonymousUser(), request=request)
    return basket.shown_total


def test_pages_ask_for_offers_once_and_placing_each_time():
    site_offer(value="10")
    basket = basket_of(ProductFactory(price=Decimal("10.00"), stock=9))

    site_offers_forget()

    def asked(**page) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert total(basket, **page) == Decimal("18.00")
        return sum("offer_conditionaloffer" in one["sql"] for one in seen)

    assert [asked(request=PAGE), asked(request=PAGE), asked(), asked()] == [1, 0, 1, 1]


def test_what_others_changed_meanwhile_counts_for_an_order_at_once():
    offer = site_offer(value="10")
    basket = basket_of(ProductFactory(price=Decimal("10.00"), stock=9))
    assert total(basket, request=PAGE) == Decimal("18.00")
    # Another process, whose signals do not reach this one.
    ConditionalOffer.objects.filter(pk=offer.pk).update(status=ConditionalOffer.SUSPENDED)

    assert total(basket, request=PAGE) == Decimal("18.00")
    assert total(basket) == Decimal("20.00")
    site_offers_forget()
    assert total(basket, request=PAGE) == Decimal("20.00")


def test_a_change_in_this_process_is_seen_at_once():
    offer = site_offer(value="10")
    basket = basket_of(ProductFactory(price=Decimal("10.00"), stock=9))
    total(basket, request=PAGE)
    offer.benefit.value = Decimal("50")
    offer.benefit.save()

    assert total(basket, request=PAGE) == Decimal("10.00")


def test_the_clock_starts_and_ends_an_offer_that_is_kept(monkeypatch):
    now = timezone.now()
    site_offer(
        value="10",
        start_datetime=now + timezone.timedelta(minutes=10),
        end_datetime=now + timezone.timedelta(minutes=20),
    )
    found = []
    for minutes in (0, 15, 25):
        moment = now + timezone.timedelta(minutes=minutes)
        monkeypatch.setattr("promotions.prepared.timezone.now", lambda at=moment: at)
        found.append(len(site_offers_shown(set())))
    assert found == [0, 1, 0]


def test_what_one_basket_does_to_an_offer_no_other_sees():
    site_offer(kind=Benefit.FIXED, value="5", condition=(Condition.VALUE, "10"))
    mine, yours = site_offers_shown(set())[0], site_offers_shown(set())[0]
    mine.exchange = Exchange.__new__(Exchange)
    mine.condition.value = Decimal("99")
    mine.benefit.value = Decimal("99")
    mine.condition._num_matches = 7  # as Oscar's count of a condition does

    assert not hasattr(yours, "exchange")
    assert (yours.condition.value, yours.benefit.value) == (Decimal("10.00"), Decimal("5.00"))
    again = offer_twin(mine).condition
    assert not hasattr(again, "_num_matches")
    assert again.range == mine.condition.range


def test_an_order_builds_offers_anew_only_when_something_about_them_changed(monkeypatch):
    some = Range.objects.create(name="Some")
    offer = site_offer(value="10", range_=some)
    product, other = (ProductFactory(price=Decimal("10.00"), stock=9) for _ in range(2))
    some.add_product(product)
    basket, without = basket_of(product), basket_of(other)
    built = []
    made = prepared._parts_prepare
    monkeypatch.setattr(
        prepared, "_parts_prepare", lambda *facts: (built.append(1), made(*facts))[1]
    )

    assert [total(basket), total(without)] == [Decimal("18.00"), Decimal("20.00")]
    first = len(built)
    assert total(basket) == Decimal("18.00")
    assert len(built) == first
    # All of it by other processes, whose signals do not reach this one.
    ConditionalOffer.objects.filter(pk=offer.pk).update(num_applications=5)
    assert total(basket) == Decimal("18.00")
    assert len(built) == first
    ConditionalOffer.objects.filter(pk=offer.pk).update(max_global_applications=5)
    assert total(basket) == Decimal("20.00"), "it is used up"
    ConditionalOffer.objects.filter(pk=offer.pk).update(max_global_applications=None)
    Benefit.objects.filter(pk=offer.benefit_id).update(value=Decimal("50"))
    assert total(basket) == Decimal("10.00")
    RangeProduct.objects.create(range=some, product=other)
    assert total(without) == Decimal("10.00")
    assert len(built) > first
