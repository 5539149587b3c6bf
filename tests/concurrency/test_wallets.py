"""Balances that several want at the same moment."""

import threading
from decimal import Decimal
from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from catalog.exchange.rates import exchange_of
from crm.accounts.roles import AGENT
from orders.services import order_cancel, order_place
from orders.states import CancelReason
from payments.services import refunds_resume
from payments.wallets.exceptions import WalletRefused
from payments.wallets.models import GiftCard, Wallet, WalletEntry
from payments.wallets.services import cards_send_due, credit, credit_give, credit_take_back
from shop.core.models import Mail
from shop.core.outbox import relay
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory, UserFactory
from tests.sales import basket_with, checkout_of
from tests.wallets.support import balances, card_of, credit_of, order_with

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S7.03", "S5.16")]


def test_a_card_pays_for_as_many_orders_at_once_as_it_can():
    card = card_of("60.00")
    lamp = ProductFactory(price="20.00", stock=9)
    checkouts = [checkout_of(basket_with({lamp: 1}), wallet_ids=(card.pk,)) for _ in range(6)]
    price = Wallet.objects.get().balance // (Decimal("20.00") + Decimal("4.90"))

    outcomes = at_once(*[partial(order_place, checkout=one) for one in checkouts])

    # Each was shown that the card pays all of it; the third who comes finds too little.
    assert kinds(outcomes) == {"Order": int(price), "PriceChanged": 6 - int(price)}
    assert balances(card) == [Decimal("60.00") - int(price) * Decimal("24.90")]
    relay()
    call_command("verify")


def test_without_the_condition_the_card_would_be_spent_more_often_than_it_can():
    """The control: who looks first and writes later loses what others wrote."""
    card, all_have_looked = card_of("60.00"), threading.Barrier(4)

    def naive() -> bool:
        balance = Wallet.objects.get(pk=card.pk).balance
        all_have_looked.wait(timeout=30)
        return bool(Wallet.objects.filter(pk=card.pk).update(balance=balance - 40))

    outcomes = at_once(*[naive] * 4)

    assert outcomes == [True] * 4  # 160 were spent
    assert balances(card) == [20]  # of 60, and 20 are left


def test_cancelling_and_refunding_side_by_side_gives_back_once():
    user = UserFactory()
    credit = credit_of(user, "50.00")
    order = order_with(credit, price="30.00", user=user)
    relay()

    at_once(
        *[partial(order_cancel, order=order, reason=CancelReason.CUSTOMER)] * 3,
        *[refunds_resume] * 2,
    )
    at_once(*[refunds_resume] * 3, relay)

    assert balances(credit) == [50]
    assert WalletEntry.objects.filter(reason="returned").count() == 1
    relay()
    call_command("verify")


def test_credit_given_at_once_is_one_wallet_and_each_key_counts_once():
    user = UserFactory()
    give = partial(credit_give, owner_id=user.pk, amount=Decimal(5), currency="EUR", note="sorry")

    at_once(*[partial(give, key="a")] * 4, *[partial(give, key="b")] * 2)

    assert Wallet.objects.get().balance == 10


def clerk_with_a_limit():
    clerk = UserFactory(is_staff=True)
    clerk.groups.add(Group.objects.get(name=AGENT))
    return clerk


def test_the_limit_of_a_clerk_holds_in_all_currencies_at_once():
    user, clerk = UserFactory(), clerk_with_a_limit()
    give = partial(
        credit_give,
        owner_id=user.pk,
        amount=Decimal(40),
        note="sorry",
        by=clerk,
        is_limited=True,
    )

    outcomes = at_once(
        *[partial(give, currency=code, key=code) for code in ("EUR", "USD", "CNY", "GBP")]
    )

    given = WalletEntry.objects.values_list("wallet__currency", "amount")
    worth = sum(exchange_of(code).back(amount) for code, amount in given)
    refused = [one for one in outcomes if isinstance(one, WalletRefused)]
    assert worth <= 50
    assert given
    assert len(refused) == 4 - len(given)
    assert not [one for one in outcomes if not isinstance(one, WalletRefused | WalletEntry)]


def test_without_the_lock_two_currencies_pass_the_limit(monkeypatch):
    """The control: both look before either has written."""
    user, clerk, both_have_looked = UserFactory(), clerk_with_a_limit(), threading.Barrier(2)
    check = credit._limit_check

    def slow(*args) -> None:
        check(*args)
        both_have_looked.wait(timeout=30)

    monkeypatch.setattr(credit, "gifts_lock", lambda owner_id: None)
    monkeypatch.setattr(credit, "_limit_check", slow)
    give = partial(credit_give, owner_id=user.pk, note="sorry", by=clerk, is_limited=True)

    outcomes = at_once(
        partial(give, amount=Decimal(50), currency="EUR", key="a"),
        partial(give, amount=Decimal(50), currency="USD", key="b"),
    )

    assert kinds(outcomes) == {"WalletEntry": 2}


def test_credit_that_is_spent_and_taken_back_at_once_is_never_both():
    user = UserFactory()
    wallet = credit_of(user, "50.00")
    gift = wallet.entries.get()
    lamp = ProductFactory(price="20.00", stock=9)
    basket = basket_with({lamp: 1}, owner=user)
    checkout = checkout_of(basket, user=user, wallet_ids=(wallet.pk,))
    take = partial(credit_take_back, entry_id=gift.pk, amount=Decimal(40), note="typo")

    outcomes = at_once(
        partial(order_place, checkout=checkout), partial(take, key="a"), partial(take, key="b")
    )

    won = kinds(outcomes)
    assert won["Order"] + won["WalletEntry"] == 1
    assert won["PriceChanged"] + won["WalletRefused"] == 2
    assert balances(wallet) in ([10], [Decimal("50.00") - Decimal("24.90")])
    relay()
    call_command("verify")


def test_a_due_card_is_mailed_once_by_four_workers():
    card_of("20.00")
    GiftCard.objects.update(sent_at=None, mails=0)
    Mail.objects.filter(kind="gift_card").delete()

    outcomes = at_once(*[cards_send_due] * 4)

    assert sum(outcomes) == 1
    assert Mail.objects.filter(kind="gift_card").count() == 1
