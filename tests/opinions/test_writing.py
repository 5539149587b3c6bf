"""Writing a review: by members, once, honestly marked, and never lost over a bad picture."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from catalog.opinions.exceptions import AlreadyReviewed
from catalog.opinions.models import ReviewDetail, ReviewPhoto, State
from catalog.opinions.services import reviews as services
from catalog.opinions.texts import guest_signature, language_of, signature, text_cleaned
from catalog.reviews.models import ProductReview
from tests.factories import ProductFactory, UserFactory, product_with_variants
from tests.opinions.support import TYPED, address, buyer_of, picture, review_of

pytestmark = pytest.mark.django_db


def test_a_review_waits_until_it_is_read(member, product, write_url):
    answer = member.post(write_url, TYPED)

    review = ProductReview.objects.get()
    assert answer.status_code == 302
    assert review.status == State.PENDING
    assert (review.score, review.title, review.name) == (4, "No drips", "Hannah K.")
    product.refresh_from_db()
    assert product.rating is None
    assert "No drips" not in Client().get(product.get_absolute_url()).content.decode()


def test_strangers_sign_in_first_and_come_back(product, write_url):
    answer = Client().post(write_url, TYPED)

    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={write_url}")
    assert not ProductReview.objects.exists()


def test_one_review_per_member_and_product(user, product):
    review_of(product, user=user)

    with pytest.raises(AlreadyReviewed):
        review_of(product, user=user)

    assert ProductReview.objects.count() == 1


def test_only_buyers_are_marked_as_verified(product):
    buyer, reader = buyer_of(product), UserFactory()

    bought, read = review_of(product, user=buyer), review_of(product, user=reader)

    assert bought.detail.is_verified is True
    assert read.detail.is_verified is False


def test_the_variant_that_was_bought_is_shown(client):
    family = product_with_variants(colours={"ink": 3, "mist": 3}, title="Mug")
    variant = family.children.order_by("pk")[1]
    variant.title = variant.title_en = "Mug, Mist"
    variant.save()

    review = review_of(family, user=buyer_of(variant))

    assert review.detail.variant == variant
    assert "<span>Mist</span>" in client.get(address(family, "reviews-list")).content.decode()


def test_a_change_is_read_again_and_leaves_the_mean(member, user, product, write_url):
    review_of(product, user=user)
    product.refresh_from_db()
    assert product.rating == 4.0

    member.post(write_url, {**TYPED, "score": "2"})

    review = ProductReview.objects.get()
    product.refresh_from_db()
    assert (review.score, review.status, product.rating) == (2, State.PENDING, None)
    assert review.detail.edits == 1


def test_changes_come_to_an_end(member, user, product, write_url):
    review = review_of(product, user=user)
    ReviewDetail.objects.filter(review=review).update(edits=services.EDITS_AT_MOST)

    answer = member.post(write_url, TYPED)

    assert answer.status_code == 409
    assert ProductReview.objects.get().title == "Good"


def test_a_review_can_be_taken_back_with_its_files(
    member, product, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        member.post(address(product, "reviews-add"), {**TYPED, "photos": picture()})
    assert len(list(settings.MEDIA_ROOT.rglob("*.webp"))) == 1

    with django_capture_on_commit_callbacks(execute=True):
        answer = member.post(address(product, "reviews-take-back"))

    assert answer.status_code == 302
    assert not ProductReview.objects.exists()
    assert not ReviewPhoto.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.webp"))


def test_photos_are_drawn_afresh_without_where_they_were_made(member, settings, write_url):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Hannah"
    photo = picture("IMG_2041.jpg", exif=exif, size=(2400, 1200))

    member.post(write_url, {**TYPED, "photos": photo})

    row = ReviewPhoto.objects.get()
    with Image.open(row.image.path) as stored:
        assert stored.format == "WEBP"
        assert stored.size == (1600, 800)
        assert not stored.getexif()
    assert "IMG_2041" not in row.image.name
    assert row.state == State.PENDING


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("a.jpg", SVG, "image/jpeg"), "not a JPEG, PNG or WebP picture"),
        (SimpleUploadedFile("a.png", b"\x89PNG\r\n\x1a\n" + b"0" * 99), "not a JPEG"),
        (SimpleUploadedFile("a.jpg", b"0" * (10 * 1024 * 1024 + 1)), "10 MB at most"),
        (picture("bomb.png", size=(9000, 9000), kind="PNG"), "25 megapixels at most"),
    ],
    ids=["svg", "broken", "heavy", "bomb"],
)
def test_what_is_no_fair_picture_is_refused_and_the_words_stay(member, write_url, upload, words):
    answer = member.post(write_url, {**TYPED, "photos": upload})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert "Poured, put down, no ring on the table." in html
    assert 'value="4" required checked' in html
    assert not ProductReview.objects.exists()


def test_five_photos_are_one_too_many(member, write_url):
    answer = member.post(write_url, {**TYPED, "photos": [picture(f"{n}.jpg") for n in range(5)]})

    assert answer.status_code == 422
    assert "4 photos at most" in answer.content.decode()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {**TYPED, "score": "0"},
        {**TYPED, "score": "6"},
        {**TYPED, "score": "٣"},
        {**TYPED, "score": "9" * 400},
        {**TYPED, "title": " "},
        {**TYPED, "text": "x" * 5000},
        {**TYPED, "drop": "99999999999999999999"},
    ],
)
def test_bad_input_is_answered_with_words(member, write_url, typed):
    answer = member.post(write_url, typed)

    assert answer.status_code == 422
    assert not ProductReview.objects.exists()


def test_writing_is_slowed_down(member):
    answers = [
        member.post(address(ProductFactory(), "reviews-add"), TYPED).status_code for _ in range(11)
    ]

    assert answers == [302] * 10 + [429]


def test_who_is_gone_leaves_the_opinion_and_not_the_name(user, product, client):
    review = review_of(product, user=user)

    user.delete()

    review.refresh_from_db()
    assert (review.user, review.name) == (None, "")
    html = client.get(address(product, "reviews-list")).content.decode()
    assert "A former member" in html
    assert "Hannah" not in html


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("Hannah", "Kraus", "Hannah K."),
        ("梅", "林", "林**"),
        ("", "", ""),
        ("Jean-Luc", "", "Jean-Luc"),
        ("Anna Maria", "von Trapp", "Anna V."),
    ],
)
def test_names_are_shown_in_part(first, last, shown):
    assert signature(first, last) == shown


def test_guests_sign_in_part_too():
    assert guest_signature("Hannah Maria Kraus") == "Hannah K."
    assert guest_signature("林梅") == "林**"


def test_texts_lose_what_turns_and_hides():
    assert text_cleaned("a\u202eb\x07c\r\n\r\n\r\nd  e") == "abc\n\nd e"
    assert text_cleaned("<b>bold</b>") == "<b>bold</b>"


def test_the_language_is_that_of_the_text():
    assert language_of("杯子很好，nice mug") == "zh-hans"
    assert language_of("Nice mug 杯") == "en"
