"""The home page that readers see: its blocks in their order, in their time, for whom they are."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.homepage import services
from catalog.homepage.models import Audience, Block, Edition, Kind
from catalog.homepage.reading import home_shown
from catalog.homepage.selectors import board, draft_blocks, home_blocks
from catalog.listing.models import CollectionText
from catalog.listing.services import listing_rebuild
from promotions.offer.models import Range
from tests.content.makers import article_made
from tests.factories import CategoryFactory, ProductFactory, UserFactory
from tests.homepage.makers import arranged, block_made, published

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def text(client: Client, path: str = "/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def collection_of(*products) -> Range:
    made = Range.objects.create(name="Tea things", slug="tea", is_public=True)
    CollectionText.objects.create(range=made, name_en="Tea things", name_zh_hans="茶事")
    for product in products:
        made.add_product(product)
    listing_rebuild()
    return made


def test_a_new_shop_has_the_usual_home_page(client):
    ProductFactory(title="Pot", categories=[CategoryFactory()])

    page = text(client)

    kinds = ["hero", "yours", "popular", "chosen", "tiles", "newest", "guide"]
    assert [block.kind for block in home_blocks()] == kinds
    assert [block.kind for block in draft_blocks()] == kinds
    assert board().version == board().published
    assert re.search(r"<h1[^>]*>Good things, well kept.</h1>", page)
    assert 'href="/catalogue/?sort=newest"' in page
    chinese = text(client, "/zh-hans/")
    assert "好物，用心。" in chinese
    assert 'href="/zh-hans/catalogue/?sort=newest"' in chinese


def test_what_is_on_the_board_is_seen_once_it_is_published(
    client, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        block_made(title_en="Hello there", title_zh_hans="你好啊", text_zh_hans="几句话。")
    assert "Hello there" not in text(client)

    with django_capture_on_commit_callbacks(execute=True):
        published()

    assert "Hello there" in text(client)
    assert "几句话。" in text(client, "/zh-hans/")


def test_publishing_twice_makes_one_edition(db):
    block_made()

    assert published() == published()
    assert Edition.objects.count() == 2  # the usual one before it


def test_every_kind_of_block_is_shown(client):
    tea = CategoryFactory(name_en="Tea")
    goods = [ProductFactory(title=f"Pot {number}", categories=[tea]) for number in range(6)]
    made = collection_of(*goods)
    article = article_made("brew", title_en="How to brew", goods=goods[:2])
    arranged()
    block_made(Kind.COLLECTION, title_en="", text_en="For long evenings", collection=made)
    block_made(Kind.TILES, title_en="Rooms", text_en="", category_ids=[tea.pk, 10**9])
    block_made(Kind.GUIDE, title_en="", text_en="", article=article)
    block_made(Kind.COUNTDOWN, title_en="Soon over", ends_at=timezone.now() + HOUR)
    block_made(title_en="A letter", text_en=f"**Bold**\n\n[[{goods[0].slug}]]")
    published()

    page = text(client)

    main = page.partition("<main")[2].partition("</main>")[0]
    order = ["Tea things", "Rooms", "How to brew", "Soon over", "A letter"]
    places = [main.index(f">{word}<") for word in order]
    assert places == sorted(places)
    assert "For long evenings" in main
    assert "<strong>Bold</strong>" in main
    assert main.count("<count-down") == 1
    assert 'class="visually-hidden"' in main.partition("</h1>")[0]
    assert "still empty" not in main
    assert "茶事" in text(client, "/zh-hans/")


def test_a_block_is_shown_in_its_time_and_the_end_of_a_countdown_ends_it(db):
    now = timezone.now()
    later = block_made(shown_from=now + HOUR)
    over = block_made(shown_until=now - HOUR, shown_from=now - 2 * HOUR)
    counted = block_made(Kind.COUNTDOWN, ends_at=now + HOUR)
    hidden = block_made(is_shown=False)

    def seen(moment) -> set[int]:
        return {one.block.pk for one in home_shown(draft_blocks(), moment=moment)}

    watched = {later.pk, over.pk, counted.pk, hidden.pk}
    assert seen(now) & watched == {counted.pk}
    assert seen(now + HOUR) & watched == {later.pk}
    assert seen(now - 1.5 * HOUR) & watched == {over.pk, counted.pk}


@pytest.mark.req("S3.02")
def test_a_block_for_some_is_shown_to_them_and_to_nobody_else(client):
    group = Group.objects.create(name="Trade")
    for audience, name in ((Audience.GUESTS, "Welcome"), (Audience.MEMBERS, "Dear member")):
        block_made(title_en=name, audience=audience)
    block_made(title_en="Dear trader", audience=Audience.GROUP, group=group)
    published()
    member, trader = Client(), Client()
    member.force_login(UserFactory())
    trader.force_login(user := UserFactory())
    user.groups.add(group)
    words = ("Welcome", "Dear member", "Dear trader")

    def seen(who: Client) -> list[str]:
        page = text(who)
        return [word for word in words if f">{word}<" in page]

    assert seen(client) == ["Welcome"]
    assert seen(member) == ["Dear member"]
    assert seen(trader) == ["Dear member", "Dear trader"]


def test_more_goods_cost_no_more_queries(client):
    tea = CategoryFactory()
    made = collection_of(ProductFactory(categories=[tea]))
    block_made(Kind.COLLECTION, title_en="", text_en="", collection=made)
    published()

    def queries() -> int:
        text(client)
        with CaptureQueriesContext(connection) as captured:
            text(client)
        return len(captured)

    few = queries()
    for _number in range(6):
        made.add_product(ProductFactory(categories=[tea]))
    listing_rebuild()

    assert queries() == few
    assert few <= 12


def test_a_collection_or_guide_that_goes_takes_only_its_block_along(client):
    made = collection_of(ProductFactory())
    article = article_made("brew")
    block_made(Kind.COLLECTION, title_en="", text_en="", collection=made)
    block_made(Kind.GUIDE, title_en="", text_en="", article=article)
    block_made(title_en="Still here")
    published()

    made.delete()
    article.delete()

    assert "Still here" in text(client)


def test_an_edition_comes_back_onto_the_board_and_readers_see_it_when_it_is_published(client):
    first = Edition.objects.get()
    block_made(title_en="For a week")
    published()

    services.draft_reset(edition=first, seen=board().version, user_id=None)

    assert [one.kind for one in draft_blocks()] == [one.kind for one in first.blocks.all()]
    assert "For a week" in text(client)
    published()
    assert {one.title for one in Block.objects.filter(edition=Edition.objects.first())} == {
        one.title for one in first.blocks.all()
    }
