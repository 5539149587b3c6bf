"""What a rush for one product must not pay for: work under its lock, and work for who comes too late."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.test.factories import create_voucher

from catalog.models import ProductClass
from catalog.partner.models import StockRecord
from orders.basket.models import Basket, lines_sent
from orders.exceptions import CheckoutRefused, PriceChanged
from orders.models import Order
from orders.services import order_place, placing
from payments.wallets.kinds import STORED
from promotions.offer.applicator import Applicator
from promotions.offer.models import SET_BENEFIT, Benefit, Condition, ConditionalOffer, Range
from promotions.prepared import offers_loadable, site_offers_active
from supply.exceptions import OutOfStock
from supply.selectors import stock_short
from tests.factories import CountryFactory, ProductFactory, product_with_variants
from tests.flows.shopper import GERMANY, Shopper
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

    assert len(seen) <= 15, [one["sql"][:80] for one in seen]
    assert not any("rates_pickuppoint" in one["sql"] for one in seen), "it goes to a door"


def test_the_press_on_the_button_takes_so_many_statements(client, provider):
    CountryFactory(iso_3166_1_a2="DE", printable_name="DE", name="DE")
    shopper = Shopper(client)
    for number in range(2):  # what a process keeps is read by then
        shopper.add(ProductFactory(stock=9))
        preview = shopper.to_preview(address=GERMANY)
        with CaptureQueriesContext(connection) as seen:
            answer = shopper.place(preview, payment="stripe")
        assert answer.status_code == 303
        assert Order.objects.count() == number + 1

    assert len(seen) <= 21, [one["sql"][:80] for one in seen]
    again = shopper.place(preview, payment="stripe")  # the back button, and once more
    assert (again.status_code, again["Location"]) == (303, answer["Location"])
    assert Order.objects.count() == 2


def test_what_is_sent_of_a_basket_is_asked_by_one_small_query(django_assert_num_queries):
    songs = ProductClass.objects.create(name="Songs", slug="songs", requires_shipping=False)
    song = ProductFactory(product_class=songs)
    family = product_with_variants(colours={"sage": 2})
    basket = basket_with({ProductFactory(stock=9): 1, song: 1, family.children.get(): 1})

    fresh = Basket.objects.get(pk=basket.pk)
    with django_assert_num_queries(1):
        sent = lines_sent(fresh)

    assert sent == [line.product.is_shipping_required for line in basket.all_lines()]
    assert sent == [True, False, True]
    assert lines_sent(Basket.objects.create()) == []


def test_a_part_of_an_offer_is_answered_for_by_the_class_that_oscar_would_take():
    everything = Range.objects.create(name="everything", includes_all_products=True)
    for part in (
        Condition.objects.create(range=everything, type="Count", value=1),
        Benefit.objects.create(range=everything, type="Percentage", value=10),
        Benefit.objects.create(range=everything, type="Multibuy"),
        Benefit.objects.create(proxy_class=SET_BENEFIT),
    ):
        mine, theirs = part.proxy(), super(type(part).__mro__[1], part).proxy()
        assert type(mine) is type(theirs)
        assert {**vars(mine), "_state": 0} == {**vars(theirs), "_state": 0}
        assert mine.proxy() is mine


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
    monkeypatch.setattr(placing, "stock_short", lambda wanted, free: {})

    with pytest.raises(OutOfStock):
        order_place(checkout=late)

    assert Order.objects.count() == 1


def test_the_first_look_names_what_is_short_and_how_much_is_left():
    songs = ProductClass.objects.create(name="Songs", slug="songs", track_stock=False)
    some, none = ProductFactory(stock=2), ProductFactory(stock=0)
    family = product_with_variants(colours={"sage": 4})
    song, variant = ProductFactory(product_class=songs), family.children.get()
    StockRecord.objects.filter(product=variant).update(num_allocated=1)
    wanted = {some: 2, none: 1, song: 3, variant: 2}
    pk = {one: one.stockrecords.get().pk for one in wanted}

    basket = Basket.objects.create()
    for one, units in wanted.items():
        basket.lines.create(
            line_reference=str(one.pk), product=one, stockrecord_id=pk[one], quantity=units
        )
    units, free = placing._holds(basket.lines_ahead())

    assert units == {pk[one]: count for one, count in wanted.items()}
    assert free == {pk[some]: 2, pk[none]: 0, pk[variant]: 3}, "nobody counts songs"
    assert stock_short(units, free) == {pk[none]: 0}


def test_what_was_looked_at_first_is_what_is_priced(django_assert_num_queries):
    basket = Basket.objects.get(pk=basket_with({ProductFactory(stock=9): 2}).pk)
    ahead = basket.lines_ahead()
    with django_assert_num_queries(0):
        assert [*basket.all_lines()] == ahead
        assert all(one is two for one, two in zip(basket.all_lines(), ahead, strict=True))
    assert [one.quantity for one in basket.all_lines().filter(quantity=2)] == [2]
    assert not basket.all_lines().filter(quantity=3).exists()


def test_a_price_that_moved_while_a_voucher_was_waited_for_is_the_one_that_counts(monkeypatch):
    product = ProductFactory(price="10.00", stock=9)
    voucher = create_voucher(code="WAIT")
    checkout = checkout_of(basket_with({product: 1}, vouchers=[voucher]))
    locked = placing.vouchers_lock

    def waits(keys):
        found = locked(keys)
        product.stockrecords.update(price="12.00")
        return found

    monkeypatch.setattr(placing, "vouchers_lock", waits)
    with pytest.raises(PriceChanged):
        order_place(checkout=checkout)


def test_a_way_to_pay_that_is_not_offered_is_refused():
    for code in ("nobody", "", *STORED):
        checkout = checkout_of(basket_with({ProductFactory(stock=9): 1}), payment=code)
        with pytest.raises(CheckoutRefused, match="choose how you want to pay"):
            order_place(checkout=checkout)
    assert not Order.objects.exists()


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
