"""Issuing, mailing, voiding and releasing gift vouchers."""

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from promotions.gifts.links import gift_url
from promotions.gifts.models import GiftBenefit, GiftCondition, GiftState, GiftVoucher
from promotions.locks import vouchers_lock
from promotions.offer.models import Benefit, Condition, ConditionalOffer
from promotions.voucher.models import Voucher, VoucherApplication
from shop.core.locks import retry_on_conflict
from shop.core.mail import mail_queue

ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"  # as in order numbers: read aloud without a mistake
GROUPS, GROUP = 4, 4  # 25 ** 16: nobody guesses one, and guesses are slowed down
YEARS_VALID = 3  # from the end of the year of sale
LAST = -10_000  # Oscar's priority: after every other offer
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
def gift_issue(
    *,
    order_line_id: int,
    place: int,
    amount: Decimal,
    currency: str,
    language: str,
    wishes: GiftWishes,
) -> GiftVoucher:
    """Make the code of one unit that was paid. The same unit again gives the same voucher."""
    known = GiftVoucher.objects.filter(order_line=order_line_id, place=place).first()
    if known:
        return known
    now = timezone.now()
    send_at = now
    if wishes.send_on and wishes.send_on > timezone.localdate():
        morning = dt.datetime.combine(wishes.send_on, dt.time(8))
        send_at = timezone.make_aware(morning)
    return GiftVoucher.objects.create(
        order_line_id=order_line_id,
        place=place,
        voucher=_voucher_new(amount, now),
        initial=amount,
        currency=currency,
        recipient_name=wishes.recipient_name,
        recipient_email=wishes.recipient_email,
        sender_name=wishes.sender_name,
        message=wishes.message,
        language=language,
        send_at=send_at,
    )


def _voucher_new(amount: Decimal, now: dt.datetime) -> Voucher:
    code = code_new()
    condition = Condition.objects.filter(proxy_class=GiftCondition.proxy_path).first()
    offer = ConditionalOffer.objects.create(
        name=f"Gift voucher {code}",
        name_en=f"Gift voucher {code}",
        name_zh_hans=f"礼品卡 {code}",
        offer_type=ConditionalOffer.VOUCHER,
        condition=condition or Condition.objects.create(proxy_class=GiftCondition.proxy_path),
        benefit=Benefit.objects.create(proxy_class=GiftBenefit.proxy_path, value=amount),
        exclusive=False,
        max_basket_applications=1,
        priority=LAST,
    )
    voucher = Voucher.objects.create(
        name=f"Gift voucher {code}",
        code=code,
        usage=Voucher.SINGLE_USE,
        start_datetime=now,
        end_datetime=_valid_until(now),
    )
    voucher.offers.add(offer)
    return voucher


def code_new() -> str:
    """``GV-7F3K-9QPM-…``, used by nobody yet."""
    while True:
        groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
        code = "-".join(["GV", *groups])
        if not Voucher.objects.filter(code=code).exists():
            return code


def _valid_until(now: dt.datetime) -> dt.datetime:
    local = timezone.localtime(now)
    evening = {"hour": 23, "minute": 59, "second": 59, "microsecond": 0}
    return local.replace(year=local.year + YEARS_VALID, month=12, day=31, **evening)


def gifts_send_due(*, limit: int = 200) -> int:
    """Mail what is due; each once, whoever calls how often. Returns how many."""
    due = GiftVoucher.objects.filter(state=GiftState.WAITING, send_at__lte=timezone.now())
    return sum(
        gift_send(gift_id=pk) for pk in due.order_by("send_at").values_list("pk", flat=True)[:limit]
    )


@transaction.atomic
def gift_send(*, gift_id: int) -> bool:
    """Queue the first mail of a voucher. False: it is sent, used or void already."""
    claimed = GiftVoucher.objects.filter(pk=gift_id, state=GiftState.WAITING).update(
        state=GiftState.SENT, sent_at=timezone.now(), mails=F("mails") + 1
    )
    if claimed:
        _mail(GiftVoucher.objects.select_related("voucher").get(pk=gift_id))
    return bool(claimed)


