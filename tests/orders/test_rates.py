"""Delivery by data: what it costs, what is asked on top, and which day is promised."""

import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from orders.models import Order, ShippingAddress
from orders.rates.models import (
    Holiday,
    Method,
    Mover,
    PickupPoint,
    ProductLoad,
    Rate,
    Surcharge,
    WorkingWeek,
)
from orders.rates.rows import RATE_HEAD, rates_read
from orders.rates.services import rates_load, rates_replace
from orders.rates.sheet import sheet_now
from orders.shipping.repository import Repository, methods_to
from shop.core.nearby import nearby_forget
from shop.core.tables import TableRefused
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import GERMANY, Shopper
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.14")]

TABLE = """home,Germany,DE,standard,,0,20000,,,,4.90,49,1,2,parcelway,standard
home,Germany,DE,standard,,20000,,,,,12.90,,2,4,parcelway,freight
home,Germany,DE,standard,Trade,0,,,,,0,,1,2,parcelway,standard
home,Germany,DE,express,,0,,60,0,,9.90,,1,1,swiftline,express
world,World,,standard,,,,,,,19.90,199,6,10,,"""
MONDAY_NOON = dt.datetime(2026, 11, 30, 11, tzinfo=dt.UTC)  # 12:00 in Berlin


def table(text: str = TABLE) -> str:
    return f"{','.join(RATE_HEAD)}\n{text}\n"


def written(text: str = TABLE) -> None:
    Group.objects.get_or_create(name="Trade")
    rates_replace(lines=rates_read(table(text)))
    nearby_forget()


def ways(client, *, postcode="10115", country="DE", user=None):
    """What the delivery step would offer for what is in the basket: code, charge, name."""
    basket = client.get(reverse("basket:summary")).wsgi_request.basket
    address = ShippingAddress(country_id=country, postcode=postcode)
    found = Repository().get_shipping_methods(basket=basket, shipping_addr=address, user=user)
    return {one.code: one.calculate(basket).incl_tax for one in found}


def test_the_shop_sells_as_before_until_the_office_writes_a_table_and_then_too():
    def shown():
        nearby_forget()
        return [
            (
                country,
                [(one.code, one.charge, one.free_from, one.days) for one in methods_to(country)],
            )
            for country in ("DE", "FR", "US")
        ]

    before = shown()
    assert before[0] == (
        "DE",
        [("standard", Decimal("4.90"), 49, (1, 2)), ("express", Decimal("9.90"), None, (1, 1))],
    )

    assert rates_load() == 6
    assert rates_load() == 0

    assert shown() == before
    assert Rate.objects.count() == 6
    nearby_forget()
    is_well, said = verified()
    assert is_well, said


def test_weight_value_group_bulk_and_islands_decide_what_it_costs(client):
    CountryFactory()
    written()
    lamp = ProductFactory(price="10.00", stock=99)
    shopper = Shopper(client)
    shopper.add(lamp)
    assert ways(client) == {"standard": Decimal("4.90"), "express": Decimal("9.90")}

    ProductLoad.objects.create(product=lamp, grams=25_000, millilitres=61_000, is_bulky=True)
    assert ways(client) == {"standard": Decimal("12.90")}

    Surcharge.objects.create(kind="bulky", charge="14.90")
    Surcharge.objects.create(kind="remote", country="DE", postcodes="27498", charge="6.90")
    nearby_forget()
    assert ways(client) == {"standard": Decimal("27.80")}
    assert ways(client, postcode="27498") == {"standard": Decimal("34.70")}
    assert ways(client, country="CN", postcode="200040") == {"standard": Decimal("34.80")}

    member = UserFactory()
    assert ways(client, user=member)["standard"] == Decimal("27.80")
    member.groups.add(Group.objects.get(name="Trade"))
    assert ways(client, user=member)["standard"] == Decimal("14.90")  # only the surcharge is left


def test_a_promise_steps_over_the_cut_off_holidays_and_days_off():
    written()
    standard = methods_to("DE")[0]
    day = dt.date
    assert standard.promise(MONDAY_NOON) == (day(2026, 12, 1), day(2026, 12, 2))
    evening = MONDAY_NOON + dt.timedelta(hours=4)
    assert standard.promise(evening) == (day(2026, 12, 2), day(2026, 12, 3))

    Holiday.objects.create(mover=Mover.WAREHOUSE, day=day(2026, 11, 30), name="Stocktaking")
    Holiday.objects.create(mover=Mover.CARRIER, country="DE", day=day(2026, 12, 2), name="Strike")
    WorkingWeek.objects.create(mover=Mover.CARRIER, code="parcelway", days=[0, 1, 2, 3, 4, 5])
    nearby_forget()
    assert standard.promise(MONDAY_NOON) == (day(2026, 12, 3), day(2026, 12, 4))
    saturday = standard.promise(MONDAY_NOON + dt.timedelta(days=4))
    assert saturday == (day(2026, 12, 5), day(2026, 12, 7))

    WorkingWeek.objects.create(mover=Mover.WAREHOUSE, cut_off=dt.time(17))
    nearby_forget()
    friday_16 = MONDAY_NOON + dt.timedelta(days=4, hours=4)
    assert standard.promise(friday_16) == (day(2026, 12, 5), day(2026, 12, 7))


