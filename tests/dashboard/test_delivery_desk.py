"""The set-up of delivery at its desk: rates, ways of sending and points, one by one."""

import pytest
from django.urls import reverse

from orders.rates.models import Holiday, Method, Mover, PickupPoint, Rate, WorkingWeek, Zone
from orders.rates.services import rates_load
from orders.rates.sheet import sheet_now
from orders.shipping.of_order import row_of_order
from orders.shipping.repository import methods_to
from shop.core.nearby import nearby_forget
from tests.factories import CountryFactory
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


def test_a_zone_is_added_with_rates_changed_and_removed_and_no_country_is_in_two(office) -> None:
    rates_load()
    CountryFactory(iso_3166_1_a2="JP")
    home, world = Zone.objects.get(code="home"), Zone.objects.get(countries=[])
    manager, add = office("Operations manager"), reverse("dashboard:delivery-zone-add")
    form = {"code": "japan", "name": "Japan", "countries": "jp", "like": home.pk}

    for wrong in ({"countries": ""}, {"countries": "DE"}, {"countries": "XX"}, {"code": "home"}):
        refused = manager.post(add, form | wrong)
        assert (refused.status_code, Zone.objects.filter(name="Japan").count()) == (422, 0), wrong
        assert "Japan" in refused.text
    assert manager.post(add, form).status_code == 302
    assert {one.charge for one in methods_to("JP")} == {one.charge for one in methods_to("DE")}

    zone = Zone.objects.get(code="japan")
    page = reverse("dashboard:delivery-zone", args=[zone.pk])
    assert "JP" in manager.get(page).text
    taken = manager.post(page, {"name": "Nippon", "countries": "JP DE"})
    assert (taken.status_code, "is in the zone" in taken.text) == (422, True)
    assert manager.post(page, {"name": "Nippon", "countries": ""}).status_code == 422
    manager.post(page, {"name": "Nippon", "countries": "JP"})
    zone.refresh_from_db()
    assert (zone.name, zone.countries) == ("Nippon", ["JP"])

    for _twice in range(2):
        manager.post(reverse("dashboard:delivery-zone-remove", args=[zone.pk]))
    nearby_forget()
    assert not Rate.objects.filter(zone_id=zone.pk).exists()
    assert {one.charge for one in methods_to("JP")} == {
        one.charge for one in world.rates.exclude(method__is_hidden=True)
    }
    kept = manager.post(reverse("dashboard:delivery-zone-remove", args=[world.pk]), follow=True)
    assert "One zone must name no country" in kept.text
    assert Zone.objects.filter(pk=world.pk).exists()
    office_page = reverse("dashboard:delivery-zone", args=[world.pk])
    assert "Remove this zone" not in manager.get(office_page).text


def test_a_point_is_added_found_closed_and_removed_unless_an_order_names_it(office) -> None:
    rates_load()
    order = order_of()
    manager, add = office("Operations manager"), reverse("dashboard:delivery-point-add")
    form = {"code": "hub-1", "name": "Kiosk Lin", "street": "Allee 1", "postcode": "10115"}
    form |= {"city": "Berlin", "country": "de", "is_open": "on"}

    for wrong in ({"country": "XX"}, {"name": ""}, {"code": "no code"}, {"carrier": "nobody"}):
        refused = manager.post(add, form | wrong)
        assert (refused.status_code, "Allee 1" in refused.text) == (422, True), wrong
    manager.post(add, form)
    assert manager.post(add, form).status_code == 422
    manager.post(add, form | {"code": "hub-2", "name": "Depot", "postcode": "80331"})

    listed = reverse("dashboard:delivery-points")
    found = manager.get(listed, {"q": "lin 101"})
    assert [one.code for one in found.context["page_obj"]] == ["hub-1"]
    one, other = PickupPoint.objects.order_by("code")
    manager.post(reverse("dashboard:delivery-point", args=[one.pk]), form | {"is_open": ""})
    one.refresh_from_db()
    assert (one.country, one.is_open, one.code) == ("DE", False, "hub-1")

    order.shipping_code = "pickup:hub-1"
    order.save(update_fields=["shipping_code"])
    kept = manager.post(reverse("dashboard:delivery-point-remove", args=[one.pk]), follow=True)
    assert "Orders name this point" in kept.text
    for _twice in range(2):
        manager.post(reverse("dashboard:delivery-point-remove", args=[other.pk]))
    assert list(PickupPoint.objects.values_list("code", flat=True)) == ["hub-1"]


def test_a_week_is_changed_and_removed_and_holds_where_no_zone_was_written_yet(office) -> None:
    manager, save = office("Operations manager"), reverse("dashboard:delivery-week-set")
    form = {"mover": "carrier", "code": "parcelway", "days": [0, 1], "cut_off": "12:00"}

    for wrong in ({"code": "nobody"}, {"mover": "warehouse"}, {"days": []}):
        assert manager.post(save, form | wrong).status_code == 422, wrong
    manager.post(save, form)
    again = manager.post(save, form | {"days": [0, 5]})
    assert again.status_code == 302, again.context["week_form"].errors
    nearby_forget()
    week = WorkingWeek.objects.get()
    assert sheet_now().week(Mover.CARRIER, "parcelway").days == {0, 5}
    days = reverse("dashboard:delivery-days")
    shown = manager.get(days, {"week": week.pk}).context["week_form"]
    assert (shown["code"].value(), shown["days"].value()) == ("parcelway", [0, 5])

    manager.post(
        reverse("dashboard:delivery-holiday-add"),
        {"day": "2026-05-01", "name": "May Day", "mover": "carrier", "code": "swift"},
    )
    assert not Holiday.objects.exists()
    for _twice in range(2):
        manager.post(reverse("dashboard:delivery-week-remove", args=[week.pk]))
    nearby_forget()
    assert not WorkingWeek.objects.exists()
    assert sheet_now().week(Mover.CARRIER, "parcelway").days == {0, 1, 2, 3, 4}
