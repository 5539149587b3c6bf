"""What is searched for is found, however it was typed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.facts.models import Brand, ProductFacts
from catalog.listing.models import ListedProduct
from catalog.models import Product
from catalog.refresh import families_touched
from catalog.search.models import RankingWeights, SearchRedirect, SynonymGroup
from catalog.search.rules import Weights
from catalog.search.selectors import matches_explained, search_matches, suggestions
from tests.factories import CategoryFactory, product_with_variants
from tests.search.support import found, good, hits

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.07")]


@pytest.fixture
def headphones() -> Product:
    good("Kitchen radio", "厨房收音机", description="Goes well with headphones.")
    good("Evening teapot", "晚窗茶壶")
    return good("Bluetooth headphones", "蓝牙耳机")


@pytest.mark.parametrize(
    ("query", "language"),
    [
        ("headphones", "en"),
        ("Headphone", "en"),  # stemmed
        ("HEADPHONES bluetooth", "en"),
        ("headphones", "zh-hans"),  # the other language
        ("耳机", "en"),
        ("蓝牙耳机", "zh-hans"),
        ("耳机 bluetooth", "zh-hans"),  # both at once
        ("藍牙耳機", "zh-hans"),  # traditional
        ("headpones", "en"),  # slips
        ("haedphones", "en"),
        ("head phones", "en"),
        ("headpho", "en"),  # unfinished
        ("蓝芽耳机", "zh-hans"),  # sounds the same
        ("erji", "zh-hans"),  # pinyin
        ("er ji", "zh-hans"),
        ("lanyaerji", "zh-hans"),
        ("lan ya er ji", "zh-hans"),
        ("ej", "zh-hans"),  # initials
        ("lyej", "zh-hans"),
        ("ｈｅａｄｐｈｏｎｅｓ", "en"),  # full width
    ],
)
def test_headphones_are_found_first(headphones: Product, query: str, language: str):
    assert found(query, language)[0] == headphones.pk


def test_a_mended_query_says_how_it_was_understood(headphones: Product):
    mended = search_matches(query="bluetoth headpones", language="en")

    assert mended.is_mended
    assert mended.understood == "bluetooth headphones"
    assert search_matches(query="蓝芽耳机", language="zh-hans").understood == "蓝牙耳机"
    for query in ("headphones", "藍牙 耳機", "purple headphones"):
        assert not search_matches(query=query, language="en").is_mended, query


def test_a_query_can_be_taken_as_it_is(headphones: Product):
    assert hits(search_matches(query="headpones", language="en", mend=False)) == []
    assert hits(search_matches(query="headphones", language="en", mend=False))[0] == headphones.pk


def test_initials_find_without_putting_words_into_the_mouth(headphones: Product):
    matches = search_matches(query="EJ", language="zh-hans")

    assert not matches.is_mended
    assert "耳机" in matches.alternatives


def test_all_words_are_needed_and_most_of_them_when_nothing_has_all():
    both = good("Steel kettle")
    good("Steel pan")

    assert found("steel kettle") == [both.pk]
    assert found("purple steel kettle")[0] == both.pk


def test_titles_count_before_brands_before_categories_before_descriptions():
    told = good("One", description="<p>about walnut</p>")
    placed = good("Two", categories=[CategoryFactory(name="Walnut", name_en="Walnut")])
    branded = good("Three")
    brand = Brand.objects.create(name="Walnut", name_en="Walnut", slug="walnut")
    ProductFacts.objects.update_or_create(product=branded, defaults={"brand": brand})
    titled = good("Walnut")
    families_touched([told.pk, placed.pk, branded.pk])

    assert found("walnut") == [titled.pk, branded.pk, placed.pk, told.pk]


def test_variants_are_found_as_their_family():
    family = product_with_variants(title="Mug", colours={"indigo": 1, "sage": 1})

    assert found("sage mug") == [family.pk]


def test_a_code_comes_first_whatever_else_fits():
    named = good("Pan 4006381333931")
    coded = good("Kettle", upc="4006381333931")

    matches = search_matches(query="4006381 333931", language="en")

    assert matches.exact == coded.pk
    assert found("4006381333931") == [coded.pk, named.pk]


def test_a_sku_names_its_variant():
    family = product_with_variants(title="Mug", colours={"indigo": 1, "sage": 1})
    variant = family.children.order_by("pk").last()
    sku = variant.stockrecords.get().partner_sku

    matches = search_matches(query=sku.lower(), language="zh-hans")

    assert matches.exact == variant.pk
    assert found(sku) == [family.pk]


def test_synonyms_work_both_ways_or_one_way(django_capture_on_commit_callbacks):
    sofa, couch, hamper = good("Sofa"), good("Garden couch"), good("Hamper")
    with django_capture_on_commit_callbacks(execute=True):
        SynonymGroup.objects.create(words=["sofa", "couch"])
        SynonymGroup.objects.create(source="gift", words=["hamper"])
        SynonymGroup.objects.create(words=["sofa", "hamper"], language="zh-hans")

    assert set(found("couch")) == {sofa.pk, couch.pk}
    assert found("couch")[0] == couch.pk
    assert set(found("sofa")) == {sofa.pk, couch.pk}
    assert hamper.pk in found("sofa", "zh-hans")
    assert found("gift") == [hamper.pk]
    assert found("hamper") == [hamper.pk]


def test_a_query_may_lead_to_a_page(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        SearchRedirect.objects.create(query="Returns!", url="/returns/")

    assert search_matches(query="returns", language="en").redirect == "/returns/"
    assert search_matches(query="many returns", language="en").redirect == ""


def listed(product: Product, **facts) -> None:
    ListedProduct.objects.update_or_create(
        product=product, defaults={"listed_at": timezone.now(), "is_in_stock": True, **facts}
    )


def test_sales_stock_and_rating_order_what_fits_alike(django_capture_on_commit_callbacks):
    plain, sold, gone = good("Mug one"), good("Mug two"), good("Mug three")
    listed(plain)
    listed(sold, sold=50)
    listed(gone, sold=50, is_in_stock=False)

    assert found("mug") == [sold.pk, plain.pk, gone.pk]
    assert found("mug", weights=Weights(sales=0, stock=0)) == [plain.pk, sold.pk, gone.pk]

    with django_capture_on_commit_callbacks(execute=True):
        RankingWeights.objects.create(sales=0, stock=10)
    assert found("mug")[-1] == gone.pk


def test_every_hit_can_be_explained():
    mug, other = good("Mug"), good("Teapot")
    listed(mug, sold=3, rating=5.0, reviews=5)

    parts = matches_explained(query="mug", language="en", ids=[mug.pk, other.pk])

    assert list(parts) == [mug.pk]
    part = parts[mug.pk]
    assert part.text == pytest.approx(Weights().text)
    assert part.stock == Weights().stock
    assert part.rating == pytest.approx(Weights().rating * 0.85)
    assert part.score == pytest.approx(part.text + part.sales + part.stock + part.rating)


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "& | ! : ( ) ' \\ * % _ <->",
        "'; DROP TABLE catalogue_product; --",
        "mug & ! teapot:*",
        "\x00",
        "mug\x00",
        "🎧",
        "سماعات",
        "\u202eabc",
        "{0} {} %s %(x)s",
        "the of and",
        "a" * 100_000,
        "耳" * 10_000,
        "shi" * 60,
        " ".join(f"word{number}" for number in range(10_000)),
        "'" * 500,
        "\ud83d",
    ],
)
def test_any_text_is_a_query(query: str):
    mug = good("Mug", "杯子")

    for language in ("en", "zh-hans", "xx"):
        assert set(found(query, language)) <= {mug.pk}
        suggestions(query=query, language=language)
        matches_explained(query=query, language=language, ids=[mug.pk])


def test_a_search_takes_few_statements(headphones: Product):
    found("headphones")

    def statements(query: str, language: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            search_matches(query=query, language=language)
        return len(captured)

    assert statements("headphones", "en") == 1
    assert statements("headpones", "en") == 3
    assert statements("蓝芽耳机", "zh-hans") == 3


def test_suggestions_begin_with_what_was_typed(headphones: Product):
    CategoryFactory(name="Headwear", name_en="Headwear", name_zh_hans="帽子")
    Brand.objects.create(name="Headland", name_en="Headland", slug="headland")

    offered = suggestions(query="head", language="en")

    assert offered.products == ((headphones.pk, "Bluetooth headphones"),)
    assert [name for name, _url in offered.categories] == ["Headwear"]
    assert [name for name, _url in offered.brands] == ["Headland"]
    assert suggestions(query="maozi", language="zh-hans").categories[0][0] == "帽子"
    good("Shower head")
    for typed in ("headpo", "headpon", "耳", "耳机", "erj", "ej"):
        language = "en" if typed.startswith("head") else "zh-hans"
        products = suggestions(query=typed, language=language).products
        assert [pk for pk, _title in products] == [headphones.pk], typed
