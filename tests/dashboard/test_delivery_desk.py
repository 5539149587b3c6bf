"""The set-up of delivery at its desk: rates, ways of sending and points, one by one."""

import pytest
from django.urls import reverse

from orders.rates.models import Rate
from orders.rates.services import rates_load

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.14")]


def test_a_rate_in_the_office_takes_only_a_service_that_its_carrier_has(office):
    rates_load()
    rate, manager = Rate.objects.first(), office("Operations manager")
    page = reverse("dashboard:delivery-rate", args=[rate.pk])
    form = {"charge": "5", "days_least": 1, "days_most": 2}

    for wrong in ({"carrier": "nobody"}, {"carrier": "swiftline", "service": "freight"}):
        assert manager.post(page, form | wrong).status_code == 422
    manager.post(page, form | {"carrier": "parcelway", "service": "freight"})

    rate.refresh_from_db()
    assert (rate.carrier, rate.service) == ("parcelway", "freight")
