"""A set costs what it says, to the cent, and is never more than its parts allow."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kinds.exceptions import KindRefused
from catalog.kinds.reckoning import Part, Rule, Units, set_price, set_taken
from catalog.kinds.selectors import set_view
from catalog.kinds.services import part_save
from catalog.models import Kind
from catalog.partner.strategy import Selector
from orders.basket.exceptions import BasketRefused
from orders.basket.models import Basket
from orders.basket.services import line_quantity_set
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.core.money import shares
from shop.core.outbox import relay
from supply.services import stock_allocate
from tests.factories import ProductFactory, product_with_variants
from tests.kinds.support import paid, placed, product_of, quoted, set_in_basket, set_of
from tests.sales import basket_with
from tests.test_verify import verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.07")]

CENTS = st.integers(min_value=1, max_value=99_999).map(lambda units: Decimal(units) / 100)


def goods(basket: Basket) -> Decimal:
    """What the goods of a basket cost after all discounts."""
    lines = quoted(basket).basket.all_lines()
    return sum(line.line_price_incl_tax_incl_discounts for line in lines)


@given(
    prices=st.lists(CENTS, min_size=1, max_size=6),
    quantities=st.lists(st.integers(1, 4), min_size=6, max_size=6),
    price=CENTS,
    sets=st.integers(1, 3),
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_fixed_price_is_met_to_the_cent(prices, quantities, price, sets):
    parts = tuple(Part(pk, quantities[pk]) for pk in range(len(prices)))
    rule = Rule(1, "", parts, price, None, None)
    units = [Units(pk, pk, pk, one, quantities[pk] * sets) for pk, one in enumerate(prices)]

    taken = set_taken(rule, units)
    alone = sum(prices[pk] * count for pk, count in taken.items())
    now = set_price(rule, alone, "EUR")
    less = shares(alone - now, [prices[pk] * count for pk, count in taken.items()], "EUR")

    assert taken == {pk: quantities[pk] for pk in range(len(prices))}
    assert now == min(price, alone)
    assert sum(less) == alone - now
    assert all(part <= prices[pk] * taken[pk] for pk, part in zip(taken, less, strict=True))


@pytest.mark.parametrize("units", [1, 2, 5])
def test_sets_in_the_basket_cost_their_price_and_the_order_adds_up(units):
    pot, mug = ProductFactory(price="46.01", stock=20), ProductFactory(price="18.33", stock=20)
    tea = set_of({pot: 1, mug: 2}, price="70.00")

    basket = set_in_basket(tea, quantity=units)
    order = paid(placed(basket))

    assert goods_of(order) == Decimal(70) * units
    assert [one.offer_name for one in order.discounts.all()] == ["Tea for two"]
    assert verified()[0], verified()[1]


def goods_of(order) -> Decimal:
    return sum(line.line_price_incl_tax for line in order.lines.all())


def test_percent_is_taken_off_what_the_chosen_parts_cost():
    family = product_with_variants(price="20.00", colours={"sage": 3, "ink": 3})
    dear = family.children.last()
    dear.stockrecords.update(price=Decimal("33.33"))
    part = set_of({family: 1, ProductFactory(price="10.00"): 1}, percent="15")

    chosen = {f"p{part.parts.first().pk}": dear.pk}
    basket = set_in_basket(part, **chosen)

    assert goods(basket) == Decimal("36.83")  # 43.33 less 15 %, half up


def test_pick_your_own_takes_the_dearest_and_asks_for_the_exact_number():
    sweets = [ProductFactory(price=price, stock=9) for price in ("6.50", "5.90", "3.90")]
    three = set_of(dict.fromkeys(sweets, 1), price="15.00", pick=3)

    with pytest.raises(BasketRefused, match="exactly 3"):
        set_in_basket(three, **{f"p{sweets[0].pk}": 2})
    basket = set_in_basket(three, **{f"p{sweets[0].pk}": 2, f"p{sweets[1].pk}": 1})

    assert goods(basket) == Decimal("15.00")
    cheap = set_in_basket(three, **{f"p{sweets[2].pk}": 3})
    assert goods(cheap) == Decimal("11.70")  # nobody pays more than one by one


def test_a_part_taken_out_takes_the_price_with_it_and_the_page_says_so(client):
    pot, mug = ProductFactory(price="46.00"), ProductFactory(price="18.00")
    tea = set_of({pot: 1, mug: 2}, price="70.00")
    client.post(reverse("basket:add-kit", args=[tea.pk]), {"quantity": 1})
    basket = Basket.objects.get()

    line = basket.lines.get(product=mug)
    page = client.post(reverse("basket:line", args=[line.pk]), {"quantity": 1}, follow=True)

    assert "The price of the set “Tea for two” does not apply any more" in page.content.decode()
    assert goods(basket) == Decimal("64.00")


def test_a_missing_part_refuses_the_whole_set_with_its_name(client):
    pot, mug = ProductFactory(title="Pot", stock=5), ProductFactory(title="Mug", stock=1)
    tea = set_of({pot: 1, mug: 2}, price="12.00")

    page = client.post(reverse("basket:add-kit", args=[tea.pk]), {"quantity": 1}, follow=True)

    assert "Mug: There is only 1 left. Nothing was added." in page.content.decode()
    assert not Basket.objects.filter(lines__isnull=False).exists()


def test_what_parts_allow_is_what_lists_say():
    pot, mug = ProductFactory(price="46.00", stock=3), ProductFactory(price="18.00", stock=5)
    tea = set_of({pot: 1, mug: 2}, price="70.00")
    record = tea.product.stockrecords.get()
    assert (record.price, record.num_in_stock) == (Decimal(70), None)
    assert set_view(tea.product).most == 2

    stock_allocate(wanted={mug.stockrecords.get().pk: 4})
    relay()

    record.refresh_from_db()
    assert record.num_in_stock == 0
    assert not set_view(tea.product).is_available


def test_units_in_a_set_are_in_no_other_offer_but_the_units_beside_them_are():
    mug = ProductFactory(price="20.00", stock=9)
    pot = ProductFactory(price="40.00", stock=9)
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    ConditionalOffer.objects.create(
        name="Ten off",
        offer_type=ConditionalOffer.SITE,
        exclusive=False,
        condition=Condition.objects.create(range=everything, type=Condition.COUNT, value=1),
        benefit=Benefit.objects.create(range=everything, type=Benefit.PERCENTAGE, value=10),
    )
    tea = set_of({pot: 1, mug: 1}, price="50.00")

    basket = set_in_basket(tea)
    line = basket.lines.get(product=mug)
    line_quantity_set(basket=basket, line_id=line.pk, quantity=3)

    assert goods(basket) == Decimal(50) + Decimal(36)


def test_two_sets_that_share_a_part_each_need_their_own():
    mug = ProductFactory(price="20.00", stock=9)
    pot, tin = ProductFactory(price="40.00"), ProductFactory(price="30.00")
    set_of({pot: 1, mug: 1}, price="50.00", title="Pot and mug")
    second = set_of({tin: 1, mug: 1}, price="45.00", title="Tin and mug")

    basket = set_in_basket(second)
    basket.add_product(pot, 1)

    assert goods(basket) == Decimal(90) - 10  # one mug makes one set, the first
    line_quantity_set(basket=basket, line_id=basket.lines.get(product=mug).pk, quantity=2)
    assert goods(basket) == Decimal(95)


def test_a_set_holds_no_set_and_no_second_variant_of_one_product():
    family = product_with_variants(colours={"sage": 3, "ink": 3})
    tea = set_of({family: 1}, price="5.00")

    for product in (tea.product, family.children.first(), product_of(Kind.VOUCHER)):
        with pytest.raises(KindRefused):
            part_save(product_set=tea, product=product, quantity=1)
    assert tea.parts.count() == 1


@pytest.mark.parametrize(
    "form",
    [
        {"quantity": "-1"},
        {"quantity": "9" * 40},
        {"quantity": "1", "part-1": "9" * 40},
        {"quantity": "1", "part-\x00": "1"},
        {"quantity": "1", "pick-3": "-2"},
        {"quantity": "𝟙", "part-٣": "😀"},
    ],
)
def test_odd_forms_are_refused_with_words(client, form):
    tea = set_of({ProductFactory(): 1}, price="5.00")

    answer = client.post(
        reverse("basket:add-kit", args=[tea.pk]), form, headers={"HX-Request": "true"}
    )

    assert answer.status_code in (200, 400, 422)
    assert client.post(reverse("basket:add-kit", args=[2**63 - 1]), form).status_code in (400, 404)


def test_the_page_of_a_set_shows_parts_price_and_saving(client):
    pot, mug = ProductFactory(title="Pot", price="46.00"), ProductFactory(price="18.00")
    tea = set_of({pot: 1, mug: 2}, price="70.00")

    page = client.get(tea.product.get_absolute_url()).content.decode()

    assert "In this set" in page
    assert "Pot" in page
    assert "you save €12.00" in page


def test_sets_of_which_nothing_is_bought_are_not_tried():
    teas = [ProductFactory(stock=9) for _ in range(3)]
    family = product_with_variants(colours={"sage": 9})
    first, second, of_family = set_of({teas[0]: 1}), set_of({teas[1]: 1}), set_of({family: 1})
    offers = [one.set_offer.offer_id for one in (first, second, of_family)]

    def tried(*bought, request=None):
        basket = basket_with(dict.fromkeys(bought, 1))
        basket.price(Selector().strategy(), user=AnonymousUser(), request=request)
        return [offers.index(one.pk) for one in basket.offers_tried]

    for request in (None, RequestFactory().get("/")):
        assert tried(teas[2], request=request) == []
        assert sorted(tried(teas[0], teas[1], request=request)) == [0, 1]
        assert tried(family.children.get(), request=request) == [2], (
            "a variant counts as its family"
        )
