"""Many workers, one queue: everybody is told once, and no more than may be."""

import datetime as dt
from functools import partial

import pytest
from django.utils import timezone

from crm.alerts.models import AlertState, StockAlert
from crm.alerts.services import alert_ask, alert_open, alerts_send
from shop.core.models import Mail
from tests.concurrency.support import at_once
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_six_workers_tell_each_reader_once_and_six_at_most():
    cup = ProductFactory(stock=2)
    now = timezone.now()
    StockAlert.objects.bulk_create(
        StockAlert(
            product=cup,
            email=f"reader{index}@example.com",
            language="en",
            state=AlertState.OPEN,
            confirmed_at=now + dt.timedelta(seconds=index),
        )
        for index in range(20)
    )

    sent = at_once(*(partial(alerts_send, product_ids=[cup.pk]) for _ in range(6)))

    assert sum(sent) == 6
    told = Mail.objects.filter(kind="stock_alert_back").values_list("to", flat=True)
    assert sorted(told) == [f"reader{index}@example.com" for index in range(6)]


def test_one_reader_in_two_windows_is_on_the_list_once():
    cup, member = ProductFactory(stock=0), UserFactory()

    at_once(
        *(partial(alert_open, product_id=cup.pk, user=member, language="en") for _ in range(4)),
        *(
            partial(alert_ask, product_id=cup.pk, email=member.email, language="en")
            for _ in range(4)
        ),
    )

    assert StockAlert.objects.count() == 1
