"""What a wallet pays in the currency of an order, to the smallest coin.

Wallets are used up in this order: points, which run out soonest; gift cards, the first to expire
first; store credit. What they leave is paid another way. Money goes back in the opposite order, see
docs/wallets.md.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.conf import settings

from catalog.exchange.rates import Exchange, exchange_of
from payments.wallets.models import Wallet, WalletKind
from shop.core.money import ZERO, exponent, rounded_down

RANK = (WalletKind.POINTS, WalletKind.GIFT_CARD, WalletKind.CREDIT)
LAST_DAY = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Tender:
    """``units`` of a wallet for ``amount`` of an order, in the order's currency."""

    wallet_id: int
    kind: str
    tail: str
    amount: Decimal
    units: Decimal

    @property
    def name(self) -> str:
        label = str(WalletKind(self.kind).label)
        return f"{label} …{self.tail}" if self.tail else label


def tenders_of(wallets: Iterable[Wallet], *, total: Decimal, exchange: Exchange) -> list[Tender]:
    """How these wallets pay for ``total`` of ``exchange.currency``; those that pay nothing are left out."""
    left, tenders = total, []
    for wallet in sorted(wallets, key=_place):
        amount = min(worth(wallet, exchange), left)
        if amount <= ZERO:
            continue
        left -= amount
        tenders.append(
            Tender(
                wallet_id=wallet.pk,
                kind=wallet.kind,
                tail=wallet.code_tail,
                amount=amount,
                units=units_for(wallet, amount, exchange),
            )
        )
    return tenders


def worth(wallet: Wallet, exchange: Exchange) -> Decimal:
    """All that the wallet can pay of an order in ``exchange.currency``; 0 if it cannot be used."""
    if not wallet.is_usable:
        return ZERO
    return rounded_down(wallet.balance * _factor(wallet, exchange), exchange.currency)


def units_for(wallet: Wallet, amount: Decimal, exchange: Exchange) -> Decimal:
    """What leaves the wallet for ``amount``: its smallest units, up, and never more than it has."""
    exact = amount / _factor(wallet, exchange)
    return min(exact.quantize(smallest(wallet), rounding=ROUND_CEILING), wallet.balance)


def smallest(wallet: Wallet) -> Decimal:
    return exponent(wallet.currency) if wallet.currency else Decimal(1)


def points_worth(points: Decimal, exchange: Exchange) -> Decimal:
    """What so many points pay."""
    factor = settings.STORE_POINT_WORTH * exchange.rate
    return rounded_down(points * factor, exchange.currency)


def _factor(wallet: Wallet, exchange: Exchange) -> Decimal:
    """Units of the order's currency for one of the wallet."""
    if not wallet.currency:
        return settings.STORE_POINT_WORTH * exchange.rate
    if wallet.currency == exchange.currency:
        return Decimal(1)
    return exchange.rate / exchange_of(wallet.currency).rate


def _place(wallet: Wallet) -> tuple[int, dt.datetime, int]:
    return RANK.index(WalletKind(wallet.kind)), wallet.expires_at or LAST_DAY, wallet.pk
