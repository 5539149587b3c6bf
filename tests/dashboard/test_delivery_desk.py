"""The set-up of delivery at its desk: rates, ways of sending and points, one by one."""

import pytest
from django.urls import reverse

from orders.rates.models import Method, Rate, Zone
from orders.rates.services import rates_load
from orders.shipping.of_order import row_of_order
from orders.shipping.repository import methods_to
from shop.core.nearby import nearby_forget
from tests.sales import order_of

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


def rate_form(zone: Zone, **others) -> dict:
    method = Method.objects.get(code="express")
    days = {"days_least": 1, "days_most": 2, "weight_from": 0, "value_from": 0}
    return {"zone": zone.pk, "method": method.pk, "charge": "7.50", **days, **others}


def test_a_rate_is_added_once_and_removed_where_no_gap_is_left(office) -> None:
    rates_load()
    manager, add = office("Operations manager"), reverse("dashboard:delivery-rate-add")
    home = Zone.objects.get(code="home")
    before = Rate.objects.count()
    heavy = rate_form(home, weight_from=20_000, carrier="parcelway", service="freight")

    assert manager.get(add, {"zone": home.pk}).context["form"].initial == {"zone": str(home.pk)}
    for wrong in ({"weight_to": 10}, {"charge": "-1"}, {"value_to": "0"}, {"service": "express"}):
        assert manager.post(add, heavy | wrong).status_code == 422, wrong
    assert manager.post(add, heavy).status_code == 302
    again = manager.post(add, heavy)
    assert again.status_code == 422
    assert "a rate with these bounds already" in again.text
    rate = Rate.objects.get(weight_from=20_000)
    assert (Rate.objects.count(), rate.service) == (before + 1, "freight")

    for _twice in range(2):
        manager.post(reverse("dashboard:delivery-rate-remove", args=[rate.pk]))
    assert Rate.objects.count() == before
    for one in list(Rate.objects.filter(zone=home)):
        said = manager.post(reverse("dashboard:delivery-rate-remove", args=[one.pk]), follow=True)
    assert "no way for 0 g" in said.text
    assert Rate.objects.filter(zone=home).count() == 1


def test_a_hidden_way_is_not_offered_and_what_was_ordered_with_it_is_still_sent_with_it(
    office,
) -> None:
    rates_load()
    order = order_of()
    manager, method = office("Operations manager"), Method.objects.get(code="standard")
    page = reverse("dashboard:delivery-method", args=[method.pk])
    form = {"name_en": "Slow", "name_zh": "慢递", "position": 3}

    assert manager.get(page).status_code == 200
    manager.post(page, form | {"is_hidden": "on"})
    nearby_forget()

    assert [one.code for one in methods_to("DE")] == ["express"]
    row = row_of_order(order)
    assert row is not None
    assert row.method == "standard"
    other = reverse("dashboard:delivery-method", args=[Method.objects.get(code="express").pk])
    refused = manager.post(other, form | {"is_hidden": "on"})
    assert refused.status_code == 422
    assert "no way for 0 g" in refused.text
    assert not Method.objects.get(code="express").is_hidden
    manager.post(page, form)
    nearby_forget()
    assert "Slow" not in Method.objects.get(code="express").name_en
    assert [one.code for one in methods_to("DE")] == ["express", "standard"]
