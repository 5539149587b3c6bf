"""Ten thousand random baskets: the parts add up to the cent, and nothing falls below zero."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from oscar.apps.offer.benefits import AbsoluteDiscountBenefit, PercentageDiscountBenefit
from oscar.test.factories import create_voucher

from catalog.partner.prices import ShopPrice
from catalog.partner.strategy import ShopStrategy
from catalog.pricing.services import prices_compare_all
from catalog.taxes.rates import Taxes
from orders.basket.models import Line
from orders.models import Order
from orders.quotes import quote_make
from orders.services import order_place
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from promotions.voucher.models import Voucher
from shop.core.money import exponent, from_minor, net_of, rounded, shares, to_minor
from tests.exchange.makers import rates_are
from tests.factories import ProductFactory
from tests.sales import ADDRESS, basket_with, checkout_of
from tests.test_verify import verified

pytestmark = pytest.mark.req("S5.03", "S5.16")

RATES = some.sampled_from([Decimal("0"), Decimal("0.07"), Decimal("0.13"), Decimal("0.19")])
LINES = some.lists(
    some.tuples(some.integers(0, 2_000_000), some.integers(1, 20)), min_size=1, max_size=4
)
DISCOUNTS = some.lists(
    some.tuples(some.booleans(), some.decimals("0.01", "150", places=2)), max_size=2
)


class Everything:
    """A range, a condition and an offer in one, without a database."""

    pk = id = 1

    def consume_items(self, *args: Any) -> None: ...


class Shelf:
    """As much of a basket as Oscar's benefits look at."""

    def __init__(self, lines: list[Line], currency: str) -> None:
        self.lines, self.currency = lines, currency

    def all_lines(self) -> list[Line]:
        return self.lines


def line_of(units: int, quantity: int, currency: str, rate: Decimal) -> Line:
    line = Line(quantity=quantity)
    price = ShopPrice(
        currency=currency, shown=from_minor(units, currency), rate=rate, taxes=Taxes()
    )
    line._info = SimpleNamespace(price=price)
    return line


def discounted(shelf: Shelf, is_percentage: bool, value: Decimal, number: int) -> None:
    """Apply a benefit with Oscar's own code, to every line at once."""
    kind = PercentageDiscountBenefit if is_percentage else AbsoluteDiscountBenefit
    benefit = kind(value=value)
    offer = SimpleNamespace(pk=number, id=number, exclusive=False, is_set=False)
    benefit.get_applicable_lines = lambda *args, **kwargs: [
        (line.unit_effective_price, line) for line in shelf.lines
    ]
    if sum(line.line_price_incl_tax for line in shelf.lines):
        benefit.apply(shelf, Everything(), offer)


