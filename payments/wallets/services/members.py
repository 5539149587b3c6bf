"""Points: earned, taken back; what runs out; a gift card put into an account; blocking."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.wallets.codes import code_hash
from payments.wallets.exceptions import WalletRefused
from payments.wallets.locks import wallet_lock
from payments.wallets.models import EntryReason, Wallet, WalletEntry, WalletKind, WalletState
from payments.wallets.services.entries import entry_add, wallet_end, wallet_move
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO


@retry_on_conflict
def points_earn(*, owner_id: int, points: int, key: str, order_number: str) -> bool:
    """Points for an order. False: it had them. Earning keeps all of them for another while."""
    if points <= 0 or WalletEntry.objects.filter(key=key).exists():
        return False
    wallet = own_wallet(owner_id, WalletKind.POINTS, "")
    wallet.expires_at = timezone.now() + dt.timedelta(days=settings.STORE_POINTS_DAYS)
    return entry_add(
        wallet=wallet,
        amount=Decimal(points),
        reason=EntryReason.EARNED,
        key=key,
        order_number=order_number,
    )


@retry_on_conflict
def points_take_back(*, wallet_id: int, points: int, key: str, order_number: str) -> int:
    """Take points that an order should not have earned, as far as they are there. Returns how many."""
    wallet = wallet_lock(wallet_id)
    units = min(Decimal(points), wallet.balance)
    if units <= ZERO:
        return 0
    is_new = entry_add(
        wallet=wallet,
        amount=-units,
        reason=EntryReason.UNEARNED,
        key=key,
        order_number=order_number,
    )
    return int(units) if is_new else 0


@retry_on_conflict
def card_keep(*, code: str, user: Any) -> Wallet:
    """Put a gift card into a member's account: from now on only they can use it. Safe to repeat.

    Raises ``WalletRefused`` with the same words for a wrong code and for somebody else's card.
    """
    found = Wallet.objects.filter(code_hash=code_hash(code)).first()
    if found is None:
        raise WalletRefused(code_unknown())
    wallet = wallet_lock(found.pk)
    if wallet.owner_id not in (None, user.pk) or wallet.state != WalletState.ACTIVE:
        raise WalletRefused(code_unknown())
    wallet.owner = user
    wallet.save(update_fields=["owner"])
    return wallet


def code_unknown() -> str:
    return _("We know no gift card with this code that you can use. Please check it.")


@retry_on_conflict
def wallet_block(*, wallet_id: int, because: str) -> bool:
    """Nobody can pay with it until it is unblocked. False: it is blocked or ended already."""
    wallet = wallet_lock(wallet_id)
    if wallet.state != WalletState.ACTIVE:
        return False
    wallet_move(wallet, WalletState.BLOCKED)
    wallet.blocked_because = because[:200]
    wallet.save(update_fields=["state", "blocked_because"])
    return True


@retry_on_conflict
def wallet_unblock(*, wallet_id: int) -> bool:
    wallet = wallet_lock(wallet_id)
    if wallet.state != WalletState.BLOCKED:
        return False
    wallet_move(wallet, WalletState.ACTIVE)
    wallet.blocked_because = ""
    wallet.save(update_fields=["state", "blocked_because"])
    return True


def wallets_expire(*, limit: int = 500) -> int:
    """Book out what nobody used in time. Returns how many wallets ended."""
    over = Wallet.objects.filter(expires_at__lte=timezone.now(), balance__gt=0)
    over = over.order_by("expires_at", "pk")
    return sum(_expire(pk) for pk in over.values_list("pk", flat=True)[:limit])


@retry_on_conflict
def _expire(wallet_id: int) -> bool:
    wallet = wallet_lock(wallet_id)
    if not wallet.is_expired or not wallet.balance:
        return False
    entry_add(
        wallet=wallet,
        amount=-wallet.balance,
        reason=EntryReason.EXPIRED,
        key=f"expired:{wallet.pk}:{wallet.expires_at:%Y%m%d%H%M%S}",
    )
    if wallet.kind == WalletKind.GIFT_CARD:
        wallet_end(wallet)
    return True


def own_wallet(owner_id: int, kind: str, currency: str) -> Wallet:
    """The member's, locked; made if there is none."""
    facts = {"owner_id": owner_id, "kind": kind, "currency": currency}
    known = Wallet.objects.filter(**facts).first()
    if known is None:
        try:
            with transaction.atomic():
                known = Wallet.objects.create(**facts)
        except IntegrityError:  # made side by side
            known = Wallet.objects.get(**facts)
    return wallet_lock(known.pk)
