"""Reading wallets."""

from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.db.models import F, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from payments.ledger.accounts import Role
from payments.ledger.models import Entry
from payments.models import PaymentIntent
from payments.wallets.codes import code_hash
from payments.wallets.models import (
    EntryReason,
    Wallet,
    WalletEntry,
    WalletKind,
    WalletState,
    WalletUse,
)
from shop.core.money import ZERO, exponent, rounded


def wallets_of(user_id: int) -> QuerySet[Wallet]:
    """A member's, with entries newest first. Two queries."""
    entries = WalletEntry.objects.order_by("-at", "-pk")
    return Wallet.objects.filter(owner=user_id).prefetch_related(Prefetch("entries", entries))


def wallets_usable(*, user_id: int | None, card_ids: Iterable[int] = ()) -> list[Wallet]:
    """What somebody can pay with now: their own, and the cards whose codes they gave. One query."""
    own = Q(owner=user_id) if user_id else Q(pk__in=[])
    given = Q(pk__in=list(card_ids), kind="gift_card", owner__isnull=True)
    good = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    rows = Wallet.objects.filter(own | given).filter(good, state=WalletState.ACTIVE, balance__gt=0)
    return list(rows.order_by("pk"))


def card_by_code(code: str) -> Wallet | None:
    """The gift card with this code, whatever its state."""
    return Wallet.objects.select_related("card").filter(code_hash=code_hash(code)).first()


def uses_of(intents: Iterable[PaymentIntent]) -> dict[int, WalletUse]:
    """By intent: which wallet stands behind it. One query."""
    ids = [intent.pk for intent in intents]
    return {
        use.intent_id: use
        for use in WalletUse.objects.filter(intent__in=ids).select_related("wallet")
    }


def gifts_of(owner_id: int) -> QuerySet[WalletEntry]:
    """What the shop gave a member as store credit. Adds ``kept``: less what was taken back of it."""
    return _kept(WalletEntry.objects.filter(wallet__owner=owner_id, reason=EntryReason.GIVEN))


def gifts_left(wallet: Wallet) -> dict[int, Decimal]:
    """By entry: what is still there of each gift of store credit. One query.

    The oldest credit is spent first, whether it was a gift or a refund: what is there is what came last. What came
    back from an order makes up for what was spent on it.
    """
    came = wallet.entries.filter(reason__in=(EntryReason.GIVEN, EntryReason.REFUNDED))
    left, found = wallet.balance, {}
    for entry in _kept(came).order_by("-pk"):
        units = min(entry.kept, left)
        left -= units
        if entry.reason == EntryReason.GIVEN:
            found[entry.pk] = units
    return found


def _kept(rows: QuerySet[WalletEntry]) -> QuerySet[WalletEntry]:
    return rows.annotate(kept=F("amount") + Coalesce(Sum("taken_back__amount"), ZERO))


def points_in_books() -> tuple[Decimal, Decimal, Decimal]:
    """What all points pay now, what the books owe for them, and by how much the two may differ.

    In the shop's own currency. Each movement is booked to the coin, so with points that do not pay
    exactly one it may be off by a point and a coin.
    """
    own, worth = settings.OSCAR_DEFAULT_CURRENCY, settings.STORE_POINT_WORTH
    points = Wallet.objects.filter(kind=WalletKind.POINTS)
    total = points.aggregate(total=Sum("balance"))["total"] or ZERO
    booked = Entry.objects.filter(account__role=Role.POINTS, transaction__currency=own)
    owed = -(booked.aggregate(total=Sum("amount"))["total"] or ZERO)
    coin = exponent(own)
    if worth == coin:
        return rounded(total * worth, own), owed, ZERO
    moves = WalletEntry.objects.filter(wallet__kind=WalletKind.POINTS).count()
    return rounded(total * worth, own), owed, moves * (worth + coin)
