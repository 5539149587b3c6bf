"""What the demo asks for delivery makes sense to whoever compares its ways."""

from decimal import Decimal
from itertools import product

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from orders.checkout.countries import country_name
from orders.rates.sheet import Load, RateRow, sheet_now
from shop.demo.catalogue import Catalogue
from shop.demo.loader.delivery import TRADE, delivery_load
from shop.demo.loader.products import Shelved

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.14")]

HEAVIEST = 70_000  # grams; above the heaviest basket that one of the demo's people buys
VALUES = [Decimal(value) for value in (0, 48, 49, 98, 99, 198, 199, 249, 250, 2_000)]


@pytest.fixture
def zones():
    nothing = Catalogue(departments=(), categories=(), brands=(), goods=())
    delivery_load(nothing, Shelved(categories={}, partner=None), now=timezone.now())
    return sheet_now().zones


def charged(row: RateRow, value: Decimal) -> Decimal:
    is_free = row.free_from is not None and value >= row.free_from
    return Decimal(0) if is_free else row.charge


def test_of_whatever_weight_and_wherever_the_slower_way_costs_no_more(zones):
    trade = Group.objects.get(name=TRADE).pk
    bounds = {edge for zone in zones for row in zone.rates for edge in row.weight if edge}
    weights = {*range(0, HEAVIEST, 250), *bounds, *(edge - 1 for edge in bounds)}
    groups = (frozenset(), frozenset({trade}))

    seen = 0
    for zone, grams, value, mine in product(zones, sorted(weights), VALUES, groups):
        rows = {one.method: one for one in zone.rates_for(Load(grams, 1, value, False, mine))}
        slow, fast = rows["standard"], rows["express"]
        where = (zone.code, grams, value)
        assert charged(slow, value) <= charged(fast, value), where
        assert slow.days[1] >= fast.days[1], where
        seen += 1

    assert seen == len(zones) * len(weights) * len(VALUES) * 2
    assert {grams for grams in bounds if grams > 1} == {20_000}


def test_every_country_has_both_ways(zones):
    sheet = sheet_now()
    named = {country for zone in zones for country in zone.countries}

    for country in (*named, "US", "CN", "CH", "GB"):
        zone = sheet.zone_of(country)
        assert {row.method for row in zone.rates} >= {"standard", "express"}, country_name(country)
