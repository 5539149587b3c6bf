"""Guides as readers see them: what is shown when, at which cost, and the same for everybody."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.content.models import Article, Topic
from catalog.content.selectors import articles_related, foot_links, next_change
from catalog.content.services import article_save
from tests.content.makers import HOUR, article_made
from tests.factories import ProductFactory, UserFactory

pytestmark = pytest.mark.django_db


def body(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.req("S3.05")
def test_a_guide_shows_its_text_and_its_products_at_todays_price(client):
    inside, beside = ProductFactory(title="Cup", price="12.50"), ProductFactory(title="Tray")
    topic = Topic.objects.create(name="Tea", slug="tea")
    article_made(
        "choose-tea",
        topic=topic,
        title_en="How to choose tea",
        body_en=f"## Leaves\n\nGreen.\n\n[[{inside.slug}]]\n\nMore.",
        goods=[beside, inside],
    )

    page = body(client.get("/guides/choose-tea/"))

    assert '<h2 id="s-leaves">Leaves</h2>' in page
    assert (
        page.index("Green.")
        < page.index(">Cup</a>")
        < page.index("More.")
        < page.index(">Tray</a>")
    )
    assert page.count(">Cup</a>") == 1
    assert "€12.50" in page
    assert 'href="/guides/topic/tea/"' in page
    assert "1 minute to read" in page

    inside.stockrecords.update(price="13.00")

    assert "€13.00" in body(client.get("/guides/choose-tea/"))


@pytest.mark.req("S3.05")
def test_a_guide_appears_and_ends_at_its_moment(client, monkeypatch):
    now = timezone.now()
    soon, later = now + dt.timedelta(hours=2), now + dt.timedelta(hours=5)
    article_made("planned", published_at=soon, shown_until=later)
    article_made("draft", is_public=False, published_at=now)

    assert next_change() == soon
    for at, status in ((now, 404), (soon, 200), (later - HOUR, 200), (later, 404)):
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        assert client.get("/guides/planned/").status_code == status, at
        assert ("About planned" in body(client.get("/guides/"))) == (status == 200)
        assert client.get("/guides/draft/").status_code == 404

    monkeypatch.setattr(timezone, "now", lambda: soon)
    assert next_change() == later
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert next_change() is None


def test_the_database_holds_when_a_guide_is_shown():
    now = timezone.now()
    for facts, name in (
        ({"is_public": True}, "article_public_has_a_moment"),
        ({"published_at": now, "shown_until": now - HOUR}, "article_ends_after_it_begins"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Article.objects.create(slug="x", title="X", **facts)


@pytest.mark.req("S1.10")
def test_a_guide_costs_the_same_for_two_and_for_twenty_products(client):
    topic = Topic.objects.create(name="Tea", slug="tea")
    for slug in ("one", "two", "three", "four"):
        article_made(slug, topic=topic)
    counts = []
    for number in (2, 20):
        goods = [ProductFactory() for _ in range(number)]
        inside = " ".join(f"[[{one.slug}]]" for one in goods[: number // 2])
        article_made(f"with-{number}", topic=topic, body_en=inside, goods=goods[number // 2 :])
        client.get(f"/guides/with-{number}/")
        with CaptureQueriesContext(connection) as queries:
            page = body(client.get(f"/guides/with-{number}/"))
        assert page.count('class="card"') == number
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 8, "\n".join(
        one["sql"][:3000] for one in queries.captured_queries
    )


def test_a_list_costs_the_same_for_two_and_for_twelve_guides(client):
    counts = []
    for slugs in ("ab", "cdefghijkl"):
        for slug in slugs:
            article_made(slug, topic=Topic.objects.get_or_create(name="T", slug="t")[0])
        client.get("/guides/")
        with CaptureQueriesContext(connection) as queries:
            body(client.get("/guides/"))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 4


def test_the_page_of_a_guide_is_the_same_for_everybody(client):
    """Between the header and the foot nothing tells who reads."""
    article_made("wool", goods=[ProductFactory()])
    member = Client()
    member.force_login(UserFactory())

    def middle(reader: Client) -> str:
        page = body(reader.get("/guides/wool/"))
        return page[page.index("<main") : page.index("</main>")]

    assert middle(client) == middle(member)


def test_topics_without_a_guide_to_read_are_not_offered(client):
    tea, _empty = (Topic.objects.create(name=name, slug=name.lower()) for name in ("Tea", "Empty"))
    article_made("leaves", topic=tea)

    page = body(client.get("/guides/"))

    assert "/guides/topic/tea/" in page
    assert "/guides/topic/empty/" not in page
    assert "No guide on this yet" in body(client.get("/guides/topic/empty/"))
    assert client.get("/guides/topic/nothing/").status_code == 404


def test_the_next_to_read_are_of_the_same_topic_first():
    tea, wool = (Topic.objects.create(name=name, slug=name) for name in ("tea", "wool"))
    read = article_made("read", topic=tea)
    article_made("other", topic=wool)
    article_made("same", topic=tea, published_at=timezone.now() - 3 * HOUR)
    article_made("draft", topic=tea, is_public=False)

    assert [one.slug for one in articles_related(read)] == ["same", "other"]


def test_a_guide_without_chinese_is_read_in_english_and_one_with_it_in_chinese(client):
    article_made("wool", title_zh_hans="养护羊毛", body_zh_hans="冷水手洗。")
    article_made("tea", body_en="Only English.")

    assert "冷水手洗。" in body(client.get("/zh-hans/guides/wool/"))
    assert "Only English." in body(client.get("/zh-hans/guides/tea/"))


@pytest.mark.parametrize(
    "path", ["/guides/?page=9999999999", "/guides/?page=x", "/guides/?page=-1"]
)
def test_a_page_of_the_list_that_is_not_there_is_the_nearest_one(client, path):
    assert client.get(path).status_code == 200


def test_the_foot_links_to_guides_as_soon_as_there_is_one(
    client, django_capture_on_commit_callbacks
):
    assert 'href="/guides/"' not in body(client.get("/"))

    with django_capture_on_commit_callbacks(execute=True):
        article = article_made("wool")

    assert 'href="/guides/"' in body(client.get("/"))
    with CaptureQueriesContext(connection) as queries:
        foot_links()
    assert len(queries) == 0

    article.is_public = False
    with django_capture_on_commit_callbacks(execute=True):
        article_save(article)

    assert 'href="/guides/"' not in body(client.get("/"))


def test_the_foot_is_read_anew_when_a_guide_begins_by_itself(monkeypatch):
    begins = timezone.now() + dt.timedelta(hours=1)
    article_made("wool", published_at=begins)
    assert not foot_links().guides
    with CaptureQueriesContext(connection) as queries:
        foot_links()
    assert len(queries) == 0

    monkeypatch.setattr("django.utils.timezone.now", lambda: begins + dt.timedelta(seconds=1))

    assert foot_links().guides
