"""Wish lists: of one member, with today's truth, and shared only by a secret link."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.partner.models import StockRecord
from crm.wishes.exceptions import WishRefused
from crm.wishes.models import Wish, WishList
from crm.wishes.services import (
    LISTS_AT_MOST,
    wish_add,
    wish_list_make,
    wish_list_share,
    wish_move,
)
from tests.concurrency.support import at_once
from tests.factories import ProductFactory, UserFactory, product_with_variants

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    user = UserFactory()
    client.force_login(user)
    return user


def heart(client, product, **fields):
    return client.post("/wishlists/change/", {"add": product.pk, "next": "/", **fields})


def test_the_heart_puts_it_on_the_list_once_and_takes_it_off(client, member):
    product = ProductFactory()
    heart(client, product)
    heart(client, product)
    assert Wish.objects.get().wish_list.is_default

    page = client.get(product.get_absolute_url()).content.decode()
    assert "On your wish list" in page
    client.post("/wishlists/change/", {"remove": product.pk})
    client.post("/wishlists/change/", {"remove": product.pk})
    assert not Wish.objects.exists()


def test_a_guest_signs_in_and_finds_it_added(client):
    product = ProductFactory(title="Pot")
    user = UserFactory()
    there = product.get_absolute_url()

    answer = heart(client, product, next=there)
    assert answer.status_code == 302
    assert not Wish.objects.exists()
    signed_in = client.post(
        answer.url.partition("?")[0],
        {"username": user.email, "password": "a-long-password", "next": there},
    )

    assert signed_in.url == there
    assert Wish.objects.get(wish_list__owner=user).product == product
    assert "Pot is on your wish list." in client.get(there).content.decode()


def test_the_page_says_todays_price_and_stock_and_sells(client, member):
    pot, gone = ProductFactory(price="10.00", stock=3), ProductFactory(stock=0)
    shirt = product_with_variants(colours={"sage": 2, "ink": 2})
    sage = shirt.children.order_by("pk").first()
    for product in (pot, gone, shirt, sage):
        wish_add(user=member, product=product)
    StockRecord.objects.filter(product=pot).update(price="12.50")

    rows = {one.wish.product_id: one for one in client.get("/wishlists/").context["wishes"]}

    assert rows[pot.pk].now == "€12.50"
    assert rows[pot.pk].truth.startswith("3 left")
    assert (rows[pot.pk].buy_id, rows[gone.pk].buy_id) == (pot.pk, None)
    assert rows[gone.pk].truth == "Sold out"
    assert (rows[shirt.pk].must_choose, rows[sage.pk].buy_id) == (True, sage.pk)
    assert rows[sage.pk].variant == "Sage"


def test_somebody_elses_list_does_not_exist(client, member):
    other = wish_list_make(user=UserFactory(), name="Theirs")
    product = ProductFactory()

    assert client.get(f"/wishlists/{other.pk}/").status_code == 404
    for step in ("rename", "share", "delete"):
        assert client.post(f"/wishlists/{other.pk}/{step}/", {"name": "Mine"}).status_code == 404
    heart(client, product, list=other.pk)
    assert not Wish.objects.exists()
    other.refresh_from_db()
    assert other.name == "Theirs"


def test_a_secret_link_shows_the_list_until_it_is_ended(client, member):
    product = ProductFactory(title="Pot")
    wish_list = wish_list_make(user=member, name="Kitchen")
    wish_add(user=member, product=product, wish_list_id=wish_list.pk)
    key = wish_list_share(user=member, wish_list_id=wish_list.pk, is_shared=True).share_key
    client.logout()

    page = client.get(f"/wishlists/shared/{key}/")
    assert "Pot" in page.content.decode()
    assert member.email not in page.content.decode()
    wish_list_share(user=member, wish_list_id=wish_list.pk, is_shared=False)
    assert client.get(f"/wishlists/shared/{key}/").status_code == 404


@pytest.mark.parametrize("key", ["x", "x" * 500, "%F0%9F%98%80"])
def test_a_guessed_link_leads_nowhere(client, key):
    WishList.objects.create(owner=UserFactory(), is_default=True)

    assert client.get(f"/wishlists/shared/{key}/").status_code == 404


def test_lists_are_made_renamed_moved_to_and_deleted(client, member):
    product = ProductFactory()
    wish_add(user=member, product=product)
    client.post("/wishlists/new/", {"name": " For  the kitchen "})
    kitchen = WishList.objects.get(name="For the kitchen")
    client.post("/wishlists/new/", {"name": "For the kitchen"})
    assert WishList.objects.count() == 2

    wish_move(user=member, wish_id=Wish.objects.get().pk, to_list_id=kitchen.pk)
    assert Wish.objects.get().wish_list == kitchen
    client.post(f"/wishlists/{kitchen.pk}/delete/")
    assert list(WishList.objects.values_list("is_default", flat=True)) == [True]
    client.post(f"/wishlists/{WishList.objects.get().pk}/delete/")
    assert WishList.objects.count() == 1


def test_there_is_an_end_to_lists(member):
    for number in range(LISTS_AT_MOST - 1):
        wish_list_make(user=member, name=f"List {number}")

    with pytest.raises(WishRefused):
        wish_list_make(user=member, name="One more")


@pytest.mark.parametrize("bad", ["", "0", "-1", "x", "9" * 40, "١٢", "😀", "\u202e1", "1" * 5000])
def test_nonsense_in_a_form_is_answered(client, member, bad):
    wish_list = wish_list_make(user=member, name="Mine")

    for field in ("add", "remove"):
        assert client.post("/wishlists/change/", {field: bad, "list": bad}).status_code in (
            302,
            404,
        )
    assert client.post("/wishlists/move/", {"wish": bad, "to": bad}).status_code == 302
    assert client.post("/wishlists/new/", {"name": bad * 90}).status_code == 302
    assert client.post(f"/wishlists/{wish_list.pk}/rename/", {"name": bad * 90}).status_code == 302
    assert client.get("/wishlists/", {"page": bad}).status_code == 200
    wish_list.refresh_from_db()
    assert wish_list.name == "Mine" or len(wish_list.name) <= 60


def test_a_long_list_costs_as_many_queries_as_a_short_one(client, member):
    def queries(number: int) -> int:
        for _one in range(number):
            family = product_with_variants(colours={"sage": 1, "ink": 1})
            wish_add(user=member, product=family.children.first())
        client.get("/wishlists/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/wishlists/")
        return len(captured)

    assert queries(2) == queries(9)


@pytest.mark.django_db(transaction=True)
def test_eight_hearts_at_once_are_one_wish():
    user, product = UserFactory(), ProductFactory()

    outcomes = at_once(*[lambda: wish_add(user=user, product=product)] * 8)

    assert sorted(outcomes) == [False] * 7 + [True]
    assert Wish.objects.count() == WishList.objects.count() == 1
