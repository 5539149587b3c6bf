"""Guides and pages are found by robots, and under the addresses that they had before."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from catalog.content.found import GuideSection, TextSection
from catalog.content.models import PageKind, Topic
from catalog.content.services import article_save, page_publish, page_save
from tests.content.makers import article_made, page_made

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.08")]


def paths(section) -> list[str]:
    return [page.path for page in section.rows()]


def test_sitemaps_name_what_can_be_read_now(client):
    assert paths(GuideSection()) == []
    article_made("wool", topic=Topic.objects.create(name="Care", slug="care"))
    article_made("planned", published_at=timezone.now() + dt.timedelta(days=1))
    article_made("draft", is_public=False)
    page = page_made("terms", kind=PageKind.LEGAL)
    page_publish(page=page)
    page_made("unpublished", is_published=False)

    assert paths(GuideSection()) == ["/guides/", "/guides/topic/care/", "/guides/wool/"]
    assert paths(TextSection()) == ["/pages/terms/"]
    cache.clear()
    index = client.get("/sitemap.xml").getvalue().decode()
    assert "guides" in index
    assert "texts" in index


def test_an_old_address_leads_to_the_guide_and_to_the_page(client):
    article = article_made("wool")
    page = page_made("returns")
    article.slug, page.slug = "caring-for-wool", "delivery"
    article_save(article)
    page_save(page)
    cache.clear()

    for old, new in (
        ("/guides/wool/", "/guides/caring-for-wool/"),
        ("/pages/returns/", "/pages/delivery/"),
        ("/zh-hans/guides/wool/", "/zh-hans/guides/caring-for-wool/"),
    ):
        answer = client.get(old)
        assert (answer.status_code, answer["Location"]) == (301, new)
        assert client.get(new).status_code == 200
