"""Complaints: made by the receiver, put right by customer service."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from orders.exceptions import ImpossibleStep, StepRefused
from orders.fulfilment.models import Shipment, TroubleKind
from orders.fulfilment.noting import trouble_note
from orders.fulfilment.troubles import parcel_paid_back
from orders.locks import order_lock
from orders.models import Order
from orders.refunds.exceptions import RequestRefused
from orders.refunds.services import refund_ask
from orders.returns.exceptions import ReturnRefused
from orders.returns.models import Complaint, ComplaintLine, ComplaintPhoto, LinkedOrder
from orders.returns.selectors import returnables_of
from orders.returns.services.again import parcel_again, units_again
from orders.returns.services.asking import Wanted, return_ask
from orders.returns.services.deciding import return_approve
from orders.returns.services.photos import photos_forget, photos_kept
from orders.returns.states import WISHES, ComplaintKind, Remedy, ReturnReason
from shop.core.events import ComplaintMoved
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit

TROUBLES = {ComplaintKind.LATE: TroubleKind.LATE, ComplaintKind.LOST: TroubleKind.LOST}


def complaint_make(
    *,
    order: Order,
    kind: str,
    wish: str,
    key: UUID,
    language: str,
    units: Mapping[int, int],
    parcel: Shipment | None = None,
    words: str = "",
    photos: Sequence[ContentFile] = (),
) -> Complaint:
    """Note what is wrong with an order that left. The same ``key`` gives the same complaint.

    ``units`` of order lines by id: what it is about. A parcel that is late or lost is in the clerks'
    exceptions too. Photos were cleaned by `shop.core.uploads`. Raises ``ReturnRefused``, whose message
    is for the shopper.
    """
    with photos_kept("complaints", photos) as names:
        made, is_new = _make(order, kind, wish, key, language, units, parcel, words, names)
        if not is_new:
            photos_forget(names)
    return made


@retry_on_conflict
@transaction.atomic
def _make(
    order: Order,
    kind: str,
    wish: str,
    key: UUID,
    language: str,
    units: Mapping[int, int],
    parcel: Shipment | None,
    words: str,
    names: Sequence[str],
) -> tuple[Complaint, bool]:
    order = order_lock(order_id=order.pk)
    known = Complaint.objects.filter(key=key).first()
    if known is not None:
        return known, False
    if Complaint.objects.filter(order=order, kind=kind, closed_at__isnull=True).exists():
        raise ReturnRefused(_("You told us already. We are looking into it and write to you."))
    shipped = {one.line.pk: one.shipped for one in returnables_of(order)}
    wanted = {pk: count for pk, count in units.items() if count}
    if not shipped or any(count > shipped.get(pk, 0) or count < 0 for pk, count in wanted.items()):
        raise ReturnRefused(_("Please load the page again."))
    if wish not in WISHES[kind] or (not wanted and kind != ComplaintKind.LATE):
        raise ReturnRefused(_("Tell us what it is about."))
    made = Complaint.objects.create(
        order=order,
        key=key,
        kind=kind,
        wish=wish,
        parcel=parcel,
        words=words[:1000],
        language=language,
    )
    ComplaintLine.objects.bulk_create(
        ComplaintLine(complaint=made, order_line_id=pk, quantity=count)
        for pk, count in wanted.items()
    )
    ComplaintPhoto.objects.bulk_create(
        ComplaintPhoto(complaint=made, image=name, position=place)
        for place, name in enumerate(names)
    )
    if parcel is not None and kind in TROUBLES and parcel.delivered_at is None:
        trouble_note(order, TROUBLES[kind], parcel=parcel, words=words)
    emit(ComplaintMoved(complaint_id=made.pk, order_number=order.number, step="made"))
    return made, True


@retry_on_conflict
@transaction.atomic
def complaint_close(
    *, complaint: Complaint, remedy: str, answer: str = "", user: Any = None
) -> Complaint:
    """Put it right: send it again, pay it back, let it come back, or answer. Twice is once.

    Raises ``StepRefused``, whose message is for the clerk, where that is not possible.
    """
    order = order_lock(order_id=complaint.order_id)
    complaint = Complaint.objects.select_related("parcel").get(pk=complaint.pk)
    if complaint.closed_at:
        return complaint
    complaint.order = order
    units = {line.order_line_id: line.quantity for line in complaint.lines.all()}
    if remedy == Remedy.AGAIN:
        complaint.again = _again(complaint, units, user)
    elif remedy == Remedy.MONEY:
        complaint.refund = _money(complaint, units, user)
        if complaint.kind == ComplaintKind.LOST and complaint.parcel is not None:
            parcel_paid_back(parcel=complaint.parcel, user=user)
    elif remedy == Remedy.BACK:
        complaint.back = _back(complaint, units, user)
    elif not answer.strip():
        raise StepRefused(_("Write what the customer should know."))
    complaint.remedy, complaint.answer = remedy, answer[:400]
    complaint.closed_at, complaint.closed_by = timezone.now(), user
    complaint.save()
    emit(ComplaintMoved(complaint_id=complaint.pk, order_number=order.number, step="closed"))
    return complaint


def _again(complaint: Complaint, units: Mapping[int, int], user: Any) -> LinkedOrder:
    parcel = complaint.parcel
    if complaint.kind == ComplaintKind.LOST and parcel is not None:
        made = parcel_again(parcel=parcel, user=user)
        if Complaint.objects.filter(again=made).exists():
            raise StepRefused(_("It was sent again already."))
        return made
    return units_again(complaint.order, units=units, user=user)


def _money(complaint: Complaint, units: Mapping[int, int], user: Any) -> Any:
    with override("en"):  # kept in English, shown in the reader's language
        reason = str(ComplaintKind(complaint.kind).label)
    try:
        return refund_ask(
            order=complaint.order,
            reason=reason,
            key=uuid5(complaint.key, "refund"),
            user=user,
            units=units,
        )
    except RequestRefused as error:
        raise StepRefused(error.message) from error


def _back(complaint: Complaint, units: Mapping[int, int], user: Any) -> Any:
    reason = {
        ComplaintKind.DAMAGED: ReturnReason.DAMAGED,
        ComplaintKind.LATE: ReturnReason.LATE,
    }.get(ComplaintKind(complaint.kind), ReturnReason.WRONG)
    wanted = [Wanted(pk, count, reason, complaint.words[:500]) for pk, count in units.items()]
    try:
        back = return_ask(
            order=complaint.order,
            wanted=wanted,
            key=uuid5(complaint.key, "return"),
            language=complaint.language,
            user=user,
            by_shop=True,
        )
        return_approve(back=back, user=user)
    except (ReturnRefused, ImpossibleStep) as error:
        raise StepRefused(getattr(error, "message", str(error))) from error
    return back
