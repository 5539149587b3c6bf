"""Pages about the shop: every published text is kept and can be read by its version."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog.content.exceptions import ContentRefused
from catalog.content.models import FaqItem, PageKind, Place
from catalog.content.news import LINKS, content_listen, page_tag
from catalog.content.selectors import faq_items, next_change, page_shown
from catalog.content.services import (
    faq_item_save,
    page_delete,
    page_publish,
    page_save,
    page_version_withdraw,
)
from tests.content.makers import page_made

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def body(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.req("S1.15")
def test_every_published_text_stays_readable(client):
    page = page_made("terms", kind=PageKind.LEGAL, body="Fourteen days.")
    page.body_en = "Thirty days."
    page_save(page)

    assert "Fourteen days." in body(client.get("/pages/terms/"))
    assert "Thirty days." not in body(client.get("/pages/terms/"))

    page_publish(page=page, notes={"en": "Longer returns"})

    now = body(client.get("/pages/terms/"))
    assert "Thirty days." in now
    assert "Longer returns" in now
    assert 'href="/pages/terms/1/"' in now
    old = body(client.get("/pages/terms/1/"))
    assert "Fourteen days." in old
    assert "This is how it was." in old
    assert '<meta name="robots" content="noindex, follow">' in old
    assert "This is how it was." not in body(client.get("/pages/terms/2/"))
    assert client.get("/pages/terms/3/").status_code == 404
    assert client.get("/pages/terms/99999999999999999999/").status_code == 404


@pytest.mark.req("S1.15")
def test_a_planned_version_takes_over_at_its_moment(client, monkeypatch):
    page = page_made("privacy", kind=PageKind.LEGAL, body="Old.")
    moment = timezone.now() + DAY
    page.body_en = "New."
    page_save(page)
    version = page_publish(page=page, valid_from=moment)

    assert next_change() == moment
    assert "Old." in body(client.get("/pages/privacy/"))
    assert client.get(f"/pages/privacy/{version.number}/").status_code == 404

    monkeypatch.setattr(timezone, "now", lambda: moment)

    assert "New." in body(client.get("/pages/privacy/"))
    with pytest.raises(ContentRefused):
        page_version_withdraw(version)


@pytest.mark.req("S1.15")
def test_what_held_in_the_past_cannot_be_rewritten():
    page = page_made("terms", kind=PageKind.LEGAL)

    with pytest.raises(ContentRefused):
        page_publish(page=page, valid_from=timezone.now() - DAY)
    with pytest.raises(ContentRefused):
        page_delete(page)

    assert page.versions.count() == 1


def test_what_has_not_begun_can_be_taken_back():
    page = page_made("terms", kind=PageKind.LEGAL)
    version = page_publish(page=page, valid_from=timezone.now() + DAY)

    page_version_withdraw(version)

    assert next_change() is None
    assert page_shown("terms").number == 1


def test_a_draft_and_a_hidden_page_are_not_found(client):
    page_made("draft", is_published=False)
    page_made("hidden", is_public=False)

    assert client.get("/pages/draft/").status_code == 404
    assert client.get("/pages/hidden/").status_code == 404
    assert client.get("/pages/nothing/").status_code == 404


def test_questions_are_data_and_open_one_by_one(client):
    page = page_made("faq", kind=PageKind.QUESTIONS, body="")
    for place, words in enumerate(("When does it come?", "How do I return it?")):
        faq_item_save(FaqItem(page=page, question_en=words, answer_en="*Soon.*", position=place))
    faq_item_save(FaqItem(page=page, question_en="Secret?", answer_en="No.", is_public=False))

    response = client.get("/pages/faq/")
    shown = body(response)

    assert [one.question for one in faq_items(page)] == [
        "When does it come?",
        "How do I return it?",
    ]
    assert response.context["faq_items"] == faq_items(page)
    assert shown.count('<details class="disclosure"') == 2
    assert "<em>Soon.</em>" in shown
    assert "Secret?" not in shown


def test_the_foot_links_to_pages_by_their_place(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        page_made("about", title_en="About us", title_zh_hans="关于我们")
        page_made("terms", title_en="Terms", place=Place.LEGAL, kind=PageKind.LEGAL)
        page_made("secret", title_en="Nowhere", place=Place.NOWHERE)

    foot = body(client.get("/")).partition("<footer")[2]
    assert '<a class="site-footer__link" href="/pages/about/">About us</a>' in foot
    assert '<a class="site-footer__link" href="/pages/terms/">Terms</a>' in foot
    assert "Nowhere" not in foot
    assert "关于我们" in body(client.get("/zh-hans/")).partition("<footer")[2]


def test_a_change_is_told_after_it_is_certain(django_capture_on_commit_callbacks, monkeypatch):
    heard: list[frozenset[str]] = []
    monkeypatch.setattr("catalog.content.news._listeners", [])
    content_listen(heard.append)

    with django_capture_on_commit_callbacks(execute=True):
        page = page_made("about", is_published=False)
        assert heard == []

    assert heard == [frozenset({LINKS, page_tag(page.pk)})]
