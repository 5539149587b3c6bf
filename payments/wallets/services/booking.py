"""What a movement of a wallet is in the books; in the transaction of the movement.

What is paid with a wallet and what comes back to it is booked with its payment (`payments.services.booking`);
here is the rest: cards that are issued, credit and points that are given, what runs out or is taken back.
Points are booked with what they pay, in the shop's own currency.
"""

from decimal import Decimal

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from payments.ledger.accounts import (
    BREAKAGE,
    GIFT_CARDS,
    GIFT_SOLD,
    GOODWILL,
    POINTS,
    POINTS_COST,
    ROUNDING,
    STORE_CREDIT,
    AccountKey,
)
from payments.ledger.models import EventKind, Transaction
from payments.ledger.services import transaction_book
from payments.wallets.models import EntryReason, Wallet, WalletEntry, WalletKind
from payments.wallets.selectors import points_in_books
from shop.core.money import ZERO, rounded

OWED: dict[str, AccountKey] = {
    WalletKind.GIFT_CARD: GIFT_CARDS,
    WalletKind.CREDIT: STORE_CREDIT,
    WalletKind.POINTS: POINTS,
}
#: Against what, and as what, by the reason of the entry.
AGAINST: dict[str, tuple[AccountKey, EventKind]] = {
    EntryReason.SOLD: (GIFT_SOLD, EventKind.STORED_ISSUED),
    EntryReason.TAKEN: (GIFT_SOLD, EventKind.STORED_ISSUED),
    EntryReason.GIVEN: (GOODWILL, EventKind.STORED_ISSUED),
    EntryReason.WITHDRAWN: (GOODWILL, EventKind.STORED_ISSUED),
    EntryReason.EARNED: (POINTS_COST, EventKind.STORED_ISSUED),
    EntryReason.UNEARNED: (POINTS_COST, EventKind.STORED_ISSUED),
    EntryReason.EXPIRED: (BREAKAGE, EventKind.STORED_EXPIRED),
}


def entry_book(wallet: Wallet, entry: WalletEntry) -> None:
    """Nothing for what a payment or a refund books, and for points that are worth no coin."""
    if entry.reason not in AGAINST:
        return
    account, kind = AGAINST[EntryReason(entry.reason)]
    currency, amount = money_of(wallet, entry.amount)
    if amount == ZERO:
        return
    transaction_book(
        key=f"wallet:{entry.pk}",
        kind=kind,
        currency=currency,
        entries=[(OWED[wallet.kind], -amount), (account, amount)],
        order_number=entry.order_number,
        happened_at=entry.at,
        memo=entry.note,
        user=entry.by,
    )


def exchange_book(wallet: Wallet, entry: WalletEntry, *, amount: Decimal, currency: str) -> None:
    """A wallet of another currency pays ``amount``, or gets it back: what is owed changes currency.

    ``amount`` has the sign of the entry. The difference of rates stays on the account for rounding.
    """
    own, units = money_of(wallet, entry.amount)
    if own == currency:
        return
    for code, moved in ((own, -units), (currency, amount)):
        if moved:
            transaction_book(
                key=f"wallet:{entry.pk}:{code}",
                kind=EventKind.STORED_SPENT if entry.amount < 0 else EventKind.STORED_RETURNED,
                currency=code,
                entries=[(OWED[wallet.kind], moved), (ROUNDING, -moved)],
                order_number=entry.order_number,
                happened_at=entry.at,
                memo=f"{own} → {currency}",
            )


def money_of(wallet: Wallet, units: Decimal) -> tuple[str, Decimal]:
    """The wallet's currency and what so many units are in it; points in the shop's own."""
    if wallet.currency:
        return wallet.currency, units
    own = settings.OSCAR_DEFAULT_CURRENCY
    return own, rounded(units * settings.STORE_POINT_WORTH, own)


def entries_catch_up() -> int:
    """Book the movements that are not in the books: gift cards from before there was a ledger."""
    key = Concat(Value("wallet:"), Cast("pk", CharField()), output_field=CharField())
    booked = Transaction.objects.filter(key=OuterRef("ledger_key"))
    rows = WalletEntry.objects.filter(reason__in=AGAINST).annotate(ledger_key=key)
    missing = list(rows.filter(~Exists(booked)).select_related("wallet", "by").order_by("pk"))
    for entry in missing:
        entry_book(entry.wallet, entry)
    return len(missing) + points_revalue()


def points_revalue() -> int:
    """After another ``POINT_WORTH``: owe for the points that are there what they pay now. 1 or 0."""
    held, owed, slack = points_in_books()
    if abs(held - owed) <= slack:
        return 0
    now = timezone.now()
    transaction_book(
        key=f"points-worth:{now:%Y%m%d%H%M%S%f}",
        kind=EventKind.STORED_ISSUED,
        currency=settings.OSCAR_DEFAULT_CURRENCY,
        entries=[(POINTS, owed - held), (POINTS_COST, held - owed)],
        happened_at=now,
        memo=f"{settings.STORE_POINT_WORTH}",
    )
    return 1
