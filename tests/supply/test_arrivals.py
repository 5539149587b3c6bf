"""Announced deliveries: shown while their day is ahead, booked once when they come."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from supply.models import ArrivalState, ExpectedArrival, StockMovement
from supply.selectors import arrivals_expected
from supply.services import arrival_cancel, arrival_expect, arrival_receive
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def announced(product, *, days: int, units: int = 12) -> ExpectedArrival:
    key = uuid.uuid4()
    arrival_expect(
        stock_record_id=product.stockrecords.get().pk,
        day=timezone.localdate() + dt.timedelta(days=days),
        units=units,
        note="",
        key=key,
    )
    return ExpectedArrival.objects.get(key=key)


def test_the_next_day_that_has_not_passed_is_told():
    cup = ProductFactory(stock=0)
    record = cup.stockrecords.get().pk
    announced(cup, days=-1)
    assert arrivals_expected([record]) == {}

    announced(cup, days=9, units=3)
    announced(cup, days=4, units=7)

    assert arrivals_expected([record])[record].units == 7


def test_what_came_is_on_the_shelf_once():
    cup = ProductFactory(stock=0)
    arrival = announced(cup, days=2)

    assert arrival_receive(arrival=arrival) is True
    assert arrival_receive(arrival=arrival) is False
    assert arrival_cancel(arrival=arrival) is False

    assert cup.stockrecords.get().num_in_stock == 12
    assert StockMovement.objects.filter(source=f"arrival:{arrival.pk}").count() == 1
    assert arrivals_expected([arrival.stock_record_id]) == {}


def test_a_form_sent_twice_announces_once(client, django_user_model):
    cup = ProductFactory(stock=0)
    record = cup.stockrecords.get()
    owner = django_user_model.objects.create_superuser(email="o@example.com", password="a-long-one")
    client.force_login(owner)
    form = {
        "arrival-day": (timezone.localdate() + dt.timedelta(days=3)).isoformat(),
        "arrival-units": "5",
        "arrival-key": str(uuid.uuid4()),
    }

    for _ in range(2):
        page = client.post(f"/dashboard/stock/{record.pk}/arrivals/", form)
        assert page.status_code == 302

    arrival = ExpectedArrival.objects.get()
    assert (arrival.units, arrival.state) == (5, ArrivalState.EXPECTED)
    assert "On its way" in client.get(f"/dashboard/stock/{record.pk}/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day", "2020-01-01"),
        ("day", "9999-12-31"),
        ("day", "x"),
        ("units", "0"),
        ("units", "9" * 30),
    ],
)
def test_a_slip_is_said_beside_its_field(client, django_user_model, field, value):
    record = ProductFactory(stock=0).stockrecords.get()
    owner = django_user_model.objects.create_superuser(email="o@example.com", password="a-long-one")
    client.force_login(owner)
    form = {
        "arrival-day": timezone.localdate().isoformat(),
        "arrival-units": "5",
        "arrival-key": str(uuid.uuid4()),
    }

    page = client.post(
        f"/dashboard/stock/{record.pk}/arrivals/", form | {f"arrival-{field}": value}
    )

    assert page.status_code == 422
    assert not ExpectedArrival.objects.exists()


def test_the_product_page_says_when_it_is_back(client):
    cup = ProductFactory(stock=0)
    arrival = announced(cup, days=5)

    page = client.get(cup.get_absolute_url())

    assert (
        page.context["page"].stock
        == f"Sold out · back on {arrival.day:%a} {arrival.day.day} {arrival.day:%b}"
    )
