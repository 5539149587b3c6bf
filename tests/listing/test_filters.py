"""What a list's address means, and that any address means something."""

from decimal import Decimal

import pytest
from django.http import QueryDict

from catalog.facts.models import Brand
from catalog.listing.facets import words
from catalog.listing.filters import Filters
from tests.factories import CategoryFactory, option_attribute, option_set, product_with_variants

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db):
    product_with_variants(colours={"sage": 1, "ink": 1})
    Brand.objects.create(name_en="Stillwater", slug="stillwater")
    CategoryFactory(name="Tea", slug="tea")


def read(query: str) -> Filters:
    return Filters.parse(QueryDict(query))


@pytest.mark.req("S3.10")
def test_an_address_is_read_in_any_order_and_written_in_one(shop):
    asked = "sort=price&price=10-50&colour=sage&brand=stillwater&colour=ink&category=tea&page=3"

    filters = read(asked)

    assert filters.brands == ("stillwater",)
    assert filters.chosen("colour") == ("ink", "sage")
    assert (filters.price_min, filters.price_max) == (Decimal(10), Decimal(50))
    assert filters.query_string == (
        "?category=tea&brand=stillwater&colour=ink&colour=sage&price=10-50&sort=price&page=3"
    )
    assert read(filters.query_string[1:]) == filters


def test_words_that_the_shop_does_not_know_are_left_out(shop):
    filters = read("brand=nobody&colour=octarine&category=moon&sort=luck&per=7&rating=9&size=xl")

    assert filters == Filters()


@pytest.mark.parametrize(
    ("query", "price"),
    [
        ("price=10-50", "10-50"),
        ("price=-50", "-50"),
        ("price=12.50-", "12.50-"),
        ("price=12,5-", "12.50-"),
        ("price=50-10", "10-50"),
        ("min=５&max=１０", "5-10"),
        ("min=&max=20&price=1-2", "-20"),
        ("price=0-20", "-20"),
        ("price=-5--3", ""),
        ("price=1e5-", ""),
        ("price=NaN-Infinity", ""),
        ("price=9999999999999-", ""),
        ("price=", ""),
    ],
)
def test_prices(shop, query, price):
    assert read(query).price == price


@pytest.mark.parametrize(
    ("page", "number"),
    [("2", 2), ("２", 2), ("0", 1), ("-1", 1), ("x", 1), ("9" * 5000, 1), ("999999999", 100_000)],
)
def test_pages(shop, page, number):
    assert read(f"page={page}").page == number


def test_attributes_of_one_name_are_one_facet_and_options_of_one_name_one_value(shop):
    family = product_with_variants(colours={"moss": 1})
    for code in ("size_of_shirts", "size_of_gloves"):
        child = family.children.get()
        option_set(child, option_attribute(code, name="Size"), "small")

    facet = words().facets["size"]

    assert facet.name == "Size"
    assert list(facet.values) == ["small"]
    assert len(facet.values["small"].ids) == 2


def test_an_attribute_cannot_take_a_word_of_the_address(shop):
    family = product_with_variants(colours={"moss": 1})
    option_set(family.children.get(), option_attribute("page", name="Page"), "blank")

    assert "page" not in words().facets
    assert read("page-choice=blank").chosen("page-choice") == ("blank",)
