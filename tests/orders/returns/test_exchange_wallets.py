"""Exchanges of orders that gift cards, credit and points paid a part of: what pays, what goes back where."""

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.models import Order
from orders.returns import services
from orders.returns.services import Found, Wanted
from orders.returns.swaps import swaps_of
from orders.services import order_cancel, order_deliver, order_pack, order_place, order_ship
from orders.states import CancelReason
from payments.models import PaymentIntent, Refund, RefundState
from payments.selectors import intents_in_short
from payments.services import intent_capture, intent_open, refunds_request
from payments.wallets.models import Wallet
from shop.core.outbox import relay
from tests.factories import UserFactory, product_with_variants
from tests.sales import basket_with, checkout_of, refunds_finish
from tests.test_verify import verified
from tests.wallets.support import balances, card_of, credit_of, points_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S3.22", "S7.03")]


def paid(order: Order) -> None:
    """What wallets left to pay, by transfer."""
    for intent in intents_in_short(order.number).filter(gateway="transfer", state="new"):
        intent_capture(intent=intent_open(intent=intent))
    relay()
    order.refresh_from_db()


def exchanged(wallets: list[Wallet], price: str, other: str, user) -> tuple[Order, Order]:
    """An order of a red one, and that of the blue one that replaced it."""
    red, blue = product_with_variants(colours={"red": 5, "blue": 5}, price=price).children.order_by(
        "pk"
    )
    blue.stockrecords.update(price=Decimal(other))
    basket, ids = basket_with({red: 1}, owner=user), tuple(one.pk for one in wallets)
    first = order_place(checkout=checkout_of(basket, user=user, wallet_ids=ids))
    paid(first)
    order_pack(order=first)
    order_ship(order=first, carrier="DHL", tracking_number="1")
    order_deliver(order=first)
    relay()
    line = first.lines.get()
    assert [one.product for one in swaps_of(line)] == [red, blue]
    back = services.return_ask(
        order=first,
        wanted=[Wanted(line.pk, 1, "fit", swap_id=blue.pk)],
        key=uuid4(),
        language="en",
        wish="exchange",
    )
    services.return_approve(back=back, user=None)
    services.return_receive(back=back, user=None)
    services.return_inspect(back=back, found={back.lines.get().pk: Found(restock=1)}, user=None)
    kept = Order.objects.get(begun_by__back=back)
    services.return_exchange(back=back, user=None)
    paid(kept)  # a difference, if there is one
    for _twice in range(2):
        services.return_exchange(back=back, user=None)
    refunds_finish()
    relay()
    kept.refresh_from_db()
    return first, kept


def came_back(intent: PaymentIntent) -> Decimal:
    done = Refund.objects.filter(state=RefundState.DONE, target="")
    ways = done.filter(intent=intent) | done.filter(intent__origin=intent)
    return sum(ways.values_list("amount", flat=True), Decimal(0))


money = st.decimals("0.01", "45.00", places=2)


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    credit=money,
    points=st.integers(1, 3000),
    price=st.decimals("1.00", "60.00", places=2),
    other=st.decimals("1.00", "60.00", places=2),
    parts=st.lists(money, max_size=2),
)
def test_every_mix_pays_for_the_exchange_and_all_of_it_comes_back(
    credit, points, price, other, parts
):
    user = UserFactory()
    wallets = [credit_of(user, str(credit)), points_of(user, points)]

    first, kept = exchanged(wallets, str(price), str(other), user)

    rows = list(intents_in_short(kept.number))
    assert kept.status == "paid"
    assert sum(one.amount_captured for one in rows) == kept.total_incl_tax == other
    asked = sum(one.amount for one in rows if one.gateway == "transfer")
    assert asked == max(other - price, 0)
    gone = Refund.objects.filter(intent__order_number=first.number)
    assert sum(gone.values_list("amount", flat=True)) == price
    for place, part in enumerate(parts):  # parts of it, then all that is left
        left = sum(one.amount_captured - one.amount_refunded for one in rows)
        refunds_request(
            order_number=kept.number,
            amount=min(part, left / 2).quantize(Decimal("0.01")) or Decimal("0.01"),
            reason="x",
            key=f"{kept.number}-{place}",
            target="store-credit",  # what wallets paid goes back to them all the same
        )
        refunds_finish()
        rows = list(intents_in_short(kept.number))
    order_cancel(order=kept, reason=CancelReason.OPERATOR)
    refunds_finish()
    relay()

    for intent in intents_in_short(first.number).filter(wallet_use__isnull=False):
        use, back = intent.wallet_use, came_back(intent)
        assert back == intent.amount_refunded
        assert (use.units_back == use.units) == (back == intent.amount_captured)
    given_as_credit = Refund.objects.filter(target="store-credit", intent__origin__gateway="points")
    assert not given_as_credit.exists()
    assert verified()[0], verified()[1]


def test_a_gift_card_gets_back_what_an_exchange_costs_less_and_the_exchange_once_it_ends():
    card = card_of("40.00")

    first, kept = exchanged([card], "20.00", "12.00", UserFactory())

    left = 40 - first.total_incl_tax
    assert [(one.origin.gateway, one.amount) for one in intents_in_short(kept.number)] == [
        ("gift-card", 12)
    ]
    assert balances(card) == [left + 8]
    order_cancel(order=kept, reason=CancelReason.OPERATOR)
    refunds_finish()
    relay()
    assert balances(card) == [left + 20]
    assert verified()[0], verified()[1]
