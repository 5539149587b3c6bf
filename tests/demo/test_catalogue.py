"""What the demo's content promises: both languages, sane prices, nothing twice."""

import random
import re
from decimal import Decimal

import pytest

from shop.demo.catalogue import VAT, load_catalogue, shop_price
from shop.demo.goods_many import goods_multiplied
from shop.demo.reviews import reviews_written

CHINESE = re.compile(r"[\u4e00-\u9fff]")
PRICE_ENDS = {"00", "50", "90", "20", "80"}


@pytest.fixture(scope="module")
def full():
    return load_catalogue("full")


@pytest.fixture(scope="module")
def small():
    return load_catalogue("small")


def test_full_and_small_have_the_promised_size(full, small):
    assert 380 <= len(full.goods) <= 430
    assert len(list(full.variants())) >= 1200
    assert len(small.goods) == 60
    assert 160 <= len(list(small.variants())) <= 210


def test_every_department_has_goods_in_both_sizes(full, small):
    departments = {shelf.key for shelf in full.departments}

    assert len(departments) == 13
    assert {good.department for good in full.goods} == departments
    assert {good.department for good in small.goods} == departments


def test_the_same_files_give_the_same_catalogue(full):
    load_catalogue.cache_clear()

    assert load_catalogue("full") == full


def test_keys_and_skus_are_unique(full):
    keys = [good.key for good in full.goods]
    skus = [variant.sku for _, variant in full.variants()]

    assert len(set(keys)) == len(keys)
    assert len(set(skus)) == len(skus)
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)
    assert all(re.fullmatch(r"[A-Z0-9-]{3,40}", sku) for sku in skus)


def test_every_text_is_there_in_both_languages(full):
    texts = [text for good in full.goods for text in (good.name, good.description)]
    texts += [text for shelf in full.departments for text in (shelf.name, shelf.intro)]
    texts += [text for shelf in full.categories for text in (shelf.name, shelf.intro)]
    texts += [text for brand in full.brands for text in (brand.name, brand.about)]
    texts += [attribute.label for good in full.goods for attribute in good.attributes]

    assert [text for text in texts if not CHINESE.search(text.zh) or CHINESE.search(text.en)] == []
    assert [text for text in texts if "{" in text.en or "{" in text.zh] == []


def test_no_two_goods_share_a_name_or_a_description(full):
    for words in ("name", "description"):
        for language in (0, 1):
            texts = [getattr(good, words)[language] for good in full.goods]
            assert len(set(texts)) == len(texts)


def test_prices_look_like_prices_and_leave_a_margin(full):
    for good, variant in full.variants():
        assert str(variant.price)[-2:] in PRICE_ENDS, variant
        assert Decimal(0) < variant.cost < variant.price / (1 + VAT[good.tax_class]), variant
        assert variant.weight_g > 0


def test_food_is_taxed_as_food_and_books_as_books(full):
    by_key = {good.key: good for good in full.goods}

    assert by_key["red-box-mooncakes"].tax_class == "food"
    assert by_key["open-atlas"].tax_class == "book"
    assert by_key["evening-teapot"].tax_class == "standard"


@pytest.mark.parametrize(
    ("amount", "printed"),
    [("4.88", "4.90"), ("12.41", "12.50"), ("29.98", "30.00"), ("131.4", "131.00")],
)
def test_amounts_become_printable_prices(amount, printed):
    assert shop_price(Decimal(amount)) == Decimal(printed)


def test_the_catalogue_multiplies_to_any_number_of_skus(full):
    goods = list(goods_multiplied(full, skus=5000))
    skus = [variant.sku for good in goods for variant in good.variants]

    assert len(skus) == len(set(skus)) == 5000
    assert len({good.key for good in goods}) == len(goods)
    assert list(goods_multiplied(full, skus=5000)) == goods
    assert all(variant.price > variant.cost for good in goods for variant in good.variants)


def test_reviews_on_one_page_all_differ_and_repeat_with_the_seed(full):
    for good in full.goods[::10]:
        languages = ["en", "zh"] * 6
        reviews = reviews_written(good, random.Random(good.key), languages)

        assert len({review.body for review in reviews}) == len(reviews) == 12
        assert reviews == reviews_written(good, random.Random(good.key), languages)
        assert all(1 <= review.score <= 5 and "{" not in review.body for review in reviews)
        assert all(bool(CHINESE.search(r.body)) == (r.language == "zh") for r in reviews)
