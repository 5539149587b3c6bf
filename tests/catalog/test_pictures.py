"""Pictures in several widths."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from catalog.models import ProductImage
from catalog.pictures import picture_sources, picture_widths_make
from catalog.tasks import product_picture_widths
from tests.factories import ProductFactory


@pytest.fixture
def image(db, settings, tmp_path) -> ProductImage:
    settings.MEDIA_ROOT = tmp_path
    buffer = BytesIO()
    Image.new("RGB", (1000, 800), "tomato").save(buffer, "PNG")
    row = ProductImage(product=ProductFactory())
    row.original.save(f"{tmp_path.name}.png", ContentFile(buffer.getvalue()))
    return row


def test_the_smaller_widths_are_made_once(image):
    made = picture_widths_make(image.original)

    assert [name.rpartition("_")[2] for name in made] == ["w320.webp", "w640.webp"]
    with Image.open(image.original.storage.open(made[0])) as small:
        assert small.size == (320, 256)
    assert picture_widths_make(image.original) == []


def test_a_page_names_all_widths_there_are(image):
    before = picture_sources(image.original)
    product_picture_widths(image.pk)
    after = picture_sources(image.original)

    assert before.srcset == ""
    assert [part.split()[1] for part in after.srcset.split(", ")] == ["320w", "640w", "1000w"]
    assert (after.width, after.height) == (1000, 800)
    assert after.src.endswith("_w640.webp")


def test_a_picture_that_is_gone_is_nothing_to_do(db):
    assert product_picture_widths(987_654) == []


def test_what_is_no_picture_is_not_shown(image):
    image.original.save("notes.webp", ContentFile(b"no picture at all"))

    assert picture_sources(image.original) is None
