"""What outlives one visit: the basket of a member, what was put aside, what changed meanwhile."""

from decimal import Decimal
from html import unescape

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.partner.models import StockRecord
from catalog.partner.strategy import Selector
from orders.basket.models import Basket, Line
from orders.keeping.aside import line_put_aside, shelf_of
from orders.keeping.models import LineSeen, PutAside, Shelf
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from tests.factories import CountryFactory, ProductFactory, UserFactory, product_with_variants
from tests.sales import basket_with

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.01")]
HTMX = {"HX-Request": "true"}
PASSWORD = "a-long-password"


@pytest.fixture(autouse=True)
def germany():
    CountryFactory()


def add(client, product, quantity=1):
    assert client.post(f"/basket/add/{product.pk}/", {"quantity": quantity}).status_code == 302


def sign_in(client, user, **extra):
    values = {"username": user.email, "password": PASSWORD, **extra}
    return client.post("/accounts/login/", values, follow=True)


def basket_html(client) -> str:
    return unescape(client.get("/basket/").content.decode())


def quantities(user) -> dict[str, int]:
    lines = Line.objects.filter(basket__owner=user, basket__status=Basket.OPEN)
    return dict(lines.values_list("product__title", "quantity"))


def test_a_member_finds_the_basket_on_the_next_device():
    mei, phone, desk = UserFactory(), Client(), Client()
    sign_in(phone, mei)
    add(phone, ProductFactory(title="Vase"), 2)

    sign_in(desk, mei)

    assert "Vase" in basket_html(desk)
    assert Basket.objects.get(owner=mei).lines.get().quantity == 2


def test_signing_in_brings_what_a_guest_chose_and_says_so():
    mei, phone, desk = UserFactory(), Client(), Client()
    vase, cup = ProductFactory(title="Vase"), ProductFactory(title="Cup")
    sign_in(phone, mei)
    add(phone, vase, 2)
    add(desk, vase, 1)
    add(desk, cup, 3)

    page = unescape(sign_in(desk, mei).content.decode())

    assert "What you chose before you signed in is in your basket: Cup." in page
    assert "The 2 things that waited there since your last visit are in it too." in page
    assert quantities(mei) == {"Vase": 2, "Cup": 3}
    assert "oscar_open_basket" not in desk.cookies or not desk.cookies["oscar_open_basket"].value
    assert Basket.objects.filter(owner=mei, status=Basket.OPEN).count() == 1
    assert Basket.objects.filter(status=Basket.MERGED, owner=None).count() == 1


def test_more_of_the_same_is_said_and_coupons_come_too():
    mei, phone, desk = UserFactory(), Client(), Client()
    vase = ProductFactory(title="Vase")
    sign_in(phone, mei)
    add(phone, vase, 1)
    add(desk, vase, 4)

    page = unescape(sign_in(desk, mei).content.decode())

    assert "There is more of this than before: Vase." in page
    assert quantities(mei) == {"Vase": 4}


def test_signing_in_without_a_basket_says_nothing():
    page = sign_in(Client(), UserFactory())

    assert [str(message) for message in page.context["messages"]] == []


@pytest.mark.parametrize("is_member", [True, False])
def test_put_aside_and_back_without_scripts(client, is_member):
    vase = ProductFactory(title="Vase", price="30.00")
    if is_member:
        client.force_login(UserFactory())
    add(client, vase, 2)
    line = Line.objects.get()

    page = client.post(f"/basket/lines/{line.pk}/aside/", follow=True)

    assert "Vase is put aside." in page.content.decode()
    html = basket_html(client)
    assert "Put aside for later" in html
    assert "Vase" in html
    assert "€30.00" in html
    assert not Line.objects.exists()
    thing = PutAside.objects.get()
    assert thing.quantity == 2

    page = client.post(f"/basket/aside/{thing.pk}/", follow=True)

    assert "Vase is in your basket." in page.content.decode()
    assert Line.objects.get().quantity == 2
    assert not PutAside.objects.exists()


def test_what_a_guest_put_aside_outlives_an_order_and_comes_along_at_sign_in(client):
    mei = UserFactory()
    add(client, ProductFactory(title="Vase"))
    client.post(f"/basket/lines/{Line.objects.get().pk}/aside/")
    Basket.objects.update(status=Basket.SUBMITTED)
    assert "Vase" in basket_html(client)

    page = sign_in(client, mei)

    assert "1 thing that you put aside is kept in your account now." in page.content.decode()
    assert Shelf.objects.get().owner == mei
    assert PutAside.objects.get().shelf.owner == mei


def test_a_shelf_that_was_given_away_meanwhile_is_replaced():
    given = shelf_of(None)
    Shelf.objects.filter(pk=given.pk).delete()
    basket = basket_with({ProductFactory(title="Vase"): 2})
    basket.strategy = Selector().strategy()

    put = line_put_aside(basket=basket, line_id=basket.lines.get().pk, shelf=given, owner=None)

    assert put.shelf.things.get().quantity == 2
    assert not basket.lines.exists()


