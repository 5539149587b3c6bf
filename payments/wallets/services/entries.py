"""The one way in which a balance changes: a conditional update and its entry, in one transaction."""

from decimal import Decimal
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from payments.exceptions import ImpossibleStep
from payments.wallets.exceptions import WalletShort
from payments.wallets.models import WALLET_NEXT, EntryReason, Wallet, WalletEntry, WalletState
from payments.wallets.services.booking import entry_book


def wallet_move(wallet: Wallet, state: WalletState) -> None:
    """Of a wallet that is locked; the caller saves. Raises ``ImpossibleStep`` for what cannot follow."""
    if state not in WALLET_NEXT[wallet.state]:
        raise ImpossibleStep(f"wallet {wallet.pk} is {wallet.state}, it cannot become {state}")
    wallet.state = state


def wallet_end(wallet: Wallet) -> None:
    """It is empty and stays so, until money comes back to it. Of a wallet that is locked; twice is once."""
    if wallet.state != WalletState.CLOSED:
        wallet_move(wallet, WalletState.CLOSED)
        wallet.save(update_fields=["state"])


def wallet_take(
    *, wallet_id: int, units: Decimal, key: str, order_number: str, reason: str = EntryReason.SPENT
) -> WalletEntry:
    """Take ``units`` for an order, inside its transaction, as stock is taken: by a condition.

    Raises ``WalletShort`` if the wallet has less by now, was blocked or ran out. ``key`` must be new.
    """
    good = Wallet.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now()),
        pk=wallet_id,
        state=WalletState.ACTIVE,
        balance__gte=units,
    )
    if not good.update(balance=F("balance") - units):
        raise WalletShort(f"wallet {wallet_id} has no {units} to give")
    return WalletEntry.objects.create(
        wallet_id=wallet_id, amount=-units, reason=reason, key=key, order_number=order_number
    )


def entry_add(
    *,
    wallet: Wallet,
    amount: Decimal,
    reason: str,
    key: str,
    order_number: str = "",
    note: str = "",
    by: Any = None,
    undoes: WalletEntry | None = None,
) -> bool:
    """Add ``amount`` (signed, units of the wallet) to a wallet that is locked. False: ``key`` was booked.

    Adding to a wallet whose time is over, or that was ended, makes it usable again where money came
    back; whoever calls says until when.
    """
    if WalletEntry.objects.filter(key=key).exists():
        return False
    wallet.balance += amount
    if wallet.balance > 0 and wallet.state == WalletState.CLOSED:
        wallet_move(wallet, WalletState.ACTIVE)
    wallet.save()
    entry = WalletEntry.objects.create(
        wallet=wallet,
        amount=amount,
        reason=reason,
        key=key,
        order_number=order_number,
        note=note[:200],
        by=by,
        undoes=undoes,
    )
    entry_book(wallet, entry)
    return True
