"""Gift cards: issued for what was paid, mailed on their day, taken back with their order."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from payments.wallets.codes import code_hash, code_of_key, code_said
from payments.wallets.links import card_url
from payments.wallets.locks import wallet_lock
from payments.wallets.models import EntryReason, GiftCard, Wallet, WalletKind, WalletState
from payments.wallets.services.entries import entry_add, wallet_end
from shop.core.locks import retry_on_conflict
from shop.core.mail import mail_queue

YEARS_VALID = 3  # from the end of the year of sale
MAILS_AT_MOST = 20


@dataclass(frozen=True)
class GiftWishes:
    """What the buyer said on the product page. ``send_on`` None: at once."""

    recipient_name: str
    recipient_email: str
    sender_name: str
    message: str
    send_on: dt.date | None


@retry_on_conflict
def card_issue(
    *,
    order_line_id: int,
    order_number: str,
    place: int,
    amount: Decimal,
    currency: str,
    language: str,
    wishes: GiftWishes,
) -> GiftCard:
    """Make the card of one unit that was paid. The same unit again gives the same card."""
    known = GiftCard.objects.filter(order_line=order_line_id, place=place).first()
    if known:
        return known
    now, key = timezone.now(), uuid4()
    code = code_of_key(key)
    wallet = Wallet.objects.create(
        kind=WalletKind.GIFT_CARD,
        currency=currency,
        expires_at=_valid_until(now),
        key=key,
        code_hash=code_hash(code),
        code_tail=code[-4:],
    )
    entry_add(
        wallet=wallet,
        amount=amount,
        reason=EntryReason.SOLD,
        key=f"sold:{order_line_id}:{place}",
        order_number=order_number,
    )
    return GiftCard.objects.create(
        wallet=wallet,
        order_line_id=order_line_id,
        place=place,
        initial=amount,
        recipient_name=wishes.recipient_name,
        recipient_email=wishes.recipient_email,
        sender_name=wishes.sender_name,
        message=wishes.message,
        language=language,
        send_at=_send_at(wishes.send_on, now),
    )


def cards_send_due(*, limit: int = 200) -> int:
    """Mail what is due; each once, whoever calls how often. Returns how many."""
    due = GiftCard.objects.filter(
        sent_at__isnull=True,
        voided_at__isnull=True,
        send_at__lte=timezone.now(),
        wallet__state=WalletState.ACTIVE,
    )
    ids = due.order_by("send_at", "pk").values_list("pk", flat=True)[:limit]
    return sum(card_send(card_id=pk) for pk in ids)


@transaction.atomic
def card_send(*, card_id: int) -> bool:
    """Queue the first mail of a card. False: it was sent or taken back already."""
    claimed = GiftCard.objects.filter(pk=card_id, sent_at__isnull=True, voided_at__isnull=True)
    return _mail_claimed(claimed, card_id)


@transaction.atomic
def card_resend(*, card_id: int, email: str = "") -> bool:
    """Mail it once more, or before its day, and to another address if one is given.

    False for one that was taken back or blocked, or mailed often. A card whose code the shop cannot
    say any more gets a new one.
    """
    if not Wallet.objects.filter(card=card_id, state=WalletState.ACTIVE).exists():
        return False
    claimed = GiftCard.objects.filter(pk=card_id, voided_at__isnull=True, mails__lt=MAILS_AT_MOST)
    return _mail_claimed(claimed, card_id, email)


def _mail_claimed(claimed: QuerySet[GiftCard], card_id: int, email: str = "") -> bool:
    """One conditional update decides who mails it; its condition looks at the card's own row alone."""
    news = {"recipient_email": email} if email else {}
    moved = claimed.update(sent_at=timezone.now(), mails=F("mails") + 1, **news)
    if moved:
        _mail(GiftCard.objects.select_related("wallet").get(pk=card_id))
    return bool(moved)


def _mail(card: GiftCard) -> None:
    mail_queue(
        key=f"gift-card:{card.pk}:{card.mails}",
        kind="gift_card",
        to=card.recipient_email,
        language=card.language,
        reference=f"gift card {card.pk}",
        context={
            "card": card,
            "code": _code(card.wallet),
            "url": card_url(card),
            "until": timezone.localtime(card.wallet.expires_at),
            "shop_url": settings.PUBLIC_URL,
        },
    )


def _code(wallet: Wallet) -> str:
    """The card's; a new one where it cannot be said any more."""
    said = code_said(wallet)
    if said:
        return said
    wallet = wallet_lock(wallet.pk)
    wallet.key = uuid4()
    code = code_of_key(wallet.key)
    wallet.code_hash, wallet.code_tail = code_hash(code), code[-4:]
    wallet.save(update_fields=["key", "code_hash", "code_tail"])
    return code


@retry_on_conflict
def cards_void(*, order_line_ids: Collection[int] = (), card_id: int | None = None) -> int:
    """End cards whose order ended: what is left on them is gone. Returns how many ended now.

    What was spent of a card and comes back to it later ends with it: see `wallet_give_back`.
    """
    rows = GiftCard.objects.filter(voided_at__isnull=True)
    rows = rows.filter(pk=card_id) if card_id else rows.filter(order_line__in=order_line_ids)
    ended = 0
    for card in rows.order_by("wallet_id"):
        wallet = wallet_lock(card.wallet_id)
        if wallet.balance:
            entry_add(
                wallet=wallet,
                amount=-wallet.balance,
                reason=EntryReason.TAKEN,
                key=f"taken:{card.pk}",
            )
        wallet_end(wallet)
        ended += GiftCard.objects.filter(pk=card.pk, voided_at__isnull=True).update(
            voided_at=timezone.now()
        )
    return ended


def _send_at(send_on: dt.date | None, now: dt.datetime) -> dt.datetime:
    if send_on and send_on > timezone.localdate():
        return timezone.make_aware(dt.datetime.combine(send_on, dt.time(8)))
    return now


def _valid_until(now: dt.datetime) -> dt.datetime:
    local = timezone.localtime(now)
    evening = {"hour": 23, "minute": 59, "second": 59, "microsecond": 0}
    return local.replace(year=local.year + YEARS_VALID, month=12, day=31, **evening)
