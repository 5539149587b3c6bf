"""What a price was is written down when it changes, and never changed afterwards."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from catalog.pricing.history import Known, past_of
from catalog.pricing.models import PriceList, PriceRecord
from catalog.pricing.resolver import price_resolve
from catalog.pricing.selectors import families_on_offer, offers_running
from catalog.pricing.services import prices_compare_all
from catalog.pricing.tasks import prices_watch
from tests.factories import ProductFactory
from tests.pricing.makers import list_price, record_of, site_offer

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def known(*rows: tuple[float, str, str]) -> list[Known]:
    """Newest first: days ago, base, now."""
    return [
        Known(NOW - dt.timedelta(days=days), Decimal(base), Decimal(now))
        for days, base, now in rows
    ]


@pytest.mark.parametrize(
    ("rows", "lowest"),
    [
        (known((5, "10", "8"), (90, "10", "10")), "10"),
        (known((5, "10", "8"), (20, "10", "10"), (22, "10", "9"), (90, "10", "10")), "9"),
        (known((5, "10", "8"), (36, "10", "10"), (40, "10", "7"), (90, "10", "10")), "10"),
        # the price in force when the thirty days began counts, however old its row is
        (known((5, "10", "8"), (30, "10", "10"), (40, "10", "7"), (90, "10", "10")), "7"),
        # a reduction that grows step by step is one: the days before its first step count
        (known((2, "10", "7"), (9, "10", "8"), (90, "10", "10")), "10"),
        # raised only to be reduced
        (known((5, "12", "10"), (9, "12", "12"), (90, "9", "9")), "9"),
    ],
)
@pytest.mark.req("S4.07")
def test_the_lowest_price_of_the_thirty_days_before_a_reduction(rows, lowest):
    assert past_of(rows, moment=NOW).lowest_before == Decimal(lowest)


def test_goods_that_were_never_sold_without_the_reduction_have_no_price_before():
    assert past_of(known((5, "10", "8")), moment=NOW).lowest_before is None


def test_the_percentage_is_reckoned_from_the_lowest_price_before():
    product = ProductFactory(price="20.00")
    record = record_of(product)
    now = timezone.now()
    for days, base, price in ((60, "20", "20"), (12, "20", "18"), (9, "20", "20")):
        PriceRecord.objects.create(
            stock_record=record,
            currency="EUR",
            base=Decimal(base),
            now=Decimal(price),
            moment=now - dt.timedelta(days=days),
            source="test",
        )
    site_offer(value="20")

    price = price_resolve(record)

    assert (price.now, price.was) == (Decimal("16.00"), Decimal("20.00"))
    assert price.lowest_before == Decimal("18.00")
    assert price.labels[0] == "−11 %"


@pytest.mark.req("S7.05")
def test_a_price_that_is_lower_than_ever_in_thirty_days_says_so_only_then():
    product = ProductFactory(price="20.00")
    record = record_of(product)
    assert price_resolve(record).labels == ()

    record.price = Decimal("17.00")
    record.save()
    assert price_resolve(record).labels == ("Lowest price in 30 days",)

    record.price = Decimal("18.00")
    record.save()
    assert price_resolve(record).labels == ()


@pytest.mark.parametrize("change", [lambda rows: rows.update(now=0), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_the_past(change):
    ProductFactory()
    rows = PriceRecord.objects.all()
    before = rows.count()

    with pytest.raises(DatabaseError, match="price_history_append_only"), transaction.atomic():
        change(rows)

    assert rows.count() == before > 0


def test_every_change_of_a_price_is_written_once():
    product = ProductFactory(price="10.00")
    record = product.stockrecords.get()
    rows = PriceRecord.objects.filter(stock_record=record)
    assert [row.now for row in rows] == [Decimal("10.00")]

    record.price = Decimal("12.00")
    record.save()
    record.save()

    assert [(row.base, row.now) for row in rows.all()] == [(10, 10), (12, 12)]


def test_a_product_that_goes_leaves_its_history():
    product = ProductFactory(stock=0)
    pk = product.stockrecords.get().pk

    product.delete()

    assert PriceRecord.objects.filter(stock_record_id=pk).exists()


def test_offers_that_the_clock_starts_and_ends_are_written_down():
    product = ProductFactory(price="10.00")
    other = ProductFactory(price="10.00")
    prices_watch()
    now = timezone.now()
    offer = site_offer(end_datetime=now + dt.timedelta(days=2))
    offer.condition.range.excluded_products.add(other)
    assert [one.name for one in offers_running(now)] == ["Sale"]
    assert prices_compare_all() == 1
    assert families_on_offer() == {product.pk}

    type(offer).objects.filter(pk=offer.pk).update(end_datetime=timezone.now())
    assert prices_watch() == 1

    rows = PriceRecord.objects.filter(stock_record__product=product).order_by("pk")
    assert [row.now for row in rows] == [10, Decimal("8.50"), 10]
    assert families_on_offer() == set()
    assert offers_running(now) == []


def test_a_members_price_is_no_news_for_everybody():
    product = ProductFactory(price="10.00")
    list_price(product, "9.00", members_only=True)
    list_price(product, "8.00", quantity=3, code="tiers")
    PriceList.objects.update(is_active=True)

    assert prices_compare_all() == 0
