"""Paying with a wallet, and giving it back."""

import datetime as dt
from decimal import ROUND_DOWN, Decimal

from django.db.models import Q, Sum
from django.utils import timezone

from payments.models import PaymentIntent, Refund, RefundState
from payments.wallets.locks import wallet_lock
from payments.wallets.models import (
    EntryReason,
    GiftCard,
    Wallet,
    WalletEntry,
    WalletUse,
)
from payments.wallets.services.booking import exchange_book
from payments.wallets.services.entries import entry_add, wallet_end, wallet_take
from payments.wallets.worth import Tender, smallest
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO

GRACE = dt.timedelta(days=90)  # what comes back to a wallet can be used at least so long


def tenders_take(*, tenders: list[Tender], order_number: str) -> None:
    """Take what the wallets pay, by key. Inside the transaction that writes the order; see `wallet_take`."""
    for tender in sorted(tenders, key=lambda one: one.wallet_id):
        wallet_take(
            wallet_id=tender.wallet_id,
            units=tender.units,
            key=f"spent:{order_number}:{tender.wallet_id}",
            order_number=order_number,
        )


def use_write(*, intent: PaymentIntent, tender: Tender) -> WalletUse:
    """Say which wallet stands behind an intent. Inside the same transaction."""
    use = WalletUse.objects.create(intent=intent, wallet_id=tender.wallet_id, units=tender.units)
    key = f"spent:{intent.order_number}:{tender.wallet_id}"
    _exchange(intent, WalletEntry.objects.select_related("wallet").get(key=key), -intent.amount)
    return use


@retry_on_conflict
def wallet_give_back(*, intent: PaymentIntent, key: str) -> Decimal:
    """Put what the refund ``key`` sends back into the wallet that paid; the units. Safe to repeat.

    Of all that an intent sent back the wallet has the same share of its units, rounded down, and the
    whole of them once all of it went back: so that parts never add up to more or less. What paid for
    an exchange is not back; what of the exchange is sent back is.
    """
    use = WalletUse.objects.get(intent=intent)
    wallet = wallet_lock(use.wallet_id)
    use = WalletUse.objects.get(pk=use.pk)
    back = _units_back(use, wallet, intent, key)
    units = back - use.units_back
    if units <= ZERO:
        return ZERO
    _open_again(wallet)
    is_new = entry_add(
        wallet=wallet,
        amount=units,
        reason=EntryReason.RETURNED,
        key=f"refund:{key}",
        order_number=intent.order_number,
    )
    if not is_new:
        return ZERO
    use.units_back = back
    use.save(update_fields=["units_back"])
    entry = WalletEntry.objects.select_related("wallet").get(key=f"refund:{key}")
    _exchange(intent, entry, Refund.objects.get(key=key).amount)
    if GiftCard.objects.filter(wallet=wallet, voided_at__isnull=False).exists():
        _take_again(wallet, units, key)
    return units


def _exchange(intent: PaymentIntent, entry: WalletEntry, amount: Decimal) -> None:
    """Only where the wallet is in another currency than the order."""
    exchange_book(entry.wallet, entry, amount=amount, currency=intent.currency)


def _take_again(wallet: Wallet, units: Decimal, key: str) -> None:
    """The order that bought the card ended meanwhile, so what comes back to it ends too."""
    entry_add(wallet=wallet, amount=-units, reason=EntryReason.TAKEN, key=f"taken:refund:{key}")
    wallet_end(wallet)


def _units_back(use: WalletUse, wallet: Wallet, intent: PaymentIntent, key: str) -> Decimal:
    """With this refund and those that are done."""
    mine = Q(intent=intent) | Q(intent__origin=intent)
    sent = Refund.objects.filter(mine, state=RefundState.DONE, target="").exclude(key=key)
    before = sent.aggregate(total=Sum("amount"))["total"] or ZERO
    amount = before + Refund.objects.get(key=key).amount
    if amount >= intent.amount_captured:
        return use.units
    share = use.units * amount / intent.amount_captured
    return share.quantize(smallest(wallet), rounding=ROUND_DOWN)


def _open_again(wallet: Wallet) -> None:
    """Money that comes back to a wallet whose time is over, or nearly, can still be used."""
    if wallet.expires_at is not None:
        wallet.expires_at = max(wallet.expires_at, timezone.now() + GRACE)
