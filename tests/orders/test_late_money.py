"""A promise rests on a cut-off: money that comes after it moves the days, once, and everybody is told."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from orders.models import Order
from orders.pages import OrderPage
from payments.services import intent_capture
from shop.core.models import Mail
from shop.core.outbox import relay
from shop.dashboard.selectors import orders_late
from tests.factories import WarehouseFactory
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.22")]
MONDAY = dt.datetime(2031, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.fixture
def clock(monkeypatch):
    """Says what time it is; begins on a Monday before the cut-off."""
    now = [MONDAY]
    WarehouseFactory()
    monkeypatch.setattr(timezone, "now", lambda: now[0].astimezone(dt.UTC))

    def to(moment: dt.datetime) -> None:
        now[0] = moment

    return to


def paid(order: Order) -> Order:
    intent_capture(intent=intent_of(order))
    relay()
    return Order.objects.select_related("facts").get(pk=order.pk)


def test_a_transfer_of_friday_is_promised_from_friday_and_is_not_late(clock) -> None:
    order = order_of()
    first = order.facts.promised_until
    clock(MONDAY + dt.timedelta(days=4))

    order = paid(order)

    assert order.facts.first_promised_until == first
    assert (first, order.facts.promised_until) == (dt.date(2031, 11, 26), dt.date(2031, 12, 2))
    assert not orders_late().exists()
    mail = Mail.objects.get(kind="order_paid")
    assert "2 Dec" in mail.text
    assert "Reckoned from the day of your payment" in mail.text
    assert OrderPage(order).first_promise == (first, first)


def test_money_before_the_cut_off_of_the_promise_moves_nothing(clock) -> None:
    order = order_of()
    before = (order.facts.promised_from, order.facts.promised_until)
    clock(MONDAY + dt.timedelta(hours=3))

    facts = paid(order).facts

    assert (facts.promised_from, facts.promised_until) == before
    assert facts.first_promised_until is None
    assert "Reckoned from" not in Mail.objects.get(kind="order_paid").text


def test_an_hour_after_the_cut_off_is_a_day_later(clock) -> None:
    order = order_of()
    first = order.facts.promised_until
    clock(MONDAY + dt.timedelta(hours=5))

    assert paid(order).facts.promised_until == first + dt.timedelta(days=1)
