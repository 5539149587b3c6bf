"""One order as one story in three lanes: information, money, goods."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from orders.models import Order
from orders.returns.models import ReturnMoment
from orders.states import CancelReason, OrderState
from payments.models import EntryKind, RefundState
from payments.selectors import intents_of_order
from shop.core.models import Mail
from shop.core.money import shown
from supply.models import StockMovement

INFORMATION, MONEY, GOODS = "information", "money", "goods"

TONES = {
    OrderState.PAID: "good",
    OrderState.PACKED: "info",
    OrderState.SHIPPED: "info",
    OrderState.DELIVERED: "good",
    OrderState.CANCELLED: "hot",
    EntryKind.AUTHORISED: "info",
    EntryKind.CAPTURED: "good",
    EntryKind.REFUNDED: "warn",
    EntryKind.FAILED: "hot",
}


@dataclass(frozen=True)
class Moment:
    """Something that happened, in its lane. The names are those of `components/timeline.html`."""

    at: dt.datetime
    lane: str
    title: str
    note: str = ""
    by: str = ""
    tone: str = ""


def order_timeline(order: Order) -> list[Moment]:
    """Everything that is known to have happened to ``order``, oldest first. Ten queries."""
    moments = [*_information(order), *_money(order), *_goods(order)]
    return sorted(moments, key=lambda moment: moment.at)


def _information(order: Order) -> Iterator[Moment]:
    yield Moment(order.date_placed, INFORMATION, _("Order placed"), note=order.email or "")
    labels = dict(OrderState.choices)
    for change in order.status_changes.all():
        note = ""
        if change.new_status == OrderState.CANCELLED and order.facts.cancel_reason:
            note = str(CancelReason(order.facts.cancel_reason).label)
        yield Moment(
            change.date_created,
            INFORMATION,
            str(labels.get(change.new_status, change.new_status)),
            note=note,
            tone=TONES.get(change.new_status, ""),
        )
    for mail in Mail.objects.filter(reference=order.number):
        title = _("Mail sent") if mail.sent_at else _("Mail waits to be sent")
        tone = "hot" if mail.parked_at and not mail.sent_at else ""
        yield Moment(mail.sent_at or mail.created_at, INFORMATION, title, mail.subject, tone=tone)
    for note in order.notes.select_related("user"):
        by = (note.user.get_full_name() or note.user.email) if note.user else ""
        yield Moment(note.date_created, INFORMATION, _("Note"), note.message, by)


def _money(order: Order) -> Iterator[Moment]:
    language = get_language() or "en"
    for intent in intents_of_order(order.number):
        for entry in intent.entries.all():
            amount = shown(entry.amount, intent.currency, language) if entry.amount else ""
            yield Moment(
                entry.happened_at,
                MONEY,
                f"{entry.get_kind_display()} {amount}".strip(),
                by=_("told by %(source)s") % {"source": entry.get_source_display()},
                tone=TONES.get(entry.kind, ""),
            )
        for refund in intent.refunds.all():
            if refund.state == RefundState.DONE:
                continue  # its entry tells it
            amount = shown(refund.amount, intent.currency, language)
            yield Moment(
                refund.settled_at or refund.created_at,
                MONEY,
                _("Refund of %(amount)s: %(state)s")
                % {"amount": amount, "state": refund.get_state_display()},
                note=refund.last_error or _(refund.reason),
                tone="hot" if refund.state == RefundState.REFUSED else "warn",
            )


def _goods(order: Order) -> Iterator[Moment]:
    units = sum(line.quantity for line in order.lines.all())
    yield Moment(
        order.date_placed,
        GOODS,
        ngettext("%(units)s unit set aside", "%(units)s units set aside", units) % {"units": units},
    )
    parcels = {f"shipment:{parcel.pk}": parcel for parcel in order.shipments.all()}
    moved = StockMovement.objects.filter(source__in=parcels).select_related("stock_record__product")
    what: dict[str, list[str]] = {source: [] for source in parcels}
    for movement in moved:
        what[movement.source].append(
            f"{-movement.quantity} × {movement.stock_record.product.get_title()}"
        )
    for source, parcel in parcels.items():
        yield Moment(
            parcel.shipped_at,
            GOODS,
            _("Parcel left with %(carrier)s, %(number)s")
            % {"carrier": parcel.carrier, "number": parcel.tracking_number},
            note=" · ".join(what[source]),
            tone="info",
        )
        if parcel.delivered_at:
            yield Moment(parcel.delivered_at, GOODS, _("Parcel handed over"), tone="good")
    for change in order.status_changes.all():
        if change.new_status == OrderState.CANCELLED:
            yield Moment(change.date_created, GOODS, _("Units back on the shelf"))
    for step in ReturnMoment.objects.filter(back__order=order).select_related("back", "by"):
        yield Moment(
            step.at,
            GOODS,
            _("Return %(number)s: %(state)s")
            % {"number": step.back.number, "state": step.get_state_display()},
            note=step.note,
            by=(step.by.get_full_name() or step.by.email) if step.by else "",
            tone="warn",
        )
