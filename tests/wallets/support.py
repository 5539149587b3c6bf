"""Wallets with something in them, and orders paid with them."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from catalog.models import Kind
from catalog.partner.strategy import Selector
from orders.basket.kinds import gift_add
from orders.models import Order
from orders.services import order_place
from payments.wallets.models import GiftCard, Wallet, WalletKind
from payments.wallets.services import credit_give, points_earn
from tests.factories import ProductFactory
from tests.kinds.support import paid, placed, product_of
from tests.sales import basket_with, checkout_of

WISHES = {
    "to_name": "Lin",
    "to_email": "lin@example.com",
    "from": "Mei",
    "message": "生日快乐 🎂",
    "send_on": "",
}


def gift_order(*, price: str = "50.00", units: int = 1, goods: Any = None, **changes: str) -> Order:
    """A paid order of gift cards, and of ``goods`` if there are any."""
    product = product_of(Kind.VOUCHER, price=price)
    basket = basket_with({goods: 1} if goods else {})
    basket.strategy = Selector().strategy()
    gift_add(basket=basket, product=product, quantity=units, wishes=WISHES | changes)
    return paid(placed(basket, is_sent=goods is not None))


def card_of(price: str = "50.00") -> Wallet:
    gift_order(price=price)
    return GiftCard.objects.select_related("wallet").latest("pk").wallet


def credit_of(user: Any, amount: str, currency: str = "EUR") -> Wallet:
    entry = credit_give(
        owner_id=user.pk, amount=Decimal(amount), currency=currency, key=str(uuid4()), note="sorry"
    )
    return entry.wallet


def points_of(user: Any, points: int) -> Wallet:
    points_earn(owner_id=user.pk, points=points, key=str(uuid4()), order_number="")
    return Wallet.objects.get(owner=user, kind=WalletKind.POINTS)


def order_with(*wallets: Wallet, price: str = "80.00", user: Any = None, **kwargs: Any) -> Order:
    """A placed order of one thing, paid with these wallets as far as they last."""
    basket = basket_with({ProductFactory(price=price, stock=9): 1}, owner=user)
    ids = tuple(one.pk for one in wallets)
    return order_place(checkout=checkout_of(basket, user=user, wallet_ids=ids, **kwargs))


def balances(*wallets: Wallet) -> list[Decimal]:
    return [Wallet.objects.get(pk=one.pk).balance for one in wallets]
