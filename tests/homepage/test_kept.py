"""The kept home page and the notices on kept pages: true within the second, and free."""

import datetime as dt
import time

import pytest
from django.test import Client
from django.utils import timezone

from catalog.homepage import services
from catalog.homepage.models import Audience, Notice
from shop.core.pagecache.shelf import shelf
from tests.factories import CategoryFactory, ProductFactory, UserFactory
from tests.homepage.makers import block_made, notice_made, published

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.02")]
SOON = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def kept(settings):
    settings.PAGE_CACHE = True
    shelf.clear_near()
    yield
    shelf.clear_near()


@pytest.fixture
def written(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def text(path: str = "/", client: Client | None = None) -> str:
    answer = (client or Client()).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_home_page_with_everything_costs_a_stranger_no_sql(written, django_assert_num_queries):
    with written():
        ProductFactory(categories=[CategoryFactory()])
        block_made(title_en="Welcome", audience=Audience.GUESTS)
        notice_made()
        published()
    text()

    with django_assert_num_queries(0):
        page = text()

    assert "Welcome" in page
    assert "Late parcels" in page


def test_publishing_drops_the_home_page_and_the_draft_does_not(written, django_assert_num_queries):
    text()
    text("/guides/")
    with written():
        block_made(title_en="Now")
    with django_assert_num_queries(0):
        assert ">Now<" not in text()

    with written():
        published()

    assert ">Now<" in text()
    with django_assert_num_queries(0):
        text("/guides/")


def test_a_block_appears_and_ends_by_the_clock(written):
    with written():
        block_made(title_en="Flash", shown_from=timezone.now() + SOON)
        block_made(title_en="Before", shown_until=timezone.now() + SOON)
        published()
    page = text()
    assert (">Flash<" in page, ">Before<" in page) == (False, True)

    time.sleep(1.1)

    page = text()
    assert (">Flash<" in page, ">Before<" in page) == (True, False)


@pytest.mark.req("S3.02")
def test_a_member_sees_the_kept_page_with_what_is_for_members(written):
    with written():
        block_made(title_en="Dear member", audience=Audience.MEMBERS)
        published()
    member = Client()
    member.force_login(UserFactory())

    assert ">Dear member<" not in text()
    assert ">Dear member<" in text(client=member)
    assert ">Dear member<" not in text()


def test_a_notice_is_on_every_kept_page_at_once_and_ends_by_the_clock(written):
    ProductFactory(categories=[CategoryFactory()])
    assert "Late parcels" not in text("/catalogue/")

    with written():
        notice_made(text_zh_hans="包裹会晚到", shown_until=timezone.now() + 2 * SOON)

    assert "Late parcels" in text("/catalogue/")
    assert "包裹会晚到" in text("/zh-hans/")
    time.sleep(2.1)
    assert "Late parcels" not in text("/catalogue/")


def test_a_notice_that_was_closed_stays_closed_until_its_words_change(written):
    with written():
        notice = notice_made()
    page = text()
    client = Client()

    answer = client.post(f"/notices/{notice.pk}/close/", {"next": "/guides/"})

    assert answer["Location"] == "/guides/"
    assert "Late parcels" not in text(client=client)
    assert "Late parcels" not in text("/basket/", client)
    assert "Late parcels" in page
    assert "Late parcels" in text()
    with written():
        notice = Notice.objects.get()
        notice.text_en = "Parcels are late until Monday"
        services.notice_save(notice, seen=notice.version, user_id=None)
    assert "late until Monday" in text(client=client)


def test_closing_by_htmx_brings_what_comes_next(written):
    with written():
        notice, _other = notice_made("First"), notice_made("Second", position=1)

    answer = Client().post(f"/notices/{notice.pk}/close/", headers={"HX-Request": "true"})

    assert "Second" in answer.content.decode()
    assert answer.cookies["notice"].value == notice.mark


@pytest.mark.parametrize("cookie", ["", "x", "1.1-" * 300, "-1.0", "1.1.1", "%31.1", "\0"])
def test_any_cookie_is_read(written, cookie):
    with written():
        notice_made()
    client = Client()
    client.cookies["notice"] = cookie

    assert "Late parcels" in text(client=client)


def test_a_notice_that_cannot_be_closed_is_not(written):
    with written():
        notice = notice_made(can_be_closed=False)
    client = Client()

    client.post(f"/notices/{notice.pk}/close/")
    client.post("/notices/999999/close/")

    assert "notice" not in client.cookies
    assert "Late parcels" in text(client=client)
