"""Store credit: given by the shop, and taken back."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.exchange.rates import exchange_of
from payments.wallets.exceptions import WalletRefused
from payments.wallets.locks import gifts_lock, wallet_lock
from payments.wallets.models import EntryReason, WalletEntry, WalletKind
from payments.wallets.selectors import gifts_left, gifts_of
from payments.wallets.services.entries import entry_add
from payments.wallets.services.members import own_wallet
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO, rounded, shown

GIVEN_SPAN = dt.timedelta(days=1)  # in which a clerk's gifts to one member count together


@retry_on_conflict
def credit_give(
    *,
    owner_id: int,
    amount: Decimal,
    currency: str,
    key: str,
    note: str,
    by: Any = None,
    order_number: str = "",
    reason: str = EntryReason.GIVEN,
    is_limited: bool = False,
) -> WalletEntry:
    """Give a member store credit. ``amount`` in major units of ``currency``; the same ``key`` gives once.

    ``is_limited``: no more than ``by`` may give. Raises ``WalletRefused`` for more than that, for nothing, less, or
    a fraction of the smallest coin.
    """
    if not amount.is_finite() or amount <= ZERO or rounded(amount, currency) != amount:
        raise WalletRefused(_("This is not an amount of this currency."))
    if is_limited:
        gifts_lock(owner_id)
        if not WalletEntry.objects.filter(key=key).exists():
            _limit_check(by, owner_id, amount, currency)
    wallet = own_wallet(owner_id, WalletKind.CREDIT, currency)
    entry_add(
        wallet=wallet,
        amount=amount,
        reason=reason,
        key=key,
        order_number=order_number,
        note=note,
        by=by,
    )
    return WalletEntry.objects.get(key=key)


def credit_limit_of(user: Any) -> Decimal | None:
    """The most that ``user`` may give one member in a day, in the shop's own currency; None: any amount."""
    if user.has_perm("wallets.give_any_credit"):
        return None
    return settings.STORE_CREDIT_LIMIT if user.has_perm("wallets.give_credit") else ZERO


def _limit_check(user: Any, owner_id: int, amount: Decimal, currency: str) -> None:
    """What ``user`` gave this member in the last day counts, in whatever currency, less what was taken back of it."""
    limit = credit_limit_of(user)
    if limit is None:
        return
    given = gifts_of(owner_id).filter(by=user, at__gt=timezone.now() - GIVEN_SPAN)
    given = given.values_list("kept", "wallet__currency")
    left = max(limit - sum((exchange_of(of).back(one) for one, of in given), ZERO), ZERO)
    exchange = exchange_of(currency)
    if exchange.back(amount) > left:
        raise WalletRefused(
            _(
                "You may give one member up to %(most)s a day, and %(left)s of it is left. Ask operations or finance for more."
            )
            % {
                "most": shown(exchange.amount(limit), currency),
                "left": shown(exchange.amount(left), currency),
            }
        )


@retry_on_conflict
def credit_take_back(
    *, entry_id: int, amount: Decimal, key: str, note: str, by: Any = None
) -> WalletEntry:
    """Take back ``amount`` of a gift of store credit; the same ``key`` takes once.

    ``amount`` in major units of the wallet's currency. Raises ``WalletRefused`` for more than is left of the gift
    (see `gifts_left`), for nothing, less, or a fraction of the smallest coin; ``DoesNotExist`` for what was no gift.
    """
    gift = WalletEntry.objects.get(pk=entry_id, reason=EntryReason.GIVEN)
    wallet = wallet_lock(gift.wallet_id)
    if known := WalletEntry.objects.filter(key=key, wallet=wallet).first():
        return known
    if not amount.is_finite() or amount <= ZERO or rounded(amount, wallet.currency) != amount:
        raise WalletRefused(_("This is not an amount of this currency."))
    left = gifts_left(wallet)[gift.pk]
    if not left:
        raise WalletRefused(_("Nothing of it is left: it was spent or taken back already."))
    if amount > left:
        raise WalletRefused(
            _("Only %(left)s of it is left: the rest was spent or taken back already.")
            % {"left": shown(left, wallet.currency)}
        )
    entry_add(
        wallet=wallet,
        amount=-amount,
        reason=EntryReason.WITHDRAWN,
        key=key,
        order_number=gift.order_number,
        note=note,
        by=by,
        undoes=gift,
    )
    return WalletEntry.objects.get(key=key)