@transaction.atomic
def gift_resend(*, gift_id: int) -> bool:
    """Mail it once more (or before its day). False for one that is used or void, or mailed often."""
    claimed = GiftVoucher.objects.filter(
        pk=gift_id, state__in=(GiftState.WAITING, GiftState.SENT), mails__lt=MAILS_AT_MOST
    ).update(state=GiftState.SENT, sent_at=timezone.now(), mails=F("mails") + 1)
    if claimed:
        _mail(GiftVoucher.objects.select_related("voucher").get(pk=gift_id))
    return bool(claimed)


def _mail(gift: GiftVoucher) -> None:
    mail_queue(
        key=f"gift:{gift.pk}:{gift.mails}",
        kind="gift_voucher",
        to=gift.recipient_email,
        language=gift.language,
        reference=f"gift {gift.pk}",
        context={
            "gift": gift,
            "url": gift_url(gift),
            "until": timezone.localtime(gift.voucher.end_datetime),
            "shop_url": settings.PUBLIC_URL,
        },
    )


@retry_on_conflict
def gifts_void(*, order_line_ids: Collection[int] = (), gift_id: int | None = None) -> int:
    """Kill codes that nobody has used. Used ones stay used, and die if that use is undone.

    Returns how many became void.
    """
    rows = GiftVoucher.objects.filter(voided_at__isnull=True)
    rows = rows.filter(pk=gift_id) if gift_id else rows.filter(order_line__in=order_line_ids)
    vouchers = vouchers_lock(rows.values_list("voucher_id", flat=True))
    now = timezone.now()
    void = 0
    for gift in GiftVoucher.objects.filter(voucher__in=vouchers).order_by("pk"):
        if gift.state != GiftState.USED:
            _kill(gift, now)
            void += 1
        GiftVoucher.objects.filter(pk=gift.pk).update(voided_at=now)
    return void


def _kill(gift: GiftVoucher, now: dt.datetime) -> None:
    GiftVoucher.objects.filter(pk=gift.pk).update(state=GiftState.VOID)
    Voucher.objects.filter(pk=gift.voucher_id).update(end_datetime=now)


def gift_use(*, voucher: Voucher) -> None:
    """An order is being written that this voucher pays for. Inside that transaction."""
    GiftVoucher.objects.filter(voucher=voucher).update(state=GiftState.USED)


@retry_on_conflict
def gifts_release(*, order_id: int) -> int:
    """The order that they paid for has ended: their codes work again. Returns how many."""
    uses = VoucherApplication.objects.filter(order=order_id, voucher__gift__isnull=False)
    vouchers = vouchers_lock(uses.values_list("voucher_id", flat=True))
    released, _models = VoucherApplication.objects.filter(
        order=order_id, voucher__in=vouchers
    ).delete()
    now = timezone.now()
    for gift in GiftVoucher.objects.filter(voucher__in=vouchers).order_by("pk"):
        Voucher.objects.filter(pk=gift.voucher_id).update(num_orders=F("num_orders") - 1)
        if gift.voided_at:
            _kill(gift, now)
        else:
            state = GiftState.SENT if gift.sent_at else GiftState.WAITING
            GiftVoucher.objects.filter(pk=gift.pk).update(state=state)
    return released


@retry_on_conflict
def gifts_take_again(*, order_id: int, voucher_ids: Collection[int], user_id: int | None) -> bool:
    """An order that had ended goes on. False if a code was used or voided meanwhile."""
    gifts = GiftVoucher.objects.filter(voucher__in=voucher_ids)
    vouchers = vouchers_lock(gifts.values_list("voucher_id", flat=True))
    for voucher in vouchers.values():
        if voucher.applications.exists() or not voucher.is_active():
            return False
    for voucher in vouchers.values():
        VoucherApplication.objects.create(voucher=voucher, order_id=order_id, user_id=user_id)
        Voucher.objects.filter(pk=voucher.pk).update(num_orders=F("num_orders") + 1)
        gift_use(voucher=voucher)
    return True
