"""What a rush for one product must not pay for: work under its lock, and work for who comes too late."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from orders.services import order_place, placing
from promotions.offer.applicator import Applicator
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from promotions.prepared import offers_loadable, site_offers_active
from supply.exceptions import OutOfStock
from supply.selectors import stock_short
from tests.factories import ProductFactory
from tests.sales import basket_with, checkout_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.03", "S5.16")]


def test_nothing_follows_the_row_that_everybody_waits_for():
    checkout = checkout_of(basket_with({ProductFactory(stock=100): 1}))

    with CaptureQueriesContext(connection) as seen:
        order_place(checkout=checkout)

    statements = [one["sql"] for one in seen]
    taken = next(n for n, sql in enumerate(statements) if "UPDATE partner_stockrecord" in sql)
    assert statements[taken + 1 :] == ["COMMIT"]


def test_an_order_of_one_line_takes_so_many_statements():
    checkouts = [checkout_of(basket_with({ProductFactory(stock=100): 1})) for _ in range(2)]
    order_place(checkout=checkouts[0])  # what a process keeps is read by now

    with CaptureQueriesContext(connection) as seen:
        order_place(checkout=checkouts[1])

    assert len(seen) <= 24, [one["sql"][:80] for one in seen]


def test_who_comes_too_late_is_told_before_anything_is_priced(monkeypatch):
    product = ProductFactory(stock=1)
    early, late = (checkout_of(basket_with({product: 1})) for _ in range(2))
    order_place(checkout=early)
    priced: list[object] = []
    monkeypatch.setattr(placing, "quote_make", lambda **asked: priced.append(asked))

    with pytest.raises(OutOfStock) as refusal:
        order_place(checkout=late)

    assert refusal.value.shortages == {product.stockrecords.get().pk: 0}
    assert priced == []
    assert Order.objects.count() == 1


def test_a_second_click_finds_its_order_though_nothing_is_left():
    checkout = checkout_of(basket_with({ProductFactory(stock=1): 1}))

    order = order_place(checkout=checkout)

    assert order_place(checkout=checkout) == order


def test_what_passed_the_first_look_is_still_checked_under_the_lock(monkeypatch):
    product = ProductFactory(stock=1)
    early, late = (checkout_of(basket_with({product: 1})) for _ in range(2))
    order_place(checkout=early)
    monkeypatch.setattr(placing, "stock_short", lambda wanted: {})

    with pytest.raises(OutOfStock):
        order_place(checkout=late)

    assert Order.objects.count() == 1


def test_the_first_look_names_what_is_short_and_how_much_is_left():
    some, none = ProductFactory(stock=2), ProductFactory(stock=0)
    pks = {name: one.stockrecords.get().pk for name, one in (("some", some), ("none", none))}

    assert stock_short({pks["some"]: 2, pks["none"]: 1}) == {pks["none"]: 0}
    assert stock_short({pks["some"]: 3}) == {pks["some"]: 2}


def test_prepared_offers_are_those_that_oscar_would_read():
    everything = Range.objects.create(name="everything", includes_all_products=True)
    for name, facts in {
        "first": {"priority": 1},
        "last": {},
        "closed": {"status": ConditionalOffer.SUSPENDED},
        "voucher's": {"offer_type": ConditionalOffer.VOUCHER},
    }.items():
        ConditionalOffer.objects.create(
            name=name,
            condition=Condition.objects.create(range=everything, type="Count", value=1),
            benefit=Benefit.objects.create(range=everything, type="Percentage", value=10),
            **facts,
        )

    prepared = site_offers_active()

    usual = list(offers_loadable(super(Applicator, Applicator()).get_site_offers()))
    assert [one.name for one in prepared] == ["first", "last"]
    for one, other in zip(prepared, usual, strict=True):
        facts = {name: value for name, value in vars(other).items() if name != "_state"}
        assert {name: vars(one)[name] for name in facts} == facts
        assert (one.condition, one.benefit) == (other.condition, other.benefit)