def test_a_shelf_that_the_sign_in_could_not_bring_comes_with_the_next_page(client, monkeypatch):
    mei = UserFactory()
    add(client, ProductFactory(title="Vase"))
    client.post(f"/basket/lines/{Line.objects.get().pk}/aside/")

    def busy(**_facts):
        raise OperationalError("canceling statement due to lock timeout")

    with monkeypatch.context() as patch:
        patch.setattr("orders.keeping.handlers.shelves_merge", busy)
        sign_in(client, mei)
    assert Shelf.objects.get().owner is None

    assert "Vase" in basket_html(client)
    assert Shelf.objects.get().owner == mei


def test_htmx_gets_the_basket_with_the_shelf_at_once(client):
    add(client, ProductFactory(title="Vase"))

    page = client.post(f"/basket/lines/{Line.objects.get().pk}/aside/", headers=HTMX)

    assert page.status_code == 200
    assert "Put aside for later" in page.content.decode()
    assert "<html" not in page.content.decode()
    assert page.cookies["aside"]["httponly"]


def test_nobody_reaches_another_ones_shelf(client):
    other = Client()
    add(other, ProductFactory())
    other.post(f"/basket/lines/{Line.objects.get().pk}/aside/")
    thing = PutAside.objects.get()

    for headers in ({}, HTMX):
        page = client.post(f"/basket/aside/{thing.pk}/", headers=headers, follow=True)
        assert "This is not put aside any more." in page.content.decode()
    client.cookies["aside"] = str(thing.shelf_id)
    client.post(f"/basket/aside/{thing.pk}/", {"remove": "1"})

    assert PutAside.objects.filter(pk=thing.pk).exists()


def test_what_is_sold_out_stays_aside_and_says_why(client):
    vase = ProductFactory(title="Vase", stock=2)
    add(client, vase, 2)
    client.post(f"/basket/lines/{Line.objects.get().pk}/aside/")
    StockRecord.objects.update(num_in_stock=1)
    thing = PutAside.objects.get()

    page = client.post(f"/basket/aside/{thing.pk}/", headers=HTMX)

    assert page.status_code == 422
    assert "There is only 1 left" in page.content.decode()
    assert PutAside.objects.exists()


def test_a_price_that_moved_is_told_until_it_was_read(client):
    vase = ProductFactory(title="Vase", price="10.00")
    add(client, vase)
    assert "since you last looked" not in basket_html(client)
    StockRecord.objects.update(price=Decimal("12.00"))

    html = basket_html(client)
    assert "Something changed since you last looked." in html
    assert "Dearer than when you last looked: €12.00, it was €10.00." in html
    client.get("/basket/")
    assert LineSeen.objects.get().price == Decimal("10.00")

    client.post("/basket/seen/")
    assert "you last looked" not in basket_html(client)
    StockRecord.objects.update(price=Decimal("9.00"))
    assert "Cheaper than when you last looked: €9.00, it was €12.00." in basket_html(client)


def test_stock_that_shrank_is_told(client):
    add(client, ProductFactory(title="Vase", stock=30))
    StockRecord.objects.update(num_in_stock=3)

    assert "Only 3 are left now; there were more when you last looked." in basket_html(client)


def test_an_offer_that_is_near_is_named_with_what_is_missing(client):
    everything = Range.objects.create(name="everything", includes_all_products=True)
    ConditionalOffer.objects.create(
        name="Ten off",
        condition=Condition.objects.create(range=everything, type=Condition.VALUE, value=100),
        benefit=Benefit.objects.create(range=everything, type=Benefit.FIXED, value=10),
    )
    vase = ProductFactory(price="87.60")
    add(client, vase)

    html = basket_html(client)
    assert "€12.40 more and you get “Ten off”." in html
    assert "Delivery is free." in html
    page = client.post(
        f"/basket/lines/{Line.objects.get().pk}/", {"quantity": 2}, headers=HTMX
    ).content.decode()
    assert "Ten off" in page
    assert "more and you get" not in page


def test_delivery_is_estimated_for_the_country_that_is_chosen(client):
    CountryFactory(
        iso_3166_1_a2="FR", iso_3166_1_a3="FRA", iso_3166_1_numeric="250", printable_name="France"
    )
    add(client, ProductFactory(price="20.00"))
    assert "Delivery to Germany" in basket_html(client)

    assert client.post("/basket/country/", {"country": "FR"}).status_code == 302

    html = basket_html(client)
    assert "Delivery to France" in html
    assert "€9.90" in html
    refused = client.post("/basket/country/", {"country": "XX"}, headers=HTMX)
    assert refused.status_code == 422


def test_many_lines_ask_no_more_than_two(client):

    def asked() -> int:
        client.get("/basket/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/basket/")
        return len(seen)

    family = product_with_variants(colours={"sage": 5, "ink": 5})
    for child in family.children.all():
        client.post(f"/basket/add/{family.pk}/", {"quantity": 1, "child_id": child.pk})
    few = asked()
    for _n in range(12):
        add(client, ProductFactory())

    assert asked() == few


def test_the_drawer_shows_the_basket_in_short(client):
    empty = client.get("/basket/drawer/", headers=HTMX).content.decode()
    assert "Nothing in it yet" in empty
    add(client, ProductFactory(title="Vase", price="20.00"), 2)

    html = client.get("/basket/drawer/", headers=HTMX).content.decode()

    assert "Vase" in html
    assert "€40.00" in html
    assert "€9.00 more and delivery is free." in html
    assert "<html" not in html
    assert client.get("/basket/drawer/")["Location"] == "/basket/"