@pytest.mark.parametrize("currency", ["CNY", "EUR", "USD", "JPY"])
@settings(
    max_examples=2500,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
@given(goods=LINES, discounts=DISCOUNTS, rate=RATES)
def test_parts_of_a_basket_add_up_to_the_cent(currency, goods, discounts, rate):
    shelf = Shelf([line_of(units, count, currency, rate) for units, count in goods], currency)

    for number, (is_percentage, value) in enumerate(discounts, start=1):
        discounted(shelf, is_percentage, value, number)

    for line in shelf.lines:
        gross = line.line_price_incl_tax_incl_discounts
        net = line.line_price_excl_tax_incl_discounts
        parts = line.get_price_breakdown()
        assert sum(part[0] * part[2] for part in parts) == gross
        assert sum(part[1] * part[2] for part in parts) == net
        assert sum(part[2] for part in parts) == line.quantity
        assert min(part[1] for part in parts) >= 0
        assert 0 <= net <= gross <= line.line_price_incl_tax
        assert gross == line.line_price_incl_tax - line.discounts.incl_tax
        assert gross == rounded(gross, currency)
        assert net == net_of(gross, rate, currency)


@settings(max_examples=1000, deadline=None, database=None)
@given(
    units=some.integers(0, 10**9),
    weights=some.lists(some.integers(0, 10**6), min_size=1, max_size=12).filter(any),
    currency=some.sampled_from(["CNY", "EUR", "USD", "JPY"]),
)
def test_shares_add_up_and_are_fair(units, weights, currency):
    total = from_minor(units, currency)

    parts = shares(total, weights, currency)

    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < exponent(currency)
    assert to_minor(total, currency) == units


def test_what_is_no_amount_of_money_is_refused():
    for amount in ("NaN", "Infinity", "-Infinity"):
        with pytest.raises(ValueError, match="not an amount"):
            rounded(Decimal(amount), "EUR")
    with pytest.raises(ValueError, match="fraction of the smallest unit"):
        to_minor(Decimal("0.5"), "JPY")
    with pytest.raises(ValueError, match="add up to nothing"):
        shares(Decimal(1), [0, 0], "EUR")


def test_three_for_ten_with_ten_off_add_up(django_user_model):
    """Stock Oscar wrote parts that add up to 20.01."""
    line = line_of(1000, 3, "EUR", Decimal("0.19"))
    line.discount(Decimal("10.00"), 3)

    assert sum(gross * count for gross, _net, count in line.get_price_breakdown()) == 20


@pytest.fixture
def shelf_of_goods(db) -> list[Any]:
    prices = ("0.01", "0.99", "9.99", "33.33", "149.95", "1000.00")
    return [ProductFactory(price=price, stock=100_000) for price in prices]


@pytest.fixture
def offer_of_the_day(db) -> Benefit:
    everything = Range.objects.create(name="everything", includes_all_products=True)
    benefit = Benefit.objects.create(range=everything, type="Percentage", value=10)
    condition = Condition.objects.create(range=everything, type="Count", value=1)
    ConditionalOffer.objects.create(name="Today", condition=condition, benefit=benefit)
    return benefit


@settings(
    max_examples=200,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    picks=some.dictionaries(some.integers(0, 5), some.integers(1, 9), min_size=1, max_size=5),
    is_percentage=some.booleans(),
    value=some.decimals("0.01", "99", places=2),
    has_voucher=some.booleans(),
)
def test_quotes_of_random_baskets_add_up(
    shelf_of_goods, offer_of_the_day, picks, is_percentage, value, has_voucher
):
    Benefit.objects.filter(pk=offer_of_the_day.pk).update(
        type="Percentage" if is_percentage else "Absolute", value=value
    )
    voucher = Voucher.objects.first() or create_voucher(usage=Voucher.MULTI_USE)
    basket = basket_with(
        {shelf_of_goods[index]: count for index, count in picks.items()},
        vouchers=[voucher] if has_voucher else [],
    )

    quote = quote_make(basket=basket, shipping_fields=ADDRESS, shipping_code="standard")

    lines = quote.basket.all_lines()
    paid = sum(line.line_price_incl_tax_incl_discounts for line in lines)
    lost = sum(line.line_price_incl_tax for line in lines) - paid
    assert quote.total.incl_tax == paid + quote.shipping_charge.incl_tax
    assert sum(one["discount"] for one in quote.basket.offer_applications) == lost
    assert paid >= 0
    assert 0 <= quote.total.excl_tax <= quote.total.incl_tax


def test_random_looking_orders_leave_books_that_add_up(shelf_of_goods, offer_of_the_day):
    for step in range(1, 25):
        value, kind = Decimal(step * 37 % 100) + Decimal("0.33"), ("Percentage", "Absolute")
        Benefit.objects.update(type=kind[step % 2], value=value)
        picks = {shelf_of_goods[(step + index) % 6]: 1 + step % 7 for index in range(1 + step % 4)}
        order_place(checkout=checkout_of(basket_with(picks)))

    assert Order.objects.count() == 24
    prices_compare_all()  # the offer was changed behind the shop's back
    assert verified()[0], verified()[1]


def test_a_price_has_no_fraction_of_the_smallest_unit(db):
    product = ProductFactory(price="980.50")
    rates_are(JPY="1")

    info = ShopStrategy(None, currency="JPY").fetch_for_product(product)

    assert info.price.incl_tax == Decimal(981)
