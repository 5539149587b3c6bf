"""One basket, one offer, one voucher: and many who want it at the same moment."""

from decimal import Decimal
from functools import partial

import pytest
from django.core.management import call_command
from oscar.test.factories import create_voucher

from catalog.partner.models import StockRecord
from orders.exceptions import PriceChanged
from orders.models import Order
from orders.services import order_place
from payments.models import PaymentIntent
from payments.services import intent_open
from promotions.offer.models import Benefit, Condition, ConditionalOffer, Range
from promotions.voucher.models import Voucher
from shop.core.models import OutboxEvent
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory
from tests.payments.localprovider.support import Running
from tests.sales import basket_with, checkout_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.03", "S5.16")]


@pytest.fixture
def offer() -> ConditionalOffer:
    """Ten percent off everything, granted five times."""
    everything = Range.objects.create(name="everything", includes_all_products=True)
    return ConditionalOffer.objects.create(
        name="Ten percent",
        condition=Condition.objects.create(range=everything, type="Count", value=1),
        benefit=Benefit.objects.create(range=everything, type="Percentage", value=10),
        max_global_applications=5,
    )


def test_eight_clicks_on_one_basket_make_one_order_and_one_charge(provider: Running):
    product = ProductFactory(stock=8)
    checkout = checkout_of(basket_with({product: 2}), payment="stripe")

    def click() -> str:
        order = order_place(checkout=checkout)
        intent = PaymentIntent.objects.get(order_number=order.number)
        return intent_open(intent=intent).reference

    sessions = at_once(*[click] * 8)

    intent = PaymentIntent.objects.get()
    assert set(sessions) == {intent.reference}
    assert Order.objects.count() == 1
    assert product.stockrecords.get().num_allocated == 2
    provider.control.pay(intent.reference)
    assert len(provider.control.charges()) == 1


def test_a_price_that_moved_after_the_preview_is_asked_about_again():
    product = ProductFactory(price="10.00", stock=5)
    checkout = checkout_of(basket_with({product: 1}))
    StockRecord.objects.update(price=Decimal("10.01"))

    outcomes = at_once(*[partial(order_place, checkout=checkout)] * 4)

    assert kinds(outcomes) == {"PriceChanged": 4}
    assert not Order.objects.exists()
    assert not PaymentIntent.objects.exists()
    assert not OutboxEvent.objects.filter(name="OrderPlaced").exists()
    assert StockRecord.objects.get().num_allocated in (None, 0)
    call_command("verify")


def test_an_offer_for_five_is_granted_five_times(offer):
    product = ProductFactory(price="100.00", stock=100)
    checkouts = [checkout_of(basket_with({product: 1})) for _ in range(20)]

    outcomes = at_once(*(partial(order_place, checkout=one) for one in checkouts))

    assert kinds(outcomes) == {"Order": 5, "PriceChanged": 15}
    offer.refresh_from_db()
    assert (offer.num_applications, offer.num_orders) == (5, 5)
    assert offer.total_discount == Decimal("50.00")
    call_command("verify")


def test_a_voucher_for_one_order_is_used_once():
    product = ProductFactory(price="100.00", stock=100)
    voucher = create_voucher(usage=Voucher.SINGLE_USE, code="WELCOME")
    checkouts = [checkout_of(basket_with({product: 1}, vouchers=[voucher])) for _ in range(10)]

    outcomes = at_once(*(partial(order_place, checkout=one) for one in checkouts))

    assert kinds(outcomes) == {"Order": 1, "PriceChanged": 9}
    voucher.refresh_from_db()
    assert (voucher.num_orders, voucher.applications.count()) == (1, 1)
    assert voucher.total_discount == Order.objects.get().total_discount_incl_tax
    call_command("verify")


def test_whoever_came_too_late_for_the_voucher_can_order_at_the_full_price():
    product = ProductFactory(price="100.00")
    voucher = create_voucher(usage=Voucher.SINGLE_USE, code="WELCOME")
    late = basket_with({product: 1}, vouchers=[voucher])
    shown_with_voucher = checkout_of(late)
    order_place(checkout=checkout_of(basket_with({product: 1}, vouchers=[voucher])))

    with pytest.raises(PriceChanged):
        order_place(checkout=shown_with_voucher)

    order = order_place(checkout=checkout_of(late))
    assert order.basket_total_incl_tax == Decimal("100.00")
    assert voucher.applications.count() == 1
