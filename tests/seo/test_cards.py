"""The pictures that go with links: what is on them, and when they are made anew."""

import io
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from catalog.facts.models import Brand
from catalog.facts.services import product_brand_set
from catalog.models import Product, ProductImage
from catalog.seo import handlers
from catalog.seo.canvas import CardWords, card_draw
from catalog.seo.card_selectors import families_without_card
from catalog.seo.card_services import cards_refresh, cards_sweep, shop_cards_refresh
from catalog.seo.cards import HEIGHT, WIDTH
from catalog.seo.fonts import BOLD, Type, lines_of, writable
from catalog.seo.models import ShareCard
from catalog.seo.tasks import share_cards_next, share_cards_nightly
from shop.celery import app
from tests.factories import ProductFactory, product_with_variants
from tests.seo.support import html_of, meta_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08")]


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture_of(product, colour="#c8452d", name="cup.png") -> ProductImage:
    drawn = io.BytesIO()
    Image.new("RGB", (400, 400), colour).save(drawn, "PNG")
    return ProductImage.objects.create(
        product=product, original=ContentFile(drawn.getvalue(), name), display_order=0
    )


def opened(name: str) -> Image.Image:
    with default_storage.open(name) as stored:
        return Image.open(stored).copy()


def named(product) -> dict[str, str]:
    return dict(ShareCard.objects.filter(product=product).values_list("language", "image"))


def test_a_product_has_a_card_in_each_language_and_links_show_it(client, settings):
    settings.PUBLIC_URL = "https://shop.example"
    product = ProductFactory(title_en="Cup", title_zh_hans="杯子")
    picture_of(product)
    url = product.get_absolute_url()
    before = meta_of(html_of(client.get(url)), "og:image")

    assert cards_refresh([product.pk]) == 2

    cards = named(product)
    assert cards.keys() == {"en", "zh-hans"}
    for name in cards.values():
        card = opened(name)
        assert (card.format, card.size) == (None, (WIDTH, HEIGHT))
        red, green, _blue = card.getpixel((WIDTH - 100, 300))
        assert red > 2 * green  # its picture, on the right
    assert "cup" in before  # its own picture until then
    for prefix, language in (("", "en"), ("/zh-hans", "zh-hans")):
        html = html_of(client.get(prefix + url))
        assert meta_of(html, "og:image") == f"https://shop.example/media/{cards[language]}"
        assert meta_of(html, "og:image:width") == "1200"
        assert meta_of(html, "twitter:card") == "summary_large_image"


def test_a_card_is_made_anew_only_when_it_says_something_else_and_never_under_its_old_name():
    product = ProductFactory(title_en="Cup", title_zh_hans="杯子")
    cards_refresh([product.pk])
    first = named(product)

    assert cards_refresh([product.pk]) == 0
    Product.objects.filter(pk=product.pk).update(title_en="Mug")
    assert cards_refresh([product.pk]) == 1
    second = named(product)
    picture_of(product)
    assert cards_refresh([product.pk]) == 2
    third = named(product)
    product_brand_set(product=product, brand=Brand.objects.create(name="Still", slug="s"))
    assert cards_refresh([product.pk]) == 2
    Product.objects.filter(pk=product.pk).update(rating=4.04)
    assert share_cards_nightly() == 2
    Product.objects.filter(pk=product.pk).update(rating=4.0)
    assert share_cards_nightly() == 0

    assert first["en"] != second["en"]
    assert first["zh-hans"] == second["zh-hans"]
    assert second["zh-hans"] != third["zh-hans"]
    assert default_storage.exists(first["en"])  # others may still show it


def test_a_family_shows_its_own_picture_or_that_of_a_variant():
    family = product_with_variants(colours={"sage": 1})
    picture_of(family.children.get())

    cards_refresh([family.pk])

    red, green, _blue = opened(named(family)["en"]).getpixel((WIDTH - 100, 300))
    assert red > 2 * green


def test_a_picture_that_is_gone_leaves_a_card_of_words():
    product = ProductFactory()
    default_storage.delete(picture_of(product).original.name)

    assert cards_refresh([product.pk]) == 2


def test_the_clock_makes_what_is_missing_and_the_shops_own(client, monkeypatch):
    monkeypatch.setitem(app.conf, "task_always_eager", True)
    shown, hidden = ProductFactory(), ProductFactory(is_public=False)
    home = html_of(client.get("/"))

    share_cards_next()

    assert meta_of(home, "og:image") is None
    assert meta_of(home, "twitter:card") == "summary"
    assert len(named(shown)) == 2
    assert not named(hidden)
    assert families_without_card(limit=5) == []
    shop = ShareCard.objects.get(product=None, language="en").image
    assert meta_of(html_of(client.get("/")), "og:image").endswith(shop)
    assert shop_cards_refresh() == 0


def test_old_files_go_when_nobody_shows_them_any_more():
    product = ProductFactory(title_en="Cup", title_zh_hans="杯子")
    cards_refresh([product.pk])
    old = named(product)["en"]
    Product.objects.filter(pk=product.pk).update(title_en="Mug")
    cards_refresh([product.pk])

    assert cards_sweep(older_than=time.time() - 3600) == 0
    assert cards_sweep(older_than=time.time() + 3600) == 1
    assert not default_storage.exists(old)
    assert all(default_storage.exists(name) for name in named(product).values())


def test_a_change_asks_for_cards_after_its_commit(monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    monkeypatch.setattr(handlers, "send_quietly", lambda task, ids: asked.append(ids))
    family = product_with_variants(colours={"sage": 1})

    with django_capture_on_commit_callbacks(execute=True):
        picture_of(family.children.get())

    assert asked == [[family.pk]]


@pytest.mark.parametrize(
    "name",
    [
        "Cup",
        "杯",
        "A “quoted” name, with 汉字 and more",
        "x" * 200,
        "很长的名字" * 40,
        "😀",
        "\x00\u202e\ud7ff",
        "",
        "word " * 80,
    ],
)
def test_any_name_makes_a_card(name):
    drawn = card_draw(CardWords(name=name, shop="Storekeep", brand=name, rating=3.5), None)

    with Image.open(io.BytesIO(drawn)) as card:
        assert card.size == (WIDTH, HEIGHT)
    assert len(drawn) < 200_000


def test_no_line_begins_with_a_point_or_is_too_long():
    kind = Type(50, BOLD)
    text = writable("蜂蜜釉夜茶壶，配两只小杯，适合漫长的冬夜，也适合清晨。")

    lines = lines_of(text, kind, 300, most=9)

    assert "".join(lines) == text
    assert not any(line[0] in "，。" for line in lines)
    assert all(kind.width(line) <= 300 for line in lines)
    assert lines_of(text, kind, 300, most=2) is None
