"""What is drawn of a picture: five widths, two formats, nothing else of the file."""

from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image, ImageCms

from catalog.pictures.drawing import (
    WIDTHS,
    Effort,
    Kind,
    NotDrawable,
    draw,
    drawn_from,
    size_of,
    upright,
    widths_of,
)
from tests.pictures.support import picture_bytes

pytestmark = pytest.mark.req("S3.08")

SIDEWAYS = 6  # EXIF: turn it by a quarter


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def sideways() -> bytes:
    notes = Image.Exif()
    notes[274] = SIDEWAYS
    notes[0x010F] = "SECRET-CAMERA"
    return picture_bytes((900, 600), kind="JPEG", exif=notes)


def test_a_picture_comes_in_five_widths_in_avif_and_jpeg():
    drawn = draw(Image.new("RGB", (2000, 1500), "tomato"), effort=Effort.HASTE)

    assert set(drawn.files) == {(width, kind) for width in WIDTHS for kind in Kind}
    assert len(WIDTHS) == 5
    for (width, kind), data in drawn.files.items():
        with opened(data) as picture:
            assert picture.format == {Kind.AVIF: "AVIF", Kind.JPEG: "JPEG"}[kind]
            assert picture.size == (width, round(width * 3 / 4))


def test_no_width_is_wider_than_the_picture_and_its_own_is_the_last():
    assert widths_of(1000) == (160, 260, 430, 740, 1000)
    assert widths_of(430) == (160, 260, 430)
    assert widths_of(90) == (90,)
    assert widths_of(5000) == WIDTHS


def test_a_screen_never_has_to_take_a_width_twice_as_wide_as_the_next_smaller():
    assert all(wide / narrow < 1.75 for narrow, wide in pairwise(WIDTHS))


def test_a_photo_taken_sideways_stands_upright_and_tells_nothing_of_the_camera():
    drawn = drawn_from(sideways())

    assert (drawn.width, drawn.height) == (600, 900)
    assert size_of(BytesIO(sideways())) == (600, 900)
    for data in drawn.files.values():
        assert b"SECRET-CAMERA" not in data
        with opened(data) as picture:
            assert picture.height > picture.width
            assert not picture.getexif()


def test_glass_gets_the_colour_of_the_surface():
    glass = upright(BytesIO(picture_bytes((40, 40), (255, 0, 0, 0))))

    assert glass.mode == "RGB"
    assert glass.getpixel((20, 20)) == (255, 255, 255)


def test_a_wide_profile_becomes_plain_srgb():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    plain = upright(BytesIO(picture_bytes((40, 40), "tomato", icc_profile=profile)))

    assert "icc_profile" not in plain.info
    assert all(b"ICC_PROFILE" not in data for data in draw(plain).files.values())


def test_the_colour_is_that_of_most_of_the_picture():
    picture = Image.new("RGB", (300, 300), "#cde0d2")
    picture.paste("#801010", (100, 100, 200, 200))

    assert draw(picture).colour == "#cde0d2"


def test_the_same_picture_gives_the_same_files():
    data = picture_bytes((500, 400))

    assert drawn_from(data) == drawn_from(data)


@pytest.mark.parametrize("data", [b"", b"no picture at all", picture_bytes()[:200]])
def test_what_is_no_picture_is_named_and_nothing_else_happens(data):
    assert isinstance(drawn_from(data), NotDrawable)


def test_more_than_25_megapixels_are_not_decoded():
    huge = picture_bytes((5001, 5000), kind="PNG")

    assert str(drawn_from(huge)) == "more than 25 megapixels"
