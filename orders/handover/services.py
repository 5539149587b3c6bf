"""Handing over what needs no parcel. Called by handlers after the money has come."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.kinds.selectors import files_offered
from catalog.models import Kind
from orders.exceptions import ImpossibleStep
from orders.handover.models import DownloadGrant, ServiceJob
from orders.handover.selectors import kind_of_line, lines_with_kinds
from orders.handover.wishes import wishes_of
from orders.life.events import state_take
from orders.life.models import Source
from orders.life.selectors import hold_of
from orders.locks import order_lock
from orders.models import Line, Order
from orders.states import SOLD, OrderState
from orders.whole import is_shared
from payments.wallets.services import card_issue, cards_void
from shop.core.events import OrderDelivered
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit

GRANTS_AGAIN_AT_MOST = 1000  # downloads of one grant, however often it is renewed


@retry_on_conflict
def order_hand_over(*, order_number: str) -> Order:
    """Give what was paid: rights to download, work to do, gift cards. Safe to repeat.

    An order that was cancelled meanwhile gets nothing, one on hold nothing yet. One without goods
    and work is delivered.
    """
    order = order_lock(number=order_number)
    if order.status not in SOLD or _is_held(order):
        return order
    lines = lines_with_kinds(order)
    _grants_make(lines)
    ServiceJob.objects.bulk_create(
        [ServiceJob(order_line=line) for line in lines if kind_of_line(line) == Kind.SERVICE],
        ignore_conflicts=True,
    )
    for line in lines:
        if kind_of_line(line) == Kind.VOUCHER:
            _cards_issue(order, line)
    order_settle(order)
    return order


def _is_held(order: Order) -> bool:
    """By a hold; asked where it is not known that there is none."""
    is_known_free = is_shared(order) and not order.is_held
    return not is_known_free and hold_of(order) is not None


def _grants_make(lines: Iterable[Line]) -> None:
    sold = [line for line in lines if kind_of_line(line) == Kind.DOWNLOAD and line.product]
    ids = {pk for line in sold for pk in (line.product_id, line.product.parent_id) if pk}
    files = files_offered(ids) if ids else {}
    now = timezone.now()
    DownloadGrant.objects.bulk_create(
        [
            DownloadGrant(
                order_line=line,
                file=file,
                allowed=file.downloads * line.quantity,
                expires_at=now + dt.timedelta(days=file.days),
            )
            for line in sold
            for pk in filter(None, (line.product_id, line.product.parent_id))
            for file in files.get(pk, ())
        ],
        ignore_conflicts=True,
    )


def _cards_issue(order: Order, line: Line) -> None:
    wishes = wishes_of(line, default_email=order.email)
    for place in range(1, line.quantity + 1):
        card_issue(
            order_line_id=line.pk,
            order_number=order.number,
            place=place,
            amount=line.unit_price_incl_tax,
            currency=order.currency,
            language=order.facts.language,
            wishes=wishes,
        )


def order_settle(order: Order, *, user: Any = None, source: str = Source.SHOP) -> bool:
    """Under the order's lock: paid, nothing to send, no work left, so it is delivered."""
    if order.status != OrderState.PAID or order.shipping_address_id is not None:
        return False
    jobs = ServiceJob.objects.filter(order_line__order=order, cancelled_at__isnull=True)
    if jobs.filter(done_at__isnull=True).exists():
        return False
    state_take(order, OrderState.DELIVERED, user=user, source=source)
    emit(OrderDelivered(order_id=order.pk, order_number=order.number))
    return True


@retry_on_conflict
def job_done(*, job: ServiceJob, user: Any) -> ServiceJob:
    """The work is done; with the last of it an order without goods is delivered. Safe to repeat.

    Raises ``ImpossibleStep`` for work that was cancelled.
    """
    order = order_lock(order_id=job.order_line.order_id)
    job = ServiceJob.objects.get(pk=job.pk)
    if job.cancelled_at or order.status not in SOLD:
        raise ImpossibleStep(f"the work for order {order.number} was cancelled")
    if job.done_at is None:
        job.done_at, job.done_by = timezone.now(), user
        job.save(update_fields=["done_at", "done_by"])
        order_settle(order, user=user, source=Source.OFFICE)
    return job


@retry_on_conflict
def order_take_back(*, order_number: str) -> None:
    """The order ended or its money went back: no more downloads, no work, no gift cards."""
    order = order_lock(number=order_number)
    now = timezone.now()
    DownloadGrant.objects.filter(order_line__order=order, revoked_at__isnull=True).update(
        revoked_at=now
    )
    ServiceJob.objects.filter(
        order_line__order=order, done_at__isnull=True, cancelled_at__isnull=True
    ).update(cancelled_at=now)
    cards_void(order_line_ids=list(order.lines.values_list("pk", flat=True)))


def grant_use(*, grant: DownloadGrant) -> bool:
    """Count one download. One conditional update, so that side by side none is one too many."""
    now = timezone.now()
    good = DownloadGrant.objects.filter(
        pk=grant.pk, revoked_at__isnull=True, expires_at__gt=now, used__lt=F("allowed")
    )
    return bool(good.update(used=F("used") + 1, last_used_at=now))


@transaction.atomic
def grant_renew(*, grant: DownloadGrant) -> bool:
    """Give the buyer the file's downloads and days once more, from now. False: taken back, or too often."""
    file = grant.file
    renewed = DownloadGrant.objects.filter(
        pk=grant.pk,
        revoked_at__isnull=True,
        allowed__lte=GRANTS_AGAIN_AT_MOST - file.downloads,
        order_line__order__status__in=SOLD,
    )
    return bool(
        renewed.update(
            allowed=F("used") + file.downloads,
            expires_at=timezone.now() + dt.timedelta(days=file.days),
        )
    )
