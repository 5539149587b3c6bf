"""Guides and pages at the desk: two languages side by side, a preview, and clean messages."""

import datetime as dt
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from catalog.content.models import Article, FaqItem, Page, PageKind, Topic
from tests.content.makers import article_made, page_made
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db
ADD = "/dashboard/content/guides/add/"


@pytest.fixture
def desk() -> Client:
    client = Client()
    user = UserFactory(is_staff=True)
    user.groups.set(Group.objects.filter(name="Marketer"))
    client.force_login(user)
    return client


def picture() -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.new("RGB", (60, 40), "red").save(buffer, "PNG")
    return SimpleUploadedFile("cover.png", buffer.getvalue(), "image/png")


@pytest.mark.req("S3.05")
def test_a_guide_is_written_planned_and_filled(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cup, tray = ProductFactory(title="Cup"), ProductFactory(title="Tray")
    moment = timezone.localtime() + dt.timedelta(days=2)

    answer = desk.post(
        ADD,
        {
            "title_en": "Caring for wool",
            "title_zh_hans": "养护羊毛",
            "body_en": f"Cold water.\n\n[[{cup.slug}]]",
            "body_zh_hans": "冷水。",
            "cover": picture(),
            "is_public": "on",
            "published_at": moment.strftime("%Y-%m-%dT%H:%M"),
        },
    )

    article = Article.objects.get()
    assert answer["Location"].endswith(f"/content/guides/{article.pk}/")
    assert article.slug == "caring-for-wool"
    assert article.cover.name.endswith(".webp")
    assert article.body_html_zh_hans == "<p>冷水。</p>\n"
    assert "Planned" in desk.get("/dashboard/content/guides/").content.decode()
    assert desk.get("/guides/caring-for-wool/").status_code == 404

    here = f"/dashboard/content/guides/{article.pk}"
    for text in ("Tray", cup.slug, "Tray"):
        desk.post(f"{here}/goods/", {"q": text})
    assert _beside(article) == [tray.pk, cup.pk]
    desk.post(f"{here}/goods/{cup.pk}/move/", {"to": "front"})
    desk.post(f"{here}/goods/{cup.pk}/move/", {"to": "front"})
    assert _beside(article) == [cup.pk, tray.pk]
    desk.post(f"{here}/goods/{tray.pk}/remove/")
    assert _beside(article) == [cup.pk]
    page = desk.get(f"{here}/").content.decode()
    assert "In the text itself:" in page
    desk.post(f"{here}/delete/")
    assert not Article.objects.exists()


def _beside(article: Article) -> list[int]:
    rows = article.links.filter(is_inside=False).order_by("position", "pk")
    return list(rows.values_list("product_id", flat=True))


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"title_en": ""}, "This field is required."),
        ({"body_en": "[[nothing-like-it]]"}, "No product has this SKU or address: nothing-like-it"),
        ({"body_en": "x" * 40_001}, "This text is too long."),
        ({"slug": "Größe 1"}, "Enter a valid “slug”"),
        ({"slug": "taken"}, "This address is taken."),
        ({"title_en": "🫖"}, "Write an address of plain letters and digits."),
        ({"published_at": "soon"}, "Enter a valid date/time."),
        ({"published_at": "9999-12-31T23:59"}, "less than or equal"),
        (
            {"published_at": "2026-02-01T10:00", "shown_until": "2026-01-01T10:00"},
            "It ends before it begins.",
        ),
        (
            {"cover": SimpleUploadedFile("x.png", b"no picture", "image/png")},
            "Upload a valid image.",
        ),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(desk, facts, said):
    article_made("taken")

    answer = desk.post(ADD, {"title_en": "Wool", **facts})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Article.objects.count() == 1


def test_a_product_that_nobody_or_many_fit_is_asked_for_again(desk):
    article = article_made("wool")
    ProductFactory(title="Red cup")
    ProductFactory(title="Blue cup")
    url = f"/dashboard/content/guides/{article.pk}/goods/"

    for text, said in (("cup", "Several fit"), ("zzz", "Nothing has this SKU"), ("x" * 200, "")):
        answer = desk.post(url, {"q": text})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not article.links.exists()


def test_the_preview_shows_the_text_with_its_products_and_keeps_nothing(desk):
    cup = ProductFactory(title="Cup", title_zh_hans="杯子", price="12.50")

    answer = desk.post(
        "/dashboard/content/guides/preview/",
        {"body_zh_hans": f"## 茶\n\n<script>x</script>\n\n[[{cup.slug}]]"},
    )

    shown = answer.content.decode()
    assert "<h2" in shown
    assert "<script" not in shown
    assert "€12.50" in shown
    assert "杯子" in shown
    assert not Article.objects.exists()
    assert (
        desk.post("/dashboard/content/guides/preview/", {"body_en": "x" * 40_001}).status_code
        == 422
    )


@pytest.mark.req("S1.15")
def test_a_legal_page_is_drafted_published_and_published_again(desk):
    words = {"title_en": "Terms", "kind": "legal", "place": "legal", "position": "1"}
    words |= {"is_public": "on"}
    desk.post("/dashboard/content/pages/add/", {**words, "body_en": "One.", "step": "save"})
    page = Page.objects.get()
    here = f"/dashboard/content/pages/{page.pk}/"
    assert desk.get("/pages/terms/").status_code == 404

    desk.post(here, {**words, "slug": "terms", "body_en": "One.", "step": "publish"})
    desk.post(
        here, {**words, "slug": "terms", "body_en": "Two.", "step": "publish", "note_en": "More"}
    )
    soon = (timezone.localtime() + dt.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    planned = {**words, "slug": "terms", "body_en": "Three.", "step": "publish", "valid_from": soon}
    desk.post(here, planned)

    assert [one.body_en for one in page.versions.order_by("number")] == ["One.", "Two.", "Three."]
    assert "Two." in desk.get("/pages/terms/").content.decode()
    late = desk.post(here, {**planned, "valid_from": "2020-01-01T10:00"})
    assert late.status_code == 422
    assert "cannot be changed any more" in late.content.decode()
    assert page.versions.count() == 3

    desk.post(f"{here}versions/3/withdraw/")
    desk.post(f"{here}versions/2/withdraw/")
    desk.post(f"{here}delete/")
    assert page.versions.count() == 2


def test_questions_and_topics_are_kept_by_hand(desk):
    page = page_made("faq", kind=PageKind.QUESTIONS)
    words = {"question_en": "When?", "answer_en": "*Soon.*", "position": "0", "is_public": "on"}

    desk.post(f"/dashboard/content/pages/{page.pk}/questions/add/", words)
    item = FaqItem.objects.get()
    assert item.answer_html_en == "<p><em>Soon.</em></p>\n"
    assert "When?" in desk.get(f"/dashboard/content/pages/{page.pk}/").content.decode()
    desk.post(f"/dashboard/content/questions/{item.pk}/", {**words, "answer_en": "Now."})
    assert "Now." in desk.get("/pages/faq/").content.decode()
    desk.post(f"/dashboard/content/questions/{item.pk}/delete/")
    assert not FaqItem.objects.exists()

    desk.post("/dashboard/content/topics/add/", {"name_en": "Tea time", "position": "0"})
    topic = Topic.objects.get(slug="tea-time")
    article = article_made("leaves", topic=topic)
    desk.post(f"/dashboard/content/topics/{topic.pk}/delete/")
    article.refresh_from_db()
    assert article.topic is None
