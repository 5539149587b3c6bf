"""Arranging the home page at the desk: a draft, a preview of it, one step to publish, nobody overwritten."""

import datetime as dt
import re
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from catalog.homepage import services
from catalog.homepage.exceptions import ChangedMeanwhile
from catalog.homepage.models import Audience, Block, Edition, Kind, Notice
from catalog.homepage.selectors import board, draft_blocks
from tests.content.makers import article_made
from tests.factories import CategoryFactory, ProductFactory, UserFactory
from tests.homepage.makers import arranged, block_made, notice_made, published

pytestmark = pytest.mark.django_db
HERE = "/dashboard/home/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk() -> Client:
    return marketer("Ada", "Byron")


def marketer(first: str, last: str) -> Client:
    client = Client()
    user = UserFactory(is_staff=True, first_name=first, last_name=last)
    user.groups.set(Group.objects.filter(name="Marketer"))
    client.force_login(user)
    return client


def words(answer) -> str:
    return answer.content.decode()


def kinds() -> list[str]:
    return [block.kind for block in draft_blocks()]


def when(**ahead: int) -> str:
    return (timezone.localtime() + dt.timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M")


def seen() -> dict[str, int]:
    return {"seen": board().version}


@pytest.mark.req("S3.02", "S3.05")
def test_a_block_is_written_planned_bound_looked_at_and_published(desk):
    desk.post(
        f"{HERE}blocks/add/text/",
        {
            "title_en": "A letter to members",
            "title_zh_hans": "致会员",
            "text_en": "Some **bold** words.",
            "text_zh_hans": "几句话。",
            "shown_from": when(days=2),
            "audience": "members",
        },
    )

    block = draft_blocks()[-1]
    assert (block.kind, block.audience) == (Kind.TEXT, Audience.MEMBERS)
    assert block.text_html_en == "<p>Some <strong>bold</strong> words.</p>\n"
    page = words(desk.get(HERE))
    assert "Not published yet" in page
    assert "Planned" in page
    later = {"at": when(days=3), "who": "member", "language": "zh-hans"}
    assert "致会员" in words(desk.get(f"{HERE}preview/", later))
    assert "致会员" not in words(desk.get(f"{HERE}preview/", {**later, "who": "guest"}))
    assert "致会员" not in words(desk.get(f"{HERE}preview/", {**later, "at": when(days=1)}))
    assert Edition.objects.count() == 1

    answer = desk.post(f"{HERE}publish/", seen())

    assert answer.status_code == 302
    assert Edition.objects.first().published_by.first_name == "Ada"
    assert "As readers see it" in words(desk.get(HERE))


def test_blocks_are_put_in_order_by_buttons_and_by_dropping(desk):
    first, second, third = (block.pk for block in arranged("chosen", "newest", "guide"))

    desk.post(f"{HERE}blocks/{third}/move/", {"to": "up"})
    desk.post(f"{HERE}blocks/{first}/move/", {"to": "up"})
    assert kinds() == ["chosen", "guide", "newest"]
    answer = desk.post(f"{HERE}arrange/", {"block": [second, third, first], **seen()}, headers=HTMX)

    assert answer.status_code == 200
    assert kinds() == ["newest", "guide", "chosen"]
    desk.post(f"{HERE}blocks/{second}/show/", {"show": "0"})
    assert [block.is_shown for block in draft_blocks()] == [False, True, True]
    desk.post(f"{HERE}blocks/{second}/show/", {"show": "1"}, headers=HTMX)
    desk.post(f"{HERE}blocks/{third}/delete/")
    desk.post(f"{HERE}blocks/{third}/delete/")
    assert [(one.kind, one.is_shown) for one in draft_blocks()] == [
        ("newest", True),
        ("chosen", True),
    ]


def test_who_comes_second_to_a_block_is_told_by_whom_and_loses_no_word(desk):
    block = block_made(title_en="Old")
    other = marketer("Grace", "Hopper")
    url = f"{HERE}blocks/{block.pk}/"
    form = {"text_en": "Words.", "audience": "all", "seen": block.version}
    other.post(url, {**form, "title_en": "Grace's"})

    answer = desk.post(url, {**form, "title_en": "Ada's"})

    page = words(answer)
    assert answer.status_code == 409
    assert "Grace Hopper changed this" in page
    assert 'value="Ada&#x27;s"' in page
    assert Block.objects.get(pk=block.pk).title == "Grace's"
    again = int(re.search(r'name="seen" value="(\d+)"', page)[1])
    assert desk.post(url, {**form, "title_en": "Ada's", "seen": again}).status_code == 302
    assert Block.objects.get(pk=block.pk).title == "Ada's"


def test_an_order_or_a_publishing_of_what_was_changed_meanwhile_is_refused(desk):
    blocks = arranged("chosen", "newest")
    before = seen()
    block_made(title_en="Late")
    turned = [block.pk for block in reversed(blocks)]

    for headers in ({}, HTMX):
        for path, data in (("arrange/", {"block": turned}), ("publish/", {})):
            answer = desk.post(HERE + path, {**data, **before}, headers=headers)
            assert answer.status_code == 409
            assert "changed the board meanwhile" in words(answer)
    assert kinds() == ["chosen", "newest", "text"]
    assert Edition.objects.count() == 1


def test_a_block_that_somebody_took_off_is_gone_with_a_word(desk):
    block = block_made()
    desk.post(f"{HERE}blocks/{block.pk}/delete/")

    answer = desk.post(f"{HERE}blocks/{block.pk}/", {"title_en": "Late"}, follow=True)

    assert "somebody took it off" in words(answer)
    assert desk.get(f"{HERE}blocks/{2**70}/").status_code == 302


def test_a_block_that_goes_while_it_is_being_saved_is_gone_with_a_word(desk, monkeypatch):
    block = block_made()

    def late(saved: Block, **seen: object) -> None:
        Block.objects.filter(pk=saved.pk).delete()
        raise ChangedMeanwhile

    monkeypatch.setattr(services, "block_save", late)
    form = {"title_en": "Late", "text_en": "Words.", "audience": "all", "seen": block.version}

    answer = desk.post(f"{HERE}blocks/{block.pk}/", form, follow=True)

    assert "somebody took it off" in words(answer)


def test_nothing_to_show_is_not_published(desk):
    arranged()

    answer = desk.post(f"{HERE}publish/", seen())

    assert answer.status_code == 422
    assert "nothing to show" in words(answer)
    assert "No blocks on the board" in words(answer)
    desk.post(f"{HERE}reset/", {"edition": "usual", **seen()})
    assert kinds()[0] == "hero"
    assert desk.post(f"{HERE}reset/", {"edition": "9" * 30, **seen()}).status_code == 302


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("hero", {"title_en": ""}, "This field is required."),
        ("hero", {"title_en": "A", "label_en": "Go"}, "A button needs words and a place"),
        ("hero", {"title_en": "A", "link": "/"}, "A button needs words and a place"),
        ("hero", {"title_en": "A", "label_en": "Go", "link": "javascript:x"}, "Write a path"),
        ("hero", {"title_en": "A", "label_en": "Go", "link": "//evil.example"}, "Write a path"),
        ("hero", {"title_en": "A", "text_en": "x" * 301}, "too long"),
        ("text", {"text_en": "[[nothing-like-it]]"}, "No product has this SKU"),
        ("text", {"text_en": ""}, "This field is required."),
        ("text", {"text_en": "x", "audience": "group"}, "Say which group."),
        ("text", {"text_en": "x", "shown_from": when(days=2), "shown_until": when(days=1)}, "ends"),
        ("countdown", {"title_en": "A"}, "This field is required."),
        ("countdown", {"title_en": "A", "ends_at": when(days=-1)}, "over already"),
        ("collection", {"collection": "77"}, "Select a valid choice."),
        ("tiles", {"category_ids": ["77"]}, "Select a valid choice."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(desk, kind, facts, said):
    before = len(draft_blocks())

    answer = desk.post(f"{HERE}blocks/add/{kind}/", {"audience": "all", **facts})

    assert answer.status_code == 422
    assert said in words(answer)
    assert len(draft_blocks()) == before


def test_a_kind_that_is_none_has_no_form(desk):
    assert desk.get(f"{HERE}blocks/add/carousel/").status_code == 404


def test_the_preview_shows_what_is_being_written_and_keeps_nothing(desk):
    block = block_made(title_en="Old words", shown_from=timezone.now() + dt.timedelta(days=3))
    goods = ProductFactory(title="Cup")
    typed = {
        "block": block.pk,
        "kind": "text",
        "title_en": "New words",
        "text_en": f"<script>x</script>\n\n[[{goods.slug}]]",
        "shown_from": when(days=3),
        "audience": "members",
        "language": "en",
    }

    page = words(desk.post(f"{HERE}preview/", typed))

    assert "New words" in page
    assert "Old words" not in page
    assert "<script>x" not in page
    assert "Cup" in page
    assert Block.objects.get(pk=block.pk).title == "Old words"
    fresh = {**typed, "block": "", "title_en": "Not saved"}
    answer = desk.post(f"{HERE}preview/", fresh)
    assert "Not saved" in words(answer)
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    for bad in ({}, {"kind": "countdown"}, {"kind": "x" * 99, "ends_at": "soon", "block": "x"}):
        assert desk.post(f"{HERE}preview/", bad).status_code == 200


def test_a_picture_stands_in_the_opening(desk, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    buffer = BytesIO()
    Image.new("RGB", (80, 60), "red").save(buffer, "PNG")
    picture = SimpleUploadedFile("x.png", buffer.getvalue(), "image/png")
    arranged()
    form = {"title_en": "Winter", "picture": picture, "picture_alt_en": "Snow"}

    desk.post(f"{HERE}blocks/add/hero/", {**form, "audience": "all"})
    published()
    published_block = Block.objects.get(edition=Edition.objects.first())

    page = words(client.get("/"))
    assert 'alt="Snow"' in page
    assert published_block.picture.name == draft_blocks()[0].picture.name
    broken = SimpleUploadedFile("x.png", b"none", "image/png")
    refused = desk.post(f"{HERE}blocks/add/hero/", {**form, "picture": broken})
    assert refused.status_code == 422


def test_every_kind_is_added_and_its_page_opened_again(desk):
    tea = CategoryFactory()
    article = article_made("brew")
    forms = {
        "tiles": {"category_ids": [tea.pk]},
        "guide": {"article": article.pk},
        "countdown": {"title_en": "Soon", "ends_at": when(days=1)},
        "yours": {},
        "popular": {},
    }
    arranged()

    for kind, facts in forms.items():
        assert desk.get(f"{HERE}blocks/add/{kind}/").status_code == 200
        answer = desk.post(f"{HERE}blocks/add/{kind}/", {"audience": "all", **facts})
        assert answer.status_code == 302, kind
    assert kinds() == list(forms)
    assert draft_blocks()[0].category_ids == [tea.pk]
    for block in draft_blocks():
        assert desk.get(f"{HERE}blocks/{block.pk}/").status_code == 200


def test_notices_are_written_planned_and_taken_away(desk):
    form = {"text_en": "Closed on Monday", "text_zh_hans": "周一休息", "tone": "warn"}
    form |= {"position": "0", "is_shown": "on", "can_be_closed": "on", "link": "/pages/about/"}
    assert "No notices yet" in words(desk.get(f"{HERE}notices/"))

    desk.post(f"{HERE}notices/add/", {**form, "shown_from": when(days=1)})

    notice = Notice.objects.get()
    assert "Planned" in words(desk.get(f"{HERE}notices/"))
    url = f"{HERE}notices/{notice.pk}/"
    assert desk.post(url, {**form, "seen": 1}).status_code == 302
    late = desk.post(url, {**form, "text_en": "Late", "seen": 1})
    assert late.status_code == 409
    assert "Ada Byron changed this" in words(late)
    assert Notice.objects.get().text == "Closed on Monday"
    for bad in ({"text_en": ""}, {"link": "ftp://x"}, {"text_en": "x" * 161}, {"tone": "loud"}):
        assert desk.post(url, {**form, "seen": 2, **bad}).status_code == 422
    desk.post(f"{url}delete/")
    desk.post(f"{url}delete/")
    assert not Notice.objects.exists()
    assert desk.get(url).status_code == 302


def test_a_notice_whose_words_stay_keeps_who_closed_it(desk):
    notice = notice_made("Late parcels")
    form = {"text_en": "Late parcels", "tone": "good", "position": "3", "is_shown": "on", "seen": 1}

    desk.post(f"{HERE}notices/{notice.pk}/", form)
    assert Notice.objects.get().mark == notice.mark
    desk.post(f"{HERE}notices/{notice.pk}/", {**form, "text_en": "Later", "seen": 2})
    assert Notice.objects.get().mark != notice.mark
