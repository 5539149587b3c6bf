"""The demo's order that waits for a look: its reasons are what is known of it."""

import pytest
from django.utils import timezone

from orders.fraud.facts import Facts
from orders.fraud.models import CheckState, FraudCheck
from orders.fraud.rules import reason_words
from shop.demo.loader.watched import watched_load
from tests.factories import ProductFactory, UserFactory
from tests.sales import order_of
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16")]


def test_what_made_it_wait_is_what_its_page_shows() -> None:
    order = order_of(ProductFactory(stock=9))

    watched_load(manager=UserFactory(), now=timezone.now())

    check = FraudCheck.objects.get(order=order)
    said = [reason_words(reason) for reason in check.reasons]
    assert check.state == CheckState.HELD
    assert "Cards were refused 4 times" in said
    assert Facts(order=order, check=check).refusals == 4
    assert check.card_country == "US"
    assert any("card United States" in words for words in said), said
    assert verified()[0], verified()[1]
