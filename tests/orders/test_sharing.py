"""A basket behind a secret link: seen by whoever has it, put into their own by a press."""

import datetime as dt
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Product
from orders.basket.models import Basket, Line
from orders.keeping.models import SharedBasket, SharedTaken
from orders.keeping.sharing import basket_share
from tests.factories import CountryFactory, ProductFactory, UserFactory
from tests.flows.shopper import Shopper
from tests.sales import basket_with

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.11")]
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def germany():
    CountryFactory()


@pytest.fixture
def friend() -> Client:
    return Client()


def add(client, product, quantity=1):
    client.post(f"/basket/add/{product.pk}/", {"quantity": quantity})


def shared(client) -> str:
    """The path of the link to this client's basket."""
    client.post("/basket/share/")
    return f"/basket/shared/{SharedBasket.objects.latest('pk').key}/"


def test_a_friend_sees_the_basket_and_puts_all_of_it_into_their_own(client, friend):
    client.force_login(UserFactory(first_name="Mei", last_name="Secret"))
    add(client, ProductFactory(title="Vase", price="30.00"), 2)
    add(client, ProductFactory(title="Cup"))
    link = shared(client)

    html = unescape(friend.get(link).content.decode())
    assert "Mei shares a basket with you" in html
    assert "Secret" not in html
    assert "Vase" in html
    assert "€30.00" in html
    assert not Line.objects.exclude(basket__owner__first_name="Mei").exists()

    page = friend.post(link, follow=True)

    assert "In your basket now: Vase, Cup." in page.content.decode()
    theirs = Basket.objects.get(owner=None)
    assert dict(theirs.lines.values_list("product__title", "quantity")) == {"Vase": 2, "Cup": 1}
    friend.post(link)
    assert dict(theirs.lines.values_list("product__title", "quantity")) == {"Vase": 2, "Cup": 1}
    assert SharedBasket.objects.get().taken == 1


def test_what_is_gone_is_said_by_name_and_the_rest_comes(client, friend):
    vase, cup = ProductFactory(title="Vase"), ProductFactory(title="Cup", stock=5)
    add(client, vase)
    add(client, cup, 5)
    link = shared(client)
    Product.objects.filter(pk=vase.pk).update(is_public=False)

    assert "Not sold any more" in friend.get(link).content.decode()
    page = friend.post(link, follow=True).content.decode()

    assert "Not to be had any more, or not so many: Vase." in page
    assert Basket.objects.latest("pk").lines.get().product == cup


def test_a_link_that_is_over_says_so(client, friend):
    add(client, ProductFactory())
    link = shared(client)
    assert friend.get(link).status_code == 200

    SharedBasket.objects.update(
        made_at=timezone.now() - dt.timedelta(days=40),
        expires_at=timezone.now() - dt.timedelta(days=1),
    )
    assert friend.get(link).status_code == 410
    assert friend.post(link).status_code == 410
    assert friend.get("/basket/shared/no-such-link/").status_code == 410

    link = shared(client)
    assert friend.get(link).status_code == 200
    client.post("/basket/share/", {"end": "1"})
    assert friend.get(link).status_code == 410


def test_the_link_stays_while_the_basket_does(client):
    add(client, ProductFactory())
    first = shared(client)
    assert shared(client) == first

    add(client, ProductFactory())
    assert shared(client) != first


def test_an_empty_basket_is_not_shared(client):
    page = client.post("/basket/share/", headers=HTMX)

    assert page.status_code == 422
    assert not SharedBasket.objects.exists()


def test_the_owner_is_told_what_came_of_it(client, friend):
    add(client, ProductFactory(title="Vase"))
    link = shared(client)
    friend.post(link)
    shopper = Shopper(friend)
    shopper.place(shopper.to_preview(email="ada@example.com"), payment="cod")

    html = client.get("/basket/").content.decode()

    assert SharedTaken.objects.count() == 1
    assert "Put into 1 basket so far." in html
    assert "1 order came of it." in html


def test_signing_in_takes_the_link_and_what_came_of_another_along(client, friend):
    client.force_login(UserFactory())
    add(client, ProductFactory(title="Vase"))
    friend.post(shared(client))
    own = shared(friend)
    ada = UserFactory(email="ada@example.com")

    friend.post("/accounts/login/", {"username": ada.email, "password": "a-long-password"})

    theirs = Basket.open.get(owner=ada)
    assert SharedTaken.objects.get().basket == theirs
    friend.post("/basket/share/", {"end": "1"})
    assert client.get(own).status_code == 410


def test_one_thing_on_two_lines_is_shared_once_with_all_its_units():
    basket = basket_with({ProductFactory(title="Vase"): 2})
    line = basket.lines.get()
    basket.lines.create(
        product=line.product,
        stockrecord=line.stockrecord,
        quantity=3,
        line_reference="another",
        price_currency=line.price_currency,
    )

    share = basket_share(basket=basket, owner=None)

    assert share.things.get().quantity == 5
    assert basket_share(basket=basket, owner=None) == share
