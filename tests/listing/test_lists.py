"""What a list shows, and that every count beside it is true."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.facts.models import Brand, ProductFacts
from catalog.listing.filters import Filters
from catalog.listing.models import ListedProduct
from catalog.listing.rows import families_drifted
from catalog.listing.scopes import scope_category, scope_offer, scope_search, scope_shop
from catalog.listing.selectors import Listing, listing_read
from catalog.listing.services import listing_rebuild
from catalog.models import Product
from catalog.search.matches import Matches
from catalog.search.selectors import search_matches
from tests.factories import CategoryFactory, ProductFactory, product_with_variants

pytestmark = pytest.mark.django_db


def read(query: str = "", scope=None) -> Listing:
    return listing_read(scope=scope or scope_shop(), filters=Filters.parse(QueryDict(query)))


def names(listing: Listing) -> list[str]:
    titles = dict(Product.objects.values_list("pk", "title"))
    return [titles[pk] for pk in listing.ids]


def counts(listing: Listing, group: str) -> dict[str, int]:
    panel = listing.panel
    groups = [*panel.groups, *([panel.category] if panel.category else [])]
    found = next(one for one in groups if one.key == group)
    return {choice.key: choice.count for choice in found.choices}


@pytest.fixture
def shop(db):
    """Four families in two departments, of two brands."""
    tea, lamps = (
        CategoryFactory(name="Tea", slug="tea"),
        CategoryFactory(name="Lamps", slug="lamps"),
    )
    pots = CategoryFactory(parent=tea, name="Pots", slug="pots")
    still, dusk = (
        Brand.objects.create(name_en=name, slug=name.lower()) for name in ("Still", "Dusk")
    )
    made = {
        "Pot": product_with_variants(
            title="Pot", price="30", colours={"sage": 3, "ink": 0}, categories=[pots]
        ),
        "Mug": product_with_variants(
            title="Mug", price="12", colours={"sage": 2}, categories=[tea]
        ),
        "Lamp": product_with_variants(
            title="Lamp", price="80", colours={"ink": 1, "moss": 1}, categories=[lamps]
        ),
        "Wick": ProductFactory(title="Wick", price="4", stock=0, categories=[lamps]),
    }
    for title, brand in {"Pot": still, "Mug": still, "Lamp": dusk, "Wick": dusk}.items():
        ProductFacts.objects.create(product=made[title], brand=brand)
    listing_rebuild()
    return made


@pytest.mark.req("S3.10")
def test_the_counts_of_a_facet_ignore_its_own_choice_and_heed_all_others(shop):
    listing = read("colour=ink&brand=still")

    assert names(listing) == ["Pot"]
    assert counts(listing, "colour") == {"sage": 2, "ink": 1}  # of the brand
    assert counts(listing, "brand") == {"still": 1, "dusk": 1}  # of the colour
    assert listing.panel.category is None  # there is one department left, so nothing to choose


@pytest.mark.req("S3.10")
def test_every_count_is_what_the_list_then_shows(shop):
    for query in ("", "colour=ink", "brand=still&stock=yes", "price=10-50&colour=sage"):
        listing = read(query)
        for group in listing.panel.groups:
            for choice in group.choices:
                alone = listing.filters
                if group.key == "brand":
                    alone = alone.but(brands=(choice.key,))
                else:
                    alone = alone.but_option(group.key, [choice.key])
                there = listing_read(scope=scope_shop(), filters=alone)
                assert there.total == choice.count, (query, group.key, choice.key)
        for band in listing.panel.bands:
            if not band.is_chosen:
                assert read(band.url[1:]).total == band.count, (query, band.name)


def test_several_values_of_a_facet_add_up(shop):
    assert sorted(names(read("colour=sage&colour=moss"))) == ["Lamp", "Mug", "Pot"]


def test_a_category_holds_what_lies_below_it(shop):
    listing = read("category=tea")

    assert sorted(names(listing)) == ["Mug", "Pot"]
    assert counts(listing, "category") == {"tea": 2, "pots": 1}


def test_in_stock_means_the_colour_that_was_asked_for(shop):
    assert names(read("colour=ink")) != []
    assert names(read("colour=ink&stock=yes")) == ["Lamp"]  # the ink pot is sold out


def test_a_chip_says_what_its_removal_brings(shop):
    listing = read("brand=still&price=70-90")

    assert listing.total == 0
    assert {chip.name: chip.without for chip in listing.panel.chips} == {
        "Still": 1,
        "€70.00–€90.00": 2,
    }


@pytest.mark.parametrize(
    ("sort", "first"), [("price", "Wick"), ("price-down", "Lamp"), ("newest", "Wick")]
)
def test_orders(shop, sort, first):
    assert names(read(f"sort={sort}"))[0] == first


def test_a_page_too_far_is_the_last_one(shop):
    for number in range(30):
        ProductFactory(title=f"More {number}")
    listing = read("page=99")

    assert (listing.page, listing.pages, listing.first, listing.last) == (2, 2, 25, 34)
    assert len(listing.ids) == 10


def test_a_list_is_one_statement_however_long(shop, django_assert_num_queries):
    read()  # what is kept for a minute is kept now
    with django_assert_num_queries(1):
        read("colour=sage&price=1-99&sort=price&per=96&page=50")


def test_a_search_keeps_the_engines_order_and_puts_the_exact_one_first(shop):
    rows = ", ".join(f"({shop[name].pk}, {score})" for name, score in [("Pot", 1.0), ("Mug", 2.0)])
    sql = f"SELECT * FROM (VALUES {rows}) AS v(product_id, score)"
    found = Matches("x", "x", sql, fits=sql, score="matched.score")
    variant = shop["Pot"].children.first()

    assert names(read("", scope_search(found))) == ["Mug", "Pot"]
    assert names(read("", scope_search(replace(found, exact=variant.pk))))[0] == "Pot"


@pytest.mark.parametrize("query", ["mug", "pot mug", "tea"])
def test_a_list_scores_as_the_search_does(shop, query):
    matches = search_matches(query=query, language="en")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT product_id FROM ({matches.sql}) m ORDER BY score DESC, product_id DESC",
            matches.params,
        )
        expected = [pk for (pk,) in cursor.fetchall()]
        cursor.execute(
            f"WITH matched(product_id, score) AS ({matches.fits})"
            f" SELECT m.product_id, m.score, {matches.score} FROM ({matches.sql}) m"
            " JOIN matched USING (product_id) JOIN listing_listedproduct listed USING (product_id)",
            [*matches.fits_params, *matches.score_params, *matches.params],
        )
        rows = cursor.fetchall()

    assert len(rows) == len(expected)
    assert [score for _pk, score, _listed in rows] == pytest.approx(
        [listed for _pk, _score, listed in rows]
    )
    assert sorted(read("", scope_search(matches)).ids) == sorted(expected)


def test_an_offer_ends_by_the_clock(shop):
    row = ListedProduct.objects.filter(product=shop["Mug"])
    row.update(is_on_offer=True, offer_ends_at=timezone.now() + dt.timedelta(hours=1))
    assert names(read("", scope_offer())) == ["Mug"]
    assert read("offer=yes").ends_at is not None

    row.update(offer_ends_at=timezone.now() - dt.timedelta(hours=1))

    assert names(read("", scope_offer())) == []
    assert read("offer=yes").total == 0


def test_the_row_follows_its_product(shop):
    record = shop["Wick"].stockrecords.get()
    record.price = Decimal("5.50")
    record.save()
    shop["Lamp"].is_public = False
    shop["Lamp"].save()
    child = shop["Pot"].children.first()
    child.is_public = False
    child.save()

    assert list(families_drifted()) == []
    assert ListedProduct.objects.get(product=shop["Wick"]).price == Decimal("5.50")
    assert not ListedProduct.objects.filter(product=shop["Lamp"]).exists()


def test_drift_is_found_and_mended(shop):
    ListedProduct.objects.filter(product=shop["Wick"]).update(price=1)
    ListedProduct.objects.filter(product=shop["Mug"]).delete()

    assert sorted(families_drifted()) == sorted([shop["Wick"].pk, shop["Mug"].pk])
    listing_rebuild()
    assert list(families_drifted()) == []


def test_refreshing_costs_the_same_for_any_number(shop):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            listing_rebuild()
        return len(queries)

    few = cost()
    for _number in range(9):
        product_with_variants(colours={"sage": 1})
    assert cost() == few


def test_a_category_scope_knows_its_own_facets_alone(shop):
    tea = shop["Mug"].categories.get()

    assert counts(read("", scope_category(tea)), "colour") == {"sage": 2, "ink": 1}
