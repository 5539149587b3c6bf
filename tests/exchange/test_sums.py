"""Two thousand random orders over currencies and tax rules: every sum adds up to the cent."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from oscar.apps.offer.benefits import AbsoluteDiscountBenefit, PercentageDiscountBenefit

from catalog.exchange.models import Ending
from catalog.exchange.rates import Exchange
from catalog.partner.prices import ShopPrice
from catalog.taxes.rates import Taxes
from orders.basket.models import Basket, Line
from orders.checkout.calculators import OrderTotalCalculator
from orders.quotes import Quote
from orders.shipping.methods import TaxInclusiveOfferDiscount, ZoneRate, charge_made
from shop.core.money import exponent, from_minor, rounded, shares, to_minor

pytestmark = pytest.mark.req("S1.09", "S5.16")

CURRENCIES = {"EUR": "1", "USD": "1.0837", "GBP": "0.8533", "CNY": "7.8121", "JPY": "162.37"}
PERCENT = some.sampled_from(["0", "5", "5.5", "7", "8.875", "10", "13", "19", "25.5", "27"])


@some.composite
def exchanges(draw) -> Exchange:
    """Any of the five, at its rate give or take a half, ending in any way."""
    currency = draw(some.sampled_from(list(CURRENCIES)))
    if currency == "EUR":
        return Exchange("EUR")
    moved = draw(some.decimals("0.5", "1.5", places=4))
    ending = draw(some.sampled_from(Ending.values))
    return Exchange(currency, rate=Decimal(CURRENCIES[currency]) * moved, ending=ending)


@some.composite
def tax_rules(draw) -> Taxes:
    """In the price or added to it, two classes, delivery taxed or not."""
    return Taxes(
        country="XX",
        is_added=draw(some.booleans()),
        rates={name: Decimal(draw(PERCENT)) / 100 for name in ("standard", "reduced")}
        | {"none": Decimal(0)},
        on_delivery=draw(some.booleans()),
    )


GOODS = some.lists(
    some.tuples(
        some.integers(0, 500_000),  # cents of the shop's own currency
        some.integers(1, 12),
        some.sampled_from(["standard", "reduced", "none"]),
    ),
    min_size=1,
    max_size=5,
)
OFFERS = some.lists(some.tuples(some.booleans(), some.decimals("0.01", "99", places=2)), max_size=2)
GIFT = some.none() | some.decimals("1", "200", places=2)


class _Lines(list):
    def count(self) -> int:  # as a query set does
        return len(self)


def basket_of(goods, exchange: Exchange, taxes: Taxes) -> Basket:
    """A basket that is written nowhere, its lines priced as the strategy does."""
    basket = Basket(id=1)
    basket.strategy = SimpleNamespace(exchange=exchange, taxes=taxes)
    lines = _Lines()
    for cents, quantity, tax_class in goods:
        price = ShopPrice(
            currency=exchange.currency,
            shown=exchange.price(from_minor(cents, "EUR")),
            rate=taxes.rate(tax_class),
            taxes=taxes,
        )
        line = Line(basket=basket, quantity=quantity)
        line._info = SimpleNamespace(price=price)
        lines.append(line)
    basket.all_lines = lambda: lines
    return basket


def offers_apply(basket: Basket, offers, exchange: Exchange) -> None:
    """Oscar's own code, the amounts converted as for a real basket."""
    every = SimpleNamespace(pk=1, id=1, consume_items=lambda *args, **kwargs: None)
    for number, (is_percentage, value) in enumerate(offers, start=1):
        kind = PercentageDiscountBenefit if is_percentage else AbsoluteDiscountBenefit
        benefit = kind(value=value if is_percentage else exchange.amount(value))
        benefit.get_applicable_lines = lambda *args, **kwargs: [
            (line.unit_effective_price, line) for line in basket.all_lines()
        ]
        if basket.shown_before:
            offer = SimpleNamespace(pk=number, id=number, exclusive=False, is_set=False)
            benefit.apply(basket, every, offer)


def gift_apply(basket: Basket, worth: Decimal) -> None:
    """A fixed amount off what all other offers left."""
    values = [line.shown_price for line in basket.all_lines()]
    less = min(worth, sum(values))
    if less:
        for line, part in zip(
            basket.all_lines(), shares(less, values, basket.currency), strict=True
        ):
            line.discount(part, line.quantity)


@settings(
    max_examples=2000,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.differing_executors],
)
@given(
    goods=GOODS,
    exchange=exchanges(),
    taxes=tax_rules(),
    offers=OFFERS,
    gift=GIFT,
    off_delivery=some.none() | some.decimals("0.1", "9", places=2),
)
def test_totals_of_two_thousand_orders_add_up(goods, exchange, taxes, offers, gift, off_delivery):
    basket, currency = basket_of(goods, exchange, taxes), exchange.currency
    offers_apply(basket, offers, exchange)
    if gift is not None:
        gift_apply(basket, exchange.amount(gift))
    method = ZoneRate("standard", "S", "", Decimal("4.90"), (1, 2), Decimal(49))
    if off_delivery is not None:
        offer = SimpleNamespace(
            shipping_discount=lambda charge, currency: exchange.amount(off_delivery)
        )
        method = TaxInclusiveOfferDiscount(method, offer)

    charge = method.calculate(basket)
    total = OrderTotalCalculator().calculate(basket, charge)
    quote = Quote(
        basket=basket,
        shipping_method=method,
        shipping_methods=[method],
        shipping_charge=charge,
        total=total,
    )

    lines = basket.all_lines()
    for side in ("incl", "excl"):
        parts = [getattr(line, f"line_price_{side}_tax_incl_discounts") for line in lines]
        assert sum(parts) + getattr(charge, f"{side}_tax") == getattr(total, f"{side}_tax")
    shown = "excl" if taxes.is_added else "incl"
    for line in lines:
        price = line.purchase_info.price
        gross, net = (
            line.line_price_incl_tax_incl_discounts,
            line.line_price_excl_tax_incl_discounts,
        )
        per_unit = line.get_price_breakdown()
        assert sum(one[0] * one[2] for one in per_unit) == gross
        assert sum(one[1] * one[2] for one in per_unit) == net
        assert 0 <= net <= gross <= line.line_price_incl_tax
        assert line.line_price_excl_tax <= line.line_price_incl_tax
        lost = getattr(line, f"line_price_{shown}_tax") - getattr(
            line, f"line_price_{shown}_tax_incl_discounts"
        )
        assert lost == line.discounts.incl_tax
        exact = net * price.rate if taxes.is_added else gross * price.rate / (1 + price.rate)
        assert abs(gross - net - exact) <= exponent(currency) / 2
        for amount in (gross, net, price.shown):
            assert amount == rounded(amount, currency)
    assert sum(tax for _code, tax in quote.tax_parts()) == total.incl_tax - total.excl_tax
    assert charge.excl_tax <= charge.incl_tax
    assert charge_made(Decimal(0), basket).incl_tax == 0
    assert to_minor(total.incl_tax, currency) == total.incl_tax / exponent(currency)
    assert abs(exchange.back(total.incl_tax) * exchange.rate - total.incl_tax) <= (
        exchange.rate / 200 + exponent(currency) / 2
    )
