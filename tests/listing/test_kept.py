"""Whole lists are read once and kept, and never say what is no longer so."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.listing.filters import Filters
from catalog.listing.models import ListedProduct
from catalog.listing.scopes import scope_shop
from catalog.listing.selectors import Listing, listing_read
from catalog.listing.services import listed_refresh, listing_rebuild
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keeping(settings):
    settings.STORE_LISTS_KEPT_SECONDS = 60
    cache.clear()
    yield
    cache.clear()


def read(query: str = "") -> Listing:
    return listing_read(scope=scope_shop(), filters=Filters.parse(QueryDict(query)))


def statements(query: str = "") -> int:
    """How many statements read a list that was read before."""
    with CaptureQueriesContext(connection) as asked:
        read(query)
    return sum("listing_listedproduct" in one["sql"] for one in asked)


@pytest.mark.req("S3.08", "S5.02")
def test_a_whole_list_is_read_once_and_its_pages_each_by_themselves():
    products = [ProductFactory(title=f"Cup {number}") for number in range(3)]
    listing_rebuild()

    first = read()

    assert statements() == 0
    assert read() == first
    assert first.total == len(products)
    assert statements("sort=newest") == 1
    assert statements("sort=newest") == 0


@pytest.mark.req("S3.08")
def test_what_is_narrowed_is_read_every_time():
    ProductFactory()
    listing_rebuild()
    read("stock=yes")

    assert statements("stock=yes") == 1


@pytest.mark.req("S3.08")
def test_a_change_is_seen_by_the_next_reader(django_capture_on_commit_callbacks):
    product = ProductFactory(price="12", stock=3)
    other = ProductFactory(price="20", stock=3)
    listing_rebuild()
    assert read("sort=price").ids == [product.pk, other.pk]

    product.stockrecords.update(price="90")
    with django_capture_on_commit_callbacks(execute=True):
        listed_refresh([product.pk])

    assert read("sort=price").ids == [other.pk, product.pk]


@pytest.mark.req("S3.08")
def test_what_was_read_before_a_change_is_not_kept_after_it(django_capture_on_commit_callbacks):
    first = ProductFactory(title="First")
    listing_rebuild()
    read()

    second = ProductFactory(title="Second")
    with django_capture_on_commit_callbacks(execute=True):
        listed_refresh([second.pk])
        during = read()

    assert first.pk in during.ids
    assert set(read().ids) == {first.pk, second.pk}


@pytest.mark.req("S3.08")
def test_a_list_is_kept_no_longer_than_its_first_offer_lasts():
    ended, running = ProductFactory(), ProductFactory()
    listing_rebuild()
    rows = ListedProduct.objects
    rows.filter(pk=running.pk).update(
        is_on_offer=True, offer_ends_at=timezone.now() + dt.timedelta(milliseconds=1)
    )
    read()

    rows.filter(pk=ended.pk).delete()

    assert read().ids == [running.pk]  # with a minute to go it would still be both


@pytest.mark.req("S3.08")
def test_without_a_cache_lists_are_read_every_time(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    ProductFactory()
    listing_rebuild()
    read()

    assert statements() == 1
    assert read().total == 1