def test_where_nothing_else_goes_the_nearest_point_is_the_usual_way(client, provider):
    CountryFactory()
    rates_load()
    pickup = Method.objects.create(
        code="pickup", name_en="Pick-up point", name_zh="自提点", to_point=True, position=5
    )
    Rate.objects.exclude(pk=Rate.objects.first().pk).delete()
    Rate.objects.update(method=pickup)
    PickupPoint.objects.create(
        code="near", name="Near", street="A 1", postcode="10117", city="B", country="DE"
    )
    nearby_forget()
    shopper = Shopper(client)
    shopper.add(ProductFactory(price="10.00", stock=9))

    shopper.place(shopper.to_preview(address=GERMANY), payment="stripe")

    assert Order.objects.get().shipping_code == "pickup:near"


def test_a_parcel_waits_at_the_point_that_was_chosen_and_the_order_says_so(client, provider):
    CountryFactory()
    rates_load()
    pickup = Method.objects.create(
        code="pickup", name_en="Pick-up point", name_zh="自提点", to_point=True, position=5
    )
    zone = Rate.objects.first().zone
    Rate.objects.create(zone=zone, method=pickup, charge="3.90", days_least=1, days_most=2)
    for code, postcode in (("near", "10117"), ("far", "10999"), ("south", "80469")):
        PickupPoint.objects.create(
            code=code, name=code.title(), street="A 1", postcode=postcode, city="B", country="DE"
        )
    nearby_forget()
    shopper = Shopper(client)
    shopper.add(ProductFactory(price="10.00", stock=9))

    assert list(ways(client)) == ["standard", "express", "pickup:near", "pickup:far"]
    shopper.to_preview(method="standard")
    with CaptureQueriesContext(connection) as seen:
        shopper.get("checkout:preview")
    assert not any("rates_pickuppoint" in one["sql"] for one in seen), "none is chosen"
    page = shopper.to_preview(method="pickup:near")
    shopper.place(page, payment="stripe")

    order = Order.objects.get()
    assert (order.shipping_code, order.shipping_incl_tax) == ("pickup:near", Decimal("3.90"))
    assert order.shipping_method == "Pick-up point: Near"
    assert order.facts.promised_until > timezone.localdate()
    PickupPoint.objects.filter(code="near").update(code="gone")
    is_well, said = verified()
    assert not is_well
    assert "pickup:near" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("home,Germany,DE,standard,,0,20000,,,,4.90,,1,2,,", "One zone must name no country"),
        ("w,World,,standard,,0,20000,,,,4.90,,1,2,,", "no way for 20000 g"),
        ("w,World,,pigeon,,,,,,,4.90,,1,2,,", "Row 2: no way of sending"),
        ("w,World,,standard,,,,,,,NaN,,1,2,,", "Row 2: “NaN” is no amount"),
        ("w,World,,standard,,,,,,,4.90,,3,2,,", "Row 2: days"),
        ("w,World,,standard,Nobody,,,,,,4.90,,1,2,,", "no group"),
        ("w,World,,standard", "Row 2: it has 4 columns"),
    ],
)
def test_a_table_with_an_error_changes_nothing(text, said):
    written()
    with pytest.raises(TableRefused, match=said):
        rates_replace(lines=rates_read(table(text)))
    assert Rate.objects.count() == 5


def test_the_office_takes_its_own_export_and_changes_a_row_at_once(
    client, django_assert_num_queries
):
    written()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    export = client.get(reverse("dashboard:delivery-rates-export"))
    text = b"".join(export.streaming_content).decode("utf-8-sig")
    sent = client.post(reverse("dashboard:delivery-rates-import"), {"table": text})
    assert sent.status_code == 302
    assert Rate.objects.count() == 5

    bad = client.post(reverse("dashboard:delivery-rates-import"), {"table": "nonsense"})
    assert (bad.status_code, Rate.objects.count()) == (422, 5)

    rate = Rate.objects.get(charge="4.90")
    row = {"charge": "5.90", "free_from": "", "days_least": 1, "days_most": 3}
    assert client.post(reverse("dashboard:delivery-rate", args=[rate.pk]), row).status_code == 302
    nearby_forget()
    with django_assert_num_queries(1):
        assert sheet_now().zone_of("DE").rates[0].charge == Decimal("5.90")
        assert methods_to("DE")[0].days == (1, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("w,World,,standard,,,,,,,4.90,,1,2,parcelwy,", "no carrier is called “parcelwy”"),
        ("w,World,,standard,,,,,,,4.90,,1,2,parcelway,frieght", "no service “frieght”"),
        ("w,World,,standard,,,,,,,4.90,,1,2,,freight", "no service “freight”"),
    ],
)
def test_a_carrier_or_service_that_nobody_knows_is_refused(text, said):
    with pytest.raises(TableRefused) as refused:
        rates_read(table(text))

    assert said in refused.value.errors[0]


def test_a_day_is_reckoned_once_and_anew_after_a_change(monkeypatch):
    sheet = sheet_now()
    asked: list[dt.date] = []
    works = type(sheet).works
    monkeypatch.setattr(type(sheet), "works", lambda *a: asked.append(a[3]) or works(*a))
    monday = dt.date(2027, 3, 1)
    first = sheet.day_after(Mover.CARRIER, "dhl", monday, 3, "DE")
    count = len(asked)
    assert sheet.day_after(Mover.CARRIER, "dhl", monday, 3, "DE") == first
    assert len(asked) == count
    assert sheet.day_after(Mover.CARRIER, "dhl", monday, 4, "DE") > first
    assert len(asked) > count
