"""What delivery costs in the demo: the table that comes with the shop, points, weights, holidays."""

import datetime as dt

from django.contrib.auth.models import Group

from orders.rates.models import Holiday, Method, Mover, Rate, Surcharge, WorkingWeek, Zone
from orders.rates.rows import LoadLine, PointLine
from orders.rates.services import loads_set, points_set, rates_load
from shop.core.nearby import nearby_forget
from shop.demo.catalogue import Catalogue
from shop.demo.loader.products import Shelved

BULKY_FROM = 15_000  # grams
FEASTS = (
    (1, 1, "New Year's Day"),
    (5, 1, "Labour Day"),
    (10, 3, "Day of German Unity"),
    (12, 25, "Christmas Day"),
    (12, 26, "St Stephen's Day"),
)
POINTS = (
    ("b-mitte", "Kiosk am Rosenthaler Platz", "Torstraße 125", "10119", "Berlin"),
    ("b-hbf", "Box at the Central Station", "Europaplatz 1", "10557", "Berlin"),
    ("b-kreuz", "Späti Oranien", "Oranienstraße 22", "10999", "Berlin"),
    ("hh-alt", "Altona Schreibwaren", "Große Bergstraße 160", "22767", "Hamburg"),
    ("hh-hbf", "Box at Hachmannplatz", "Hachmannplatz 16", "20099", "Hamburg"),
    ("m-isar", "Isar Blumen", "Fraunhoferstraße 30", "80469", "München"),
    ("k-ehren", "Ehrenfeld Rad und Kaffee", "Venloer Straße 310", "50823", "Köln"),
    ("f-zeil", "Box on the Zeil", "Zeil 106", "60313", "Frankfurt am Main"),
    ("l-mark", "Leipziger Buchladen", "Karl-Liebknecht-Straße 36", "04107", "Leipzig"),
    ("s-west", "Feinkost West", "Rotebühlplatz 21", "70178", "Stuttgart"),
)
CARRIERS = {"standard": ("parcelway", "standard"), "express": ("swiftline", "express")}


HEAVY_FROM = 20_000  # grams: from there a parcel is freight
DEAR_FROM = 250  # value of a basket
TRADE = "Trade customers"


def _bounds() -> None:
    """Rates by weight, one by value, and one for a group of customers.

    Whatever a parcel weighs, the slower way costs no more than the faster one.
    """
    home, europe = (Zone.objects.get(code=code) for code in ("home", "europe"))
    standard, express = (Method.objects.get(code=code) for code in CARRIERS)
    Rate.objects.filter(zone=home, method__in=(standard, express)).update(weight_to=HEAVY_FROM)
    Rate.objects.create(
        zone=home,
        method=standard,
        charge="12.90",
        weight_from=HEAVY_FROM,
        days_least=2,
        days_most=4,
        carrier="parcelway",
        service="freight",
    )
    Rate.objects.create(
        zone=home,
        method=express,
        charge="24.90",
        weight_from=HEAVY_FROM,
        days_least=1,
        days_most=1,
        carrier="swiftline",
        service="express",
    )
    Rate.objects.filter(zone=europe, method=express).update(value_to=DEAR_FROM)
    Rate.objects.create(
        zone=europe,
        method=express,
        charge="9.90",
        value_from=DEAR_FROM,
        days_least=1,
        days_most=2,
        carrier="swiftline",
        service="express",
    )
    Rate.objects.create(
        zone=europe,
        method=standard,
        group=Group.objects.get_or_create(name=TRADE)[0],
        charge="0.00",
        days_least=3,
        days_most=5,
        carrier="parcelway",
        service="standard",
    )


def delivery_load(catalogue: Catalogue, shelved: Shelved, *, now: dt.datetime) -> None:
    rates_load()
    for method, (carrier, service) in CARRIERS.items():
        Rate.objects.filter(method__code=method).update(carrier=carrier, service=service)
    point = Method.objects.create(
        code="pickup",
        name_en="Pick-up point",
        name_zh="自提点",
        note_en="It waits for you for seven days",
        note_zh="为您保留七天",
        to_point=True,
        position=2,
    )
    Rate.objects.create(
        zone=Zone.objects.get(code="home"),
        method=point,
        charge="3.90",
        free_from="49.00",
        days_least=1,
        days_most=2,
        carrier="parcelway",
        service="point",
    )
    _bounds()
    WorkingWeek.objects.create(mover=Mover.WAREHOUSE)
    WorkingWeek.objects.create(mover=Mover.CARRIER)
    for year in (now.year - 1, now.year, now.year + 1):
        Holiday.objects.bulk_create(
            Holiday(mover=mover, country=country, day=dt.date(year, month, day), name=name)
            for month, day, name in FEASTS
            for mover, country in ((Mover.WAREHOUSE, ""), (Mover.CARRIER, "DE"))
        )
    Surcharge.objects.create(
        kind=Surcharge.Kind.REMOTE,
        country="DE",
        postcodes="27498 25849 25859 25863 26465 26474 26486 26548 26571 26579 26757",
        charge="6.90",
        days_more=1,
    )
    Surcharge.objects.create(kind=Surcharge.Kind.BULKY, charge="14.90")
    points_set(
        lines=[
            PointLine(code, "", name, street, postcode, city, "DE", "7:00–20:00")
            for code, name, street, postcode, city in POINTS
        ]
    )
    weights = {
        variant.sku: variant.weight_g for good in catalogue.goods for variant in good.variants
    }
    loads_set(
        lines=[
            LoadLine(
                product_id=record.product_id,
                grams=max(1, weights[sku]),
                millilitres=4 * weights[sku],
                is_bulky=weights[sku] >= BULKY_FROM,
            )
            for sku, record in shelved.records.items()
            if sku in weights
        ]
    )
    nearby_forget()
