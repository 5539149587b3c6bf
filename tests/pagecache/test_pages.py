"""Kept pages: the same for everybody but for their holes, true within the second, and free."""

import datetime as dt
import gzip
import re
import time
from decimal import Decimal

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.partner.models import StockRecord
from catalog.pricing.models import PriceList, PriceListEntry
from catalog.reviews.models import ProductReview
from crm.accounts.models import User
from shop.core.pagecache import middleware
from shop.core.pagecache import shelf as shelf_module
from supply.services import stock_allocate
from tests.factories import CategoryFactory, ProductFactory, UserFactory, product_with_variants

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept"), pytest.mark.req("S5.02")]

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def shop_of(**fields):
    category = CategoryFactory()
    return category, ProductFactory(categories=[category], **fields)


def text(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def paths(category, product) -> dict[str, str]:
    return {
        "home": reverse("home"),
        "category": category.get_absolute_url(),
        "everything": reverse("catalogue:index"),
        "product": product.get_absolute_url(),
        "search": reverse("search:search") + "?q=teapot",
        "brands": reverse("catalogue:brand-list"),
        "guides": reverse("content:guides"),
        "chinese": "/zh-hans" + reverse("catalogue:index"),
    }


@pytest.mark.parametrize(
    "name", ["home", "category", "everything", "product", "search", "brands", "guides", "chinese"]
)
def test_a_visitor_costs_no_sql(name, client, django_assert_num_queries):
    path = paths(*shop_of(title="Teapot"))[name]
    first = text(client, path)

    with django_assert_num_queries(0):
        again = text(Client(), path)

    assert TOKEN.sub("", first) == TOKEN.sub("", again)


def test_forms_of_a_kept_page_work_for_each_visitor():
    _category, product = shop_of(stock=5)
    path = product.get_absolute_url()
    visitors = [Client(enforce_csrf_checks=True) for _ in range(3)]
    tokens = [TOKEN.search(text(one, path)).group(1) for one in visitors]

    form = {"quantity": 1, "next": path, "csrfmiddlewaretoken": tokens[1]}
    add = reverse("basket:add", args=[product.pk])
    answers = [one.post(add, form) for one in visitors]

    assert len(set(tokens)) == 3
    assert [one.status_code for one in answers] == [403, 302, 403]


def test_a_page_that_did_not_change_is_not_sent_again(client):
    _category, product = shop_of()
    path = product.get_absolute_url()
    first = client.get(path)

    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    other = Client().get(path, headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert not again.content
    assert again["ETag"] == first["ETag"]
    assert other.status_code == 200  # the tokens in it are another visitor's
    assert "no-cache" in first["Cache-Control"]
    assert "private" in first["Cache-Control"]
    assert "Cookie" in first["Vary"]


def test_a_member_with_forms_of_their_own_is_not_sent_the_same_again(member_client):
    _category, product = shop_of()
    path = product.get_absolute_url()
    text(member_client, path)  # notes the visit
    first = member_client.get(path)

    again = member_client.get(path, headers={"If-None-Match": first["ETag"]})

    assert len(TOKEN.findall(first.content.decode())) > 1
    assert len(set(TOKEN.findall(first.content.decode()))) == 1
    assert again.status_code == 304


def test_own_rows_of_the_home_page_travel_compressed(client):
    category, _product = shop_of()
    paths = [ProductFactory(categories=[category]).get_absolute_url() for _ in range(4)]

    def sizes() -> tuple[int, int]:
        packed = client.get("/", headers={"accept-encoding": "gzip"}).content
        return len(gzip.decompress(packed)), len(packed)

    text(client, "/")
    plain_before, packed_before = sizes()
    for path in paths:
        text(client, path)

    plain, packed = sizes()

    assert "Go on where you were" in text(client, "/")
    assert plain - plain_before > 1000
    assert packed - packed_before < (plain - plain_before) / 2


def test_the_basket_counts_on_a_kept_page(client):
    _category, product = shop_of(stock=5)
    path = product.get_absolute_url()
    before = client.get(path)
    client.post(reverse("basket:add", args=[product.pk]), {"quantity": 2, "next": path})

    after = client.get(path, headers={"If-None-Match": before["ETag"]})

    assert after.status_code == 200
    assert "2 things in the basket" in after.content.decode()
    assert "2 things in the basket" not in text(Client(), path)


def test_the_night_of_one_visitor_is_not_that_of_others(client):
    shop_of()
    text(client, "/")
    client.cookies["theme"] = "dark"

    assert '<html lang="en" data-theme="dark">' in text(client, "/")
    assert '<html lang="en">' in text(Client(), "/")
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en">' in text(client, "/")


def test_a_member_finds_the_kept_page_with_an_own_name_on_it(client, member_client, monkeypatch):
    _category, product = shop_of()
    path = product.get_absolute_url()
    stranger = text(client, path)
    text(member_client, path)
    made = []
    monkeypatch.setattr(middleware, "page_make", lambda *args, **kwargs: made.append(args))

    seen = text(member_client, path)

    assert made == []  # the page was there
    assert "Mei" in seen
    assert "Mei" not in stranger
    assert "Mei" not in text(client, path)


@pytest.fixture
def member_client() -> Client:
    client = Client()
    client.force_login(UserFactory(first_name="Mei"))
    return client


def test_a_price_for_members_is_on_the_page_of_members_alone(client, member_client, written):
    _category, product = shop_of(price="20.00")
    members = PriceList.objects.create(
        code="members", name="Members", currency="EUR", members_only=True
    )
    record = product.stockrecords.get()
    with written():
        PriceListEntry.objects.create(
            price_list=members, stock_record=record, min_quantity=1, price=Decimal("15.00")
        )
    path = product.get_absolute_url()

    for _ in range(2):
        assert "€15.00" in text(member_client, path)
        assert "€15.00" not in text(client, path)


def test_a_new_price_is_on_every_page_with_the_next_request(client, written):
    category, product = shop_of(price="20.00", title="Teapot")
    pages = [
        path for name, path in paths(category, product).items() if name not in ("brands", "guides")
    ]
    for path in pages:
        text(client, path)
    record = product.stockrecords.get()
    record.price = Decimal("23.45")

    with written():
        record.save()

    for path in (path for path in pages if path != "/"):
        seen = text(client, path)
        assert "23.45" in seen, path
        assert "20.00" not in seen, path


def test_the_last_units_are_counted_down_on_kept_pages(client, written):
    category, product = shop_of(stock=4)
    record = product.stockrecords.get()
    for path in (category.get_absolute_url(), product.get_absolute_url()):
        assert "4 left" in text(client, path)

    with written():
        stock_allocate(wanted={record.pk: 1})

    for path in (category.get_absolute_url(), product.get_absolute_url()):
        assert "3 left" in text(client, path)


def test_a_sale_that_nobody_can_see_drops_no_page(client, written, monkeypatch):
    _category, product = shop_of(stock=500)
    text(client, product.get_absolute_url())
    monkeypatch.setattr(middleware, "page_make", None)

    with written():
        stock_allocate(wanted={product.stockrecords.get().pk: 1})

    text(client, product.get_absolute_url())


def test_a_product_that_is_withdrawn_is_gone_from_kept_pages(client, written):
    category, product = shop_of(title="Brass teapot")
    text(client, product.get_absolute_url())
    assert "Brass teapot" in text(client, category.get_absolute_url())
    product.is_public = False

    with written():
        product.save()

    assert client.get(product.get_absolute_url()).status_code == 404
    assert "Brass teapot" not in text(client, category.get_absolute_url())


def test_a_review_that_is_shown_is_on_the_kept_page(client, written):
    _category, product = shop_of()
    text(client, product.get_absolute_url())

    with written():
        ProductReview.objects.create(
            product=product, score=5, title="Pours well", body="Every day.", name="A", status=1
        )

    assert "Pours well" in text(client, product.get_absolute_url())


def test_a_renamed_department_is_renamed_on_every_page(client, written):
    category, product = shop_of()
    text(client, product.get_absolute_url())
    category.name = "Glassworks"

    with written():
        category.save()

    assert "Glassworks" in text(client, product.get_absolute_url())


def test_what_begins_by_the_clock_is_there_when_it_begins(client, written, monkeypatch):
    _category, product = shop_of(price="20.00")
    begins = timezone.now() + dt.timedelta(hours=1)
    night = PriceList.objects.create(code="night", name="Night", currency="EUR", starts_at=begins)
    with written():
        PriceListEntry.objects.create(
            price_list=night,
            stock_record=product.stockrecords.get(),
            min_quantity=1,
            price=Decimal("15.00"),
        )
    assert "€15.00" not in text(client, product.get_absolute_url())
    now = begins + dt.timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(shelf_module.time, "time", now.timestamp)

    assert "€15.00" in text(client, product.get_absolute_url())


def test_where_a_visitor_came_from_makes_no_other_page(client, django_assert_num_queries):
    category, _product = shop_of()
    path = category.get_absolute_url()
    text(client, path)

    with django_assert_num_queries(0):
        text(client, path + "?utm_source=letter&gclid=x1")


@pytest.mark.parametrize(
    "query", ["?colour=sage", "?page=1&page=2", "?q=%00", "?page=" + "9" * 400, "?%ff=1"]
)
def test_addresses_without_number_are_not_kept(query, client, monkeypatch):
    category, _product = shop_of()
    monkeypatch.setattr(middleware, "page_make", None)  # would fail if it were called

    assert client.get(category.get_absolute_url() + query).status_code in (200, 302, 400)


def test_variants_are_pages_of_their_own(client):
    product = product_with_variants(colours={"raspberry": 3, "sage": 2})
    first, second = product.children.order_by("pk")
    path = product.get_absolute_url()

    seen = [text(client, f"{path}?variant={one.pk}") for one in (first, second, first)]

    assert f'name="child_id" value="{first.pk}"' in seen[0]
    assert f'name="child_id" value="{second.pk}"' in seen[1]
    assert TOKEN.sub("", seen[0]) == TOKEN.sub("", seen[2])


def test_a_product_page_from_the_kept_ones_is_remembered_as_seen(client):
    _category, product = shop_of()
    text(Client(), product.get_absolute_url())

    client.get(product.get_absolute_url())

    assert client.cookies["recent"].value == str(product.pk)
    assert "Go on where you were" in text(client, "/")
    assert "Go on where you were" not in text(Client(), "/")


def test_an_old_page_is_shown_at_once_and_made_anew_beside(client, monkeypatch):
    shop_of()
    text(client, "/")
    asked = []
    monkeypatch.setattr(middleware.Renewals, "ask", lambda self, key, make: asked.append(make))
    later = time.time() + shelf_module.FRESH_SECONDS + 1
    monkeypatch.setattr(shelf_module.time, "time", lambda: later)
    monkeypatch.setattr(middleware, "page_make", None)

    text(client, "/")

    assert len(asked) == 1


def test_a_kept_page_stands_in_for_a_database_that_is_away(client, written, monkeypatch):
    _category, product = shop_of()
    path = product.get_absolute_url()
    text(client, path)
    with written():
        product.save()

    def away(*args, **kwargs):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(middleware, "page_make", away)

    assert product.title in text(client, path)


def test_heads_and_fragments_are_answered_too(client):
    category, _product = shop_of()
    path = category.get_absolute_url()
    whole = text(client, path)

    part = text(client, path, **{"HX-Request": "true"})
    head = client.head(path)

    assert "<html" in whole
    assert "<html" not in part
    assert head.status_code == 200
    assert head["ETag"]


def test_at_the_edge_strangers_share_a_page_without_anybodys_token(client, settings):
    settings.EDGE_SECONDS = 1
    _category, product = shop_of()

    shared = client.get(product.get_absolute_url())
    own = Client(headers={"Cookie": "csrftoken=" + "a" * 32}).get(product.get_absolute_url())

    assert "s-maxage=1" in shared["Cache-Control"]
    assert "public" in shared["Cache-Control"]
    assert f"family:{product.pk}" in shared["Surrogate-Key"].split()
    assert "csrftoken" not in shared.cookies
    assert not TOKEN.search(shared.content.decode())
    assert "private" in own["Cache-Control"]
    assert TOKEN.search(own.content.decode())


def test_the_security_headers_of_a_page_are_kept_with_it(client):
    shop_of()
    first, again = client.get("/"), Client().get("/")

    for name in ("Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Content-Type"):
        assert first[name] == again[name]
    assert "nonce" not in again["Content-Security-Policy"]


def test_the_stock_that_is_sold_out_leaves_the_page_free_of_a_form(client, written):
    _category, product = shop_of(stock=1)
    path = product.get_absolute_url()
    assert 'id="add-form"' in text(client, path)

    with written():
        stock_allocate(wanted={StockRecord.objects.get(product=product).pk: 1})

    assert 'id="add-form"' not in text(client, path)
    assert "Tell me when it is back" in text(client, path)
    assert User.objects.count() == 0


def test_an_answer_says_how_long_it_is(client):
    _category, product = shop_of()
    for _ in range(2):
        answer = client.get(product.get_absolute_url(), headers={"accept-encoding": "gzip"})

    assert answer["Content-Encoding"] == "gzip"
    assert int(answer["Content-Length"]) == len(answer.content)


def test_a_view_that_means_something_else_by_the_word_kept_opens_as_ever(client):
    _category, product = shop_of()
    client.force_login(UserFactory())

    answer = client.get(reverse("catalogue:reviews-add", args=[product.slug, product.pk]))

    assert answer.status_code == 200
