"""Steps of gift cards, store credit and points."""

from decimal import Decimal

from django.utils import timezone

from orders.services import order_cancel
from orders.states import CancelReason
from payments.wallets.codes import code_said
from payments.wallets.models import Wallet, WalletState
from payments.wallets.services import (
    card_keep,
    card_resend,
    cards_void,
    credit_take_back,
    wallet_block,
    wallet_unblock,
    wallets_expire,
)
from shop.core.outbox import relay
from tests.factories import UserFactory
from tests.sales import refunds_finish
from tests.steps.scenes import Stage, scene
from tests.wallets.support import balances, card_of, credit_of, order_with

STATES, BESIDE = "Stored value: states", "Stored value: beside its states"


def is_now(wallet: Wallet, state: WalletState) -> None:
    assert Wallet.objects.get(pk=wallet.pk).state == state


@scene(STATES, "issue")
def issue(_stage: Stage):
    yield None
    is_now(card_of(), WalletState.ACTIVE)


@scene(STATES, "block")
def block(_stage: Stage):
    card = card_of()
    yield None
    assert wallet_block(wallet_id=card.pk, because="stolen") is True
    assert wallet_block(wallet_id=card.pk, because="stolen") is False
    is_now(card, WalletState.BLOCKED)


@scene(STATES, "unblock")
def unblock(_stage: Stage):
    card = card_of()
    wallet_block(wallet_id=card.pk, because="stolen")
    yield None
    assert wallet_unblock(wallet_id=card.pk) is True
    assert wallet_unblock(wallet_id=card.pk) is False
    is_now(card, WalletState.ACTIVE)


@scene(STATES, "end")
def end(_stage: Stage):
    good, blocked = card_of(), card_of()
    wallet_block(wallet_id=blocked.pk, because="stolen")
    yield None
    for card in (good, blocked):
        assert cards_void(card_id=card.card.pk) == 1
        assert cards_void(card_id=card.card.pk) == 0
        is_now(card, WalletState.CLOSED)


@scene(STATES, "come back")
def come_back(_stage: Stage):
    card = card_of("30.00")
    order = order_with(card, price="10.00")
    Wallet.objects.update(expires_at=timezone.now())
    wallets_expire()
    is_now(card, WalletState.CLOSED)
    yield order
    order_cancel(order=order, reason=CancelReason.CUSTOMER)
    refunds_finish()
    is_now(card, WalletState.ACTIVE)


@scene(BESIDE, "give credit")
def give_credit(_stage: Stage):
    yield None
    assert balances(credit_of(UserFactory(), "5.00")) == [5]


@scene(BESIDE, "take credit back")
def take_credit_back(_stage: Stage):
    wallet = credit_of(UserFactory(), "5.00")
    gift = wallet.entries.get()
    yield None
    credit_take_back(entry_id=gift.pk, amount=Decimal(5), key="back", note="Wrong member")
    assert balances(wallet) == [0]


@scene(BESIDE, "mail again")
def mail_again(_stage: Stage):
    card = card_of()
    yield None
    assert card_resend(card_id=card.card.pk, email="lin@other.example") is True


@scene(BESIDE, "put into an account")
def put_into_an_account(_stage: Stage):
    card, user = card_of(), UserFactory()
    yield None
    assert card_keep(code=code_said(card), user=user).owner == user


@scene(BESIDE, "pay with it")
def pay_with_it(_stage: Stage):
    card = card_of("80.00")
    yield None
    order = order_with(card, price="10.00")
    assert balances(card) == [80 - order.total_incl_tax]
    relay()
    return order


@scene(BESIDE, "run out")
def run_out(_stage: Stage):
    card = card_of()
    Wallet.objects.update(expires_at=timezone.now())
    yield None
    assert wallets_expire() == 1
    assert balances(card) == [0]
