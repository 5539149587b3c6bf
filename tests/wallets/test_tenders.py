"""Orders paid with gift cards, credit and points beside another payment, and what goes back where."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.exceptions import PriceChanged
from orders.models import Order
from orders.pages import OrderPage
from orders.returns.models import Return
from orders.returns.services import (
    Found,
    return_approve,
    return_inspect,
    return_receive,
    return_refund,
)
from orders.returns.states import Wish
from orders.services import (
    order_cancel,
    order_deliver,
    order_pack,
    order_place,
    order_refund,
    order_ship,
    orders_expire,
)
from orders.states import CancelReason, OrderState
from payments.exceptions import RefundTooLarge
from payments.models import IntentState, PaymentIntent, Refund
from payments.selectors import intents_in_short
from payments.services import intent_capture, intent_open
from payments.wallets.models import Wallet, WalletEntry
from payments.wallets.services import wallet_block
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.exchange.makers import rates_are
from tests.factories import ProductFactory, UserFactory
from tests.sales import basket_with, checkout_of, refunds_finish
from tests.test_verify import verified
from tests.wallets.support import balances, card_of, credit_of, order_with, points_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S7.03")]


def intents(order: Order) -> list[tuple[str, Decimal, str]]:
    rows = intents_in_short(order.number).order_by("pk")
    return [(one.gateway, one.amount, one.state) for one in rows]


def test_wallets_are_used_up_in_order_and_the_rest_is_paid_another_way():
    user = UserFactory()
    card, credit, points = card_of("30.00"), credit_of(user, "20.00"), points_of(user, 1000)

    order = order_with(credit, card, points, price="80.00", user=user)

    rest = order.total_incl_tax - 60
    assert intents(order) == [
        ("points", Decimal(10), IntentState.CAPTURED),
        ("gift-card", Decimal(30), IntentState.CAPTURED),
        ("store-credit", Decimal(20), IntentState.CAPTURED),
        ("transfer", rest, IntentState.NEW),
    ]
    assert balances(card, credit, points) == [0, 0, 0]
    relay()
    order.refresh_from_db()
    assert order.status == OrderState.PENDING

    waiting = intents_in_short(order.number).get(gateway="transfer")
    intent_capture(intent=intent_open(intent=waiting))
    relay()

    order.refresh_from_db()
    assert order.status == OrderState.PAID
    assert verified()[0], verified()[1]


def test_what_a_card_covers_alone_is_paid_at_once_and_the_rest_stays_on_it():
    card = card_of("100.00")

    order = order_with(card, price="30.00")
    relay()

    order.refresh_from_db()
    assert order.status == OrderState.PAID
    assert balances(card) == [100 - order.total_incl_tax]
    assert intents(order) == [("gift-card", order.total_incl_tax, IntentState.CAPTURED)]
    facts = [(fact.name, fact.value) for fact in OrderPage(order).payment_facts]
    assert ("Way to pay", "Gift card") in facts
    assert verified()[0], verified()[1]


def test_an_order_that_ends_gives_the_wallets_back_once():
    user = UserFactory()
    card, credit, points = card_of("30.00"), credit_of(user, "20.00"), points_of(user, 1000)
    order = order_with(card, credit, points, user=user)
    PaymentIntent.objects.filter(order_number=order.number, gateway="transfer").update(
        expires_at=timezone.now() - dt.timedelta(minutes=1)
    )

    assert orders_expire() == 1
    assert not order_cancel(order=order, reason=CancelReason.OPERATOR)
    relay()
    refunds_finish()

    assert balances(card, credit, points) == [30, 20, 1000]
    assert WalletEntry.objects.filter(reason="returned").count() == 3
    assert verified()[0], verified()[1]


def test_money_goes_back_before_credit_cards_and_points_to_the_cent():
    user = UserFactory()
    card, credit, points = card_of("30.00"), credit_of(user, "20.00"), points_of(user, 1000)
    order = order_with(card, credit, points, price="80.00", user=user)
    rest = order.total_incl_tax - 60
    intent_capture(
        intent=intent_open(intent=intents_in_short(order.number).get(gateway="transfer"))
    )
    relay()

    for number, amount in enumerate((rest - 1, Decimal("11.01"), Decimal("39.98"))):
        order_refund(order=order, amount=amount, reason="x", key=f"k{number}", user=None)
        order_refund(order=order, amount=amount, reason="x", key=f"k{number}", user=None)
    refunds_finish()

    back = {
        gateway: sum(
            Refund.objects.filter(intent__gateway=gateway).values_list("amount", flat=True)
        )
        for gateway in ("transfer", "store-credit", "gift-card", "points")
    }
    assert back == {
        "transfer": rest,
        "store-credit": 20,
        "gift-card": Decimal("29.99"),
        "points": 0,
    }
    order_refund(order=order, amount=Decimal("0.33"), reason="x", key="k9", user=None)
    refunds_finish()
    assert balances(card, credit, points) == [30, 20, 32]
    with pytest.raises(RefundTooLarge):
        order_refund(order=order, amount=Decimal("9.69"), reason="x", key="k10", user=None)
    order_refund(order=order, amount=Decimal("9.68"), reason="x", key="k11", user=None)
    refunds_finish()
    assert balances(card, credit, points) == [30, 20, 1000]
    relay()
    assert verified()[0], verified()[1]


def test_a_wallet_that_changed_since_it_was_shown_is_asked_about_again():
    card = card_of("30.00")
    basket = basket_with({ProductFactory(price="80.00", stock=9): 1})
    checkout = checkout_of(basket, wallet_ids=(card.pk,))
    wallet_block(wallet_id=card.pk, because="stolen")

    with pytest.raises(PriceChanged):
        order_place(checkout=checkout)

    assert balances(card) == [30]


def test_nobody_pays_with_the_credit_of_somebody_else_nor_buys_cards_with_cards():
    owner, thief = UserFactory(), UserFactory()
    credit = credit_of(owner, "20.00")

    order = order_with(credit, user=thief)

    assert [one[0] for one in intents(order)] == ["transfer"]
    assert balances(credit) == [20]


def test_a_card_in_another_currency_pays_at_the_rate_and_comes_back_whole():
    rates_are(USD="1.0837")
    user = UserFactory()
    credit = credit_of(user, "33.33", "USD")

    order = order_with(credit, price="80.00", user=user)

    paid = intents_in_short(order.number).get(gateway="store-credit").amount
    assert paid == Decimal("30.75")  # 33.33 / 1.0837, towards nothing
    left = balances(credit)[0]
    assert 0 <= left < Decimal("0.02")
    order_cancel(order=order, reason=CancelReason.CUSTOMER)
    refunds_finish()
    assert balances(credit) == [Decimal("33.33")]
    relay()
    assert verified()[0], verified()[1]


money = st.decimals("0.01", "60.00", places=2)


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    credit=money,
    points=st.integers(1, 4000),
    price=st.decimals("1.00", "90.00", places=2),
    refunds=st.lists(money, max_size=4),
    is_cancelled=st.booleans(),
)
def test_wallets_lose_what_the_order_kept_and_nothing_else(
    credit, points, price, refunds, is_cancelled
):
    user = UserFactory()
    wallets = [credit_of(user, str(credit)), points_of(user, points)]
    order = order_with(*wallets, price=str(price), user=user)
    for intent in intents_in_short(order.number).filter(gateway="transfer"):
        intent_capture(intent=intent_open(intent=intent))
    relay()
    for number, amount in enumerate(refunds):
        try:
            order_refund(
                order=order, amount=amount, reason="x", key=f"{order.number}-{number}", user=None
            )
        except RefundTooLarge:
            continue
        refunds_finish()
    if is_cancelled:
        order_cancel(order=Order.objects.get(pk=order.pk), reason=CancelReason.OPERATOR)
        refunds_finish()

    rows = list(intents_in_short(order.number))
    assert sum(one.amount for one in rows) == order.total_incl_tax
    kept = {one.gateway: one.amount_captured - one.amount_refunded for one in rows}
    lost = {
        "store-credit": credit - balances(wallets[0])[0],
        "points": points - balances(wallets[1])[0],
    }
    assert lost["store-credit"] == kept.get("store-credit", 0)
    assert 0 <= lost["points"] * Decimal("0.01") - kept.get("points", Decimal(0)) < Decimal("0.02")
    if is_cancelled:
        assert balances(*wallets) == [credit, points]
    for wallet in Wallet.objects.all():
        assert wallet.balance == sum(wallet.entries.values_list("amount", flat=True))


def test_a_member_who_wishes_gets_store_credit_for_a_return(client):
    user = UserFactory()
    points = points_of(user, 500)
    order = order_with(points, price="40.00", user=user)
    intent_capture(
        intent=intent_open(intent=intents_in_short(order.number).get(gateway="transfer"))
    )
    relay()
    order_pack(order=order)
    order_ship(order=order, carrier="DHL", tracking_number="1")
    order_deliver(order=order)
    relay()
    assert balances(points) == [39]  # one for each euro that was paid, none for the points
    client.force_login(user)
    line, url = order.lines.get(), reverse("customer:return-ask", args=[order.number])
    said = {f"units_{line.pk}": 1, f"reason_{line.pk}": "mind", "key": uuid4(), "wish": "credit"}
    assert client.post(url, said).status_code == 302
    back = Return.objects.get()
    assert back.wish == Wish.CREDIT
    clerk = UserFactory(is_staff=True, is_superuser=True)
    return_approve(back=back, user=clerk)
    return_receive(back=back, user=clerk)
    return_inspect(back=back, found={back.lines.get().pk: Found(restock=1)}, user=clerk)

    back = return_refund(back=back, amount=order.total_incl_tax, user=clerk, as_credit=True)
    for _twice in range(2):
        refunds_finish()
    relay()

    credit = Wallet.objects.get(owner=user, kind="credit")
    assert credit.balance == order.total_incl_tax - 5
    assert balances(points) == [500]  # what paid is back, what was earned is gone
    mails = Mail.objects.filter(kind="order_refunded").values_list("text", flat=True)
    assert any("store credit. You can use it" in text for text in mails)
    assert verified()[0], verified()[1]
