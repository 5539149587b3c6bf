"""How pages name pictures: AVIF with JPEG behind, sizes, one that comes first, no query for each."""

import re
from html import unescape

import pytest
from django.template.loader import render_to_string

from catalog.cards import cards_make, pictures_of
from catalog.models import ProductImage
from catalog.pictures.services import picture_draw
from catalog.pictures.sources import PictureSources, picture_sources
from catalog.selectors import products_listed
from tests.factories import CategoryFactory, ProductFactory
from tests.pictures.support import image_of, picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08", "S1.10")]

FACTS = {"width": 1400, "height": 1000, "colour": "#ff6347", "recipe": 1}


def html(picture: PictureSources | None, **with_: object) -> str:
    context = {"picture": picture, "alt": "A cup", "sizes": "46vw", **with_}
    return render_to_string("components/picture.html", context)


def test_a_picture_is_offered_in_five_widths_of_avif_and_of_jpeg():
    sources = picture_sources("products/cup.webp", FACTS)

    assert [part.split() for part in sources.avif.split(", ")] == [
        [f"/media/products/cup.webp.w{width}r1.avif", f"{width}w"]
        for width in (160, 260, 430, 740, 1280)
    ]
    assert sources.srcset == sources.avif.replace(".avif", ".jpg")
    assert sources.src == "/media/products/cup.webp.w430r1.jpg"
    assert sources.small == "/media/products/cup.webp.w160r1.jpg"
    assert sources.jpeg == "/media/products/cup.webp.w1280r1.jpg"
    assert sources.large == "/media/products/cup.webp"


def test_until_its_widths_are_drawn_a_picture_is_shown_as_it_came():
    fresh = picture_sources("cup.webp", FACTS | {"recipe": 0, "colour": ""})
    unseen = picture_sources("cup.webp", None)

    assert (fresh.src, fresh.srcset, fresh.width) == ("/media/cup.webp", "", 1400)
    assert "<picture" not in html(fresh)
    assert 'width="1400" height="1000"' in html(fresh)
    assert "width=" not in html(unseen)


def test_what_is_no_picture_is_not_shown():
    assert picture_sources("notes.webp", {"width": 0, "height": 0, "recipe": 0}) is None
    assert picture_sources("", None) is None


def test_the_place_of_a_picture_has_its_size_and_its_colour_without_any_style():
    shown = html(picture_sources("cup.webp", FACTS))

    assert '<svg class="picture__tone" color="#ff6347" aria-hidden="true"></svg>' in shown
    assert 'width="1400" height="1000"' in shown
    assert "style=" not in shown


def test_pictures_load_when_they_come_near_except_the_first_ones():
    sources = picture_sources("cup.webp", FACTS)

    assert 'loading="lazy"' in html(sources)
    assert "lazy" not in html(sources, load="soon")
    assert "fetchpriority" not in html(sources, load="soon")
    assert 'fetchpriority="high"' in html(sources, load="first")


def test_a_card_is_drawn_from_the_database_alone(django_assert_num_queries, monkeypatch, tmp_path):
    products = [ProductFactory() for _ in range(3)]
    for place, product in enumerate(products):
        picture_draw(name=image_of(product, name=f"cup-{place}.png").original.name)

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a page looked at the disk")

    for name in ("open", "exists", "size"):
        monkeypatch.setattr(f"django.core.files.storage.FileSystemStorage.{name}", refuse)
    with django_assert_num_queries(1):
        found = pictures_of(products)

    assert all(found[product.pk][0].avif for product in products)
    cards = cards_make(products_listed())
    assert {card.picture.colour for card in cards} == {"#ff6347"}


def test_a_list_has_one_picture_that_comes_first(client):
    category = CategoryFactory()
    for place in range(6):
        product = ProductFactory(price="10.00", stock=3, categories=[category])
        picture_draw(name=image_of(product, name=f"cup-{place}.png").original.name)

    page = client.get(category.get_absolute_url()).content.decode()

    assert page.count('fetchpriority="high"') == 1
    tags = re.findall(r"<img [^>]*picture__img[^>]*>", page)
    assert ["lazy" in tag for tag in tags] == [False] * 4 + [True] * 2


def test_a_product_asks_for_its_first_picture_early(client):
    product = ProductFactory(price="10.00", stock=3, categories=[CategoryFactory()])
    image = image_of(product)
    ProductImage.objects.filter(pk=image.pk).update(caption="A red cup, seen from above")
    picture_draw(name=image.original.name)

    page = client.get(product.get_absolute_url()).content.decode()

    preload = re.search(r'<link rel="preload" as="image"[^>]*>', page)[0]
    source = re.search(r'<source type="image/avif"[^>]*>', page)[0]
    for ours, theirs in (("imagesrcset", "srcset"), ("imagesizes", "sizes")):
        value = re.search(f'{ours}="([^"]*)"', preload)[1]
        assert unescape(value) == unescape(re.search(f' {theirs}="([^"]*)"', source)[1])
    assert 'alt="A red cup, seen from above"' in page


def test_small_pictures_have_no_more_widths_than_they_need():
    small = picture_bytes((120, 90))
    name = image_of(data=small).original.name
    picture_draw(name=name)
    found = ProductImage.objects.get().original.name

    sources = picture_sources(found, FACTS | {"width": 120, "height": 90})

    assert [part.split()[1] for part in sources.avif.split(", ")] == ["120w"]
    assert sources.src == sources.small
