"""What filling a basket and looking at it asks of the database, and what happens when it goes wrong."""

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from oscar.test.factories import create_voucher

from orders.basket import services
from orders.basket.models import Basket, Line, guest_basket
from orders.models import Order
from orders.services import order_place
from orders.utils import OrderNumberGenerator
from tests.factories import CountryFactory, ProductFactory
from tests.flows.shopper import GERMANY, Shopper, form_values
from tests.sales import basket_with, checkout_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.03")]


def add(client, product, **fields):
    heads = {"HX-Request": "true"}
    return client.post(f"/basket/add/{product.pk}/", {"quantity": 1} | fields, headers=heads)


def test_the_first_thing_takes_so_many_statements(client):
    products = [ProductFactory(stock=9) for _ in range(3)]
    add(client, products[0])  # what a process keeps is read by now
    client.cookies.clear()

    with CaptureQueriesContext(connection) as first:
        assert add(client, products[1]).status_code == 200
    with CaptureQueriesContext(connection) as second:
        answer = add(client, products[2], quantity=3)

    statements = [[one["sql"][:90] for one in seen] for seen in (first, second)]
    assert len(statements[0]) <= 2, statements[0]
    assert len(statements[1]) <= 9, statements[1]
    assert not any("offer_conditionaloffer" in sql for sql in statements[1]), "nothing is priced"
    assert b">4<" in answer.content.replace(b" ", b"").replace(b"\n", b"")
    assert sorted(Line.objects.values_list("basket", "quantity"))[-2:] == [
        (Basket.objects.latest("pk").pk, 1),
        (Basket.objects.latest("pk").pk, 3),
    ]


def test_a_first_thing_that_is_refused_leaves_no_basket(client):
    answer = add(client, ProductFactory(stock=0))

    assert answer.status_code == 422
    assert settings.OSCAR_BASKET_COOKIE_OPEN not in answer.cookies
    assert not Basket.objects.exists()


def test_a_first_thing_that_collides_is_tried_again(client, monkeypatch):
    class Collision(Exception):
        sqlstate = "40P01"

    def collide(*_rows):
        raise OperationalError from Collision()

    monkeypatch.setattr(services, "basket_begin", collide)
    assert add(client, ProductFactory(stock=9)).status_code == 200

    assert Line.objects.get().basket == Basket.objects.get()
    assert client.get("/basket/").context["page"].lines[0].line.quantity == 1


def test_a_guests_basket_comes_with_its_lines(django_assert_num_queries):
    pk = basket_with({ProductFactory(stock=9): 2, ProductFactory(stock=9): 1}).pk

    with django_assert_num_queries(1):
        basket = guest_basket(pk, is_filled=True)
        assert [line.quantity for line in basket._read_with] == [2, 1]
        assert basket.vouchers.all().count() == 0
    lines = list(basket.all_lines())
    assert lines == list(Line.objects.filter(basket=pk).order_by("pk"))
    assert all(line.basket is basket for line in lines)
    assert guest_basket(Basket.objects.create().pk, is_filled=True).is_empty
    Basket.objects.filter(pk=pk).update(status=Basket.SUBMITTED)
    assert guest_basket(pk, is_filled=True) is None


def test_an_order_number_that_is_taken_is_not_given_twice(monkeypatch):
    numbers = iter(["AAAA-AAAA", "AAAA-AAAA", "CCCC-CCCC"])
    monkeypatch.setattr(
        OrderNumberGenerator, "order_number", lambda self, basket=None: next(numbers)
    )
    for _ in range(2):
        order_place(checkout=checkout_of(basket_with({ProductFactory(stock=9): 1})))

    assert set(Order.objects.values_list("number", flat=True)) == {"AAAA-AAAA", "CCCC-CCCC"}


def test_the_page_with_the_button_writes_nothing(client, provider):
    CountryFactory(iso_3166_1_a2="DE", printable_name="DE", name="DE")
    shopper = Shopper(client)
    shopper.add(ProductFactory(stock=9))
    shopper.to_preview(address=GERMANY)

    with CaptureQueriesContext(connection) as seen:
        page = shopper.get("checkout:preview")
    assert page.status_code == 200
    assert {one["sql"].split()[0] for one in seen} == {"SELECT"}


def test_a_form_that_was_altered_orders_nothing_unseen(client, provider):
    CountryFactory(iso_3166_1_a2="DE", printable_name="DE", name="DE")
    shopper = Shopper(client)
    shopper.add(ProductFactory(stock=9))
    fields = form_values(shopper.to_preview(address=GERMANY), "place-form") | {"payment": "stripe"}

    for bad in ("", "x", fields["basket"][:-1], fields["shown-stripe"]):
        answer = shopper.post("checkout:preview", fields | {"basket": bad, "shown-stripe": "x"})
        assert answer.status_code == 409
    assert not Order.objects.exists()
    assert shopper.post("checkout:preview", fields | {"basket": "x"}).status_code == 303
    assert Order.objects.count() == 1


def test_the_pages_before_the_button_ask_one_question_each(client, provider):
    CountryFactory(iso_3166_1_a2="DE", printable_name="DE", name="DE")
    shopper = Shopper(client)
    for _ in range(2):
        shopper.add(ProductFactory(stock=9))
    shopper.to_preview(address=GERMANY)  # what a process keeps is read by now

    offers = ("offer_conditionaloffer", "offer_range")  # kept for a second where the shop is open
    for name in ("checkout:index", "checkout:preview"):
        with CaptureQueriesContext(connection) as seen:
            assert shopper.get(name).status_code == 200
        asked = [one["sql"] for one in seen if not any(part in one["sql"] for part in offers)]
        assert len(asked) == 1, [sql[:120] for sql in asked]


def test_what_is_known_of_a_basket_can_be_narrowed_further():
    voucher = create_voucher(code="KNOWN")
    basket = basket_with({ProductFactory(stock=9): 2, ProductFactory(stock=9): 3})
    basket.vouchers_known([])
    basket.vouchers.add(voucher)
    fresh = Basket.objects.get(pk=basket.pk)
    fresh.vouchers_known([voucher])

    assert [*fresh.vouchers.all()] == [*fresh.vouchers.filter(code="KNOWN")] == [voucher]
    assert [one.quantity for one in fresh.all_lines().filter(quantity__gt=1)] == [2, 3]
    for line in fresh.all_lines():
        assert not line.attributes.filter(value="x").exists()
