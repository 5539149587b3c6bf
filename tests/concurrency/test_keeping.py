"""Two devices of one person at the same moment: nothing is lost, nothing is there twice."""

from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection

from crm.customer.services import account_create
from crm.signin.services import link_make, link_use
from orders.basket.models import Basket, Line
from orders.keeping.aside import aside_take_back, line_put_aside, shelf_of, shelves_merge
from orders.keeping.merging import baskets_merge
from orders.keeping.models import PutAside
from orders.services import order_place
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory, UserFactory
from tests.sales import basket_with, checkout_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S1.01", "S5.03")]


def open_lines(user) -> dict[str, int]:
    lines = Line.objects.filter(basket__owner=user, basket__status=Basket.OPEN)
    return dict(lines.values_list("product__title", "quantity"))


def test_two_devices_sign_in_at_once_and_both_baskets_come_along():
    mei = UserFactory()
    vase, cup = ProductFactory(title="Vase"), ProductFactory(title="Cup")
    desk, phone = basket_with({vase: 2}), basket_with({vase: 3, cup: 1})

    outcomes = at_once(
        *(partial(baskets_merge, owner=mei, guest_basket_id=one.pk) for one in (desk, phone))
    )

    assert kinds(outcomes) == {"Merged": 2}
    assert open_lines(mei) == {"Vase": 3, "Cup": 1}
    assert Basket.objects.filter(owner=mei, status=Basket.OPEN).count() == 1


def test_eight_sign_ins_of_one_browser_merge_once():
    mei = UserFactory()
    guest = basket_with({ProductFactory(title="Vase"): 2})

    outcomes = at_once(*[partial(baskets_merge, owner=mei, guest_basket_id=guest.pk)] * 8)

    assert kinds(outcomes) == {"Merged": 1, "NoneType": 7}
    assert open_lines(mei) == {"Vase": 2}


def test_a_merge_while_the_basket_is_ordered_goes_into_the_next_one():
    mei = UserFactory()
    vase, cup = ProductFactory(title="Vase"), ProductFactory(title="Cup")
    mine = basket_with({vase: 1}, owner=mei)
    checkout = checkout_of(mine, user=mei)
    guest = basket_with({cup: 1})

    outcomes = at_once(
        partial(order_place, checkout=checkout),
        partial(baskets_merge, owner=mei, guest_basket_id=guest.pk),
    )

    placed = not any(isinstance(one, Exception) for one in outcomes)
    names = set(open_lines(mei))
    assert names == ({"Cup"} if placed else {"Vase", "Cup"})
    call_command("verify")


def test_without_the_index_two_first_visits_make_two_baskets():
    """The control: what the database refuses."""
    mei = UserFactory()
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX basket_one_open_per_owner")
    try:
        at_once(*[lambda: Basket.objects.create(owner=mei)] * 2)
        assert Basket.open.filter(owner=mei).count() == 2
    finally:
        Basket.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE UNIQUE INDEX basket_one_open_per_owner"
                " ON basket_basket (owner_id) WHERE status = 'Open'"
            )
    outcomes = at_once(*[lambda: Basket.open.get_or_create(owner=mei)[0].pk] * 8)
    assert len(set(outcomes)) == 1


def test_one_thing_is_put_aside_or_taken_back_once():
    mei = UserFactory()
    basket = basket_with({ProductFactory(title="Vase", stock=9): 2}, owner=mei)
    line = basket.lines.get()

    puts = at_once(
        *[
            lambda: line_put_aside(
                basket=strategic(basket.pk), line_id=line.pk, shelf=None, owner=mei
            )
        ]
        * 4
    )
    assert kinds(puts) == {"Put": 1, "NoneType": 3}
    thing = PutAside.objects.get()
    assert thing.quantity == 2

    shelf = thing.shelf
    backs = at_once(
        *[lambda: aside_take_back(basket=strategic(basket.pk), shelf=shelf, thing_id=thing.pk)] * 4
    )
    assert kinds(backs) == {"str": 1, "NoneType": 3}
    assert open_lines(mei) == {"Vase": 2}


def test_a_shelf_is_merged_once():
    mei, guest = UserFactory(), shelf_of(None)
    PutAside.objects.create(shelf=guest, product=ProductFactory(), quantity=1)

    outcomes = at_once(*[partial(shelves_merge, owner=mei, guest_shelf_id=guest.pk)] * 6)

    assert sorted(outcomes) == [0, 0, 0, 0, 0, 1]
    assert PutAside.objects.get().shelf.owner == mei


def strategic(pk: int) -> Basket:
    """The basket as a request of its own reads it."""
    from catalog.partner.strategy import Selector

    basket = Basket.objects.get(pk=pk)
    basket.strategy = Selector().strategy()
    return basket


def test_of_eight_presses_on_one_link_one_signs_in():
    secret = link_make(user=UserFactory())

    outcomes = at_once(*[partial(link_use, secret)] * 8)

    assert kinds(outcomes) == {"User": 1, "NoneType": 7}


def test_of_two_links_of_one_person_one_signs_in():
    mei = UserFactory()
    links = [link_make(user=mei) for _n in range(4)]

    outcomes = at_once(*[partial(link_use, secret) for secret in links])

    assert kinds(outcomes) == {"User": 1, "NoneType": 3}


def test_two_presses_make_one_account():
    facts = {"password": "", "first_name": "Ada", "last_name": "König", "language": "en"}

    outcomes = at_once(*[partial(account_create, email="ada@example.com", **facts)] * 4)

    assert kinds(outcomes) == {"User": 1, "EmailTaken": 3}
