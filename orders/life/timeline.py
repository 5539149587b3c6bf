"""One order as one story in three lanes: information, money, goods.

Everything is read from where it is recorded; `orders.life.models.OrderEvent` adds who took a step. The
number of queries does not grow with the story.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from catalog.models import Product
from orders.additions.models import AdditionState
from orders.carriers.registry import carrier_name
from orders.checkout.countries import country_name
from orders.life.goods import goods_story
from orders.life.models import EventKind, OrderEvent, OrderHold, OrderMessage
from orders.life.moments import GOODS, INFORMATION, MONEY, Moment, by_from, who
from orders.models import Order
from orders.refunds.models import RequestState
from orders.refunds.selectors import requests_of
from orders.returns.models import ReturnMoment
from orders.shipping.repository import method_name
from orders.states import CancelReason, OrderState
from payments.gateways import gateway
from payments.ledger.models import Entry, Transaction, WriteOff
from payments.models import CaptureState, EntryKind, PaymentEntry, Refund, RefundState
from payments.selectors import intents_of_order
from payments.targets import target_shown
from shop.core.levels import masked
from shop.core.models import Mail
from shop.core.money import shown
from supply.models import StockMovement

TONES = {
    OrderState.PAID: "good",
    OrderState.PACKED: "info",
    OrderState.SHIPPED: "info",
    OrderState.DELIVERED: "good",
    OrderState.CANCELLED: "hot",
    OrderState.UNDELIVERED: "hot",
    EntryKind.AUTHORISED: "info",
    EntryKind.CAPTURED: "good",
    EntryKind.REFUNDED: "warn",
    EntryKind.UNSENT: "hot",
    EntryKind.RELEASED: "info",
    EntryKind.FAILED: "hot",
}
#: What a shopper reads of money: what came, went back, or is held no longer; some in words of their own.
PUBLIC_ENTRIES = (
    EntryKind.CAPTURED,
    EntryKind.REFUNDED,
    EntryKind.UNSENT,
    EntryKind.RELEASED,
)
SAID_ENTRIES = {
    EntryKind.CAPTURED: gettext_lazy("Paid: %(amount)s"),
    EntryKind.RELEASED: gettext_lazy("Not held any more: %(amount)s"),
    EntryKind.UNSENT: gettext_lazy("Still to be sent to you: %(amount)s"),
}
BEFORE_PACKING = (OrderState.PENDING, OrderState.PAID)
ADDITION_ASKED = AdditionState.WAITING.value
#: What became of something that was added, or of what was still to come.
STEP_WORDS = {
    ADDITION_ASKED: gettext_lazy("It leaves with the order as soon as it is paid."),
    AdditionState.LAPSED.value: gettext_lazy(
        "It was not paid in time, so the order stays as it was."
    ),
    "same": gettext_lazy("The invoice has no address of its own any more."),
    "rest": gettext_lazy("What had not left yet is cancelled."),
    AdditionState.WITHDRAWN.value: gettext_lazy("It was withdrawn, so the order stays as it was."),
}
STATE_LANES = {OrderState.PACKED: GOODS, OrderState.SHIPPED: GOODS}


def order_timeline(order: Order, *, lane: str = "") -> list[Moment]:
    """Everything that is known to have happened to ``order``, oldest first; of one lane if named.

    What the books say of it is told in the lane of money alone: beside the rest it would say each twice.
    """
    events = list(
        OrderEvent.objects.filter(order=order).select_related("actor", "change").order_by("pk")
    )
    edits = [event for event in events if event.kind != EventKind.STATE]
    taken = {event.change_id: event for event in events if event.change_id}
    moments = [
        *_beginning(order, edits),
        *_states(order, taken),
        *_edits(order, edits),
        *_holds(order),
        *_words(order),
        *_money(order),
        *_written_off(order),
        *_asked_back(order),
        *_parcels(order, taken),
        *_returns(order),
        *goods_story(order),
        *(_booked(order) if lane == MONEY else ()),
    ]
    found = sorted(moments, key=lambda moment: moment.at)
    return [moment for moment in found if not lane or moment.lane == lane]


def shopper_timeline(order: Order) -> list[Moment]:
    """What concerns the shopper, in words for them, the newest first."""
    return [
        Moment(at=one.at, lane=one.lane, title=one.said or one.title, note=one.told, tone=one.tone)
        for one in reversed(order_timeline(order))
        if one.is_public
    ]


def _beginning(order: Order, edits: list[OrderEvent]) -> Iterator[Moment]:
    person = masked(who(order.user), "name") if order.user_id else _("Guest")
    yield Moment(
        order.date_placed,
        INFORMATION,
        _("Order placed"),
        note=masked(order.email or "", "email"),
        by=person,
        is_public=True,
    )
    if order.shipping_address_id is None:
        return
    gone = sum(line["was"] - line["now"] for one in edits for line in one.facts.get("lines", ()))
    units = sum(line.quantity for line in order.lines.all()) + gone
    words = ngettext("%(units)s unit set aside", "%(units)s units set aside", units)
    yield Moment(order.date_placed, GOODS, words % {"units": units})


def _states(order: Order, taken: dict[int, OrderEvent]) -> Iterator[Moment]:
    """States that a parcel tells of by itself are left to `_parcels`."""
    labels = dict(OrderState.choices)
    has_parcels = any(one.shipped_at for one in order.shipments.all())
    by_parcel = {OrderState.SHIPPED, OrderState.DELIVERED} if has_parcels else set()
    for change in order.status_changes.all():
        state = change.new_status
        if state in by_parcel:
            continue
        note = ""
        if state == OrderState.CANCELLED and order.facts.cancel_reason:
            note = str(CancelReason(order.facts.cancel_reason).label)
        is_undone = change.old_status == OrderState.PACKED and state in BEFORE_PACKING
        yield Moment(
            change.date_created,
            GOODS if is_undone else STATE_LANES.get(state, INFORMATION),
            _("Unpacked") if is_undone else str(labels.get(state, state)),
            note=note,
            by=_taken_by(taken.get(change.pk)),
            tone="" if is_undone else TONES.get(state, ""),
            # The shopper reads of money in the money's own line.
            is_public=state not in BEFORE_PACKING,
        )
        if state == OrderState.CANCELLED and order.shipping_address_id is not None:
            yield Moment(change.date_created, GOODS, _("Units back on the shelf"))


def _edits(order: Order, edits: list[OrderEvent]) -> Iterator[Moment]:
    words = edit_words(edits)
    for event in edits:
        yield Moment(
            event.happened_at,
            INFORMATION,
            str(event.get_kind_display()),
            note=words[event.pk],
            by=_taken_by(event),
            tone="warn",
            is_public=True,
            told=words[event.pk],
        )
        yield from _units_moved(event)


def _units_moved(event: OrderEvent) -> Iterator[Moment]:
    """What was taken out is free; what is to be added is held, until it is or is not wanted any more."""
    freed = sum(line["was"] - line["now"] for line in event.facts.get("lines", ()))
    wanted = sum(line["units"] for line in event.facts.get("wanted", ()))
    if event.facts.get("step") == ADDITION_ASKED:
        if wanted:
            words = ngettext("%(units)s unit set aside", "%(units)s units set aside", wanted)
            yield Moment(event.happened_at, GOODS, words % {"units": wanted})
        return
    if (units := max(freed, 0) + wanted) > 0:
        words = ngettext("%(units)s unit released", "%(units)s units released", units)
        yield Moment(event.happened_at, GOODS, words % {"units": units})


def edit_words(edits: list[OrderEvent]) -> dict[int, str]:
    """What each changed, in the reader's language: ``Mug: 3 → 1``, or where it was to go before."""
    lines = [line for one in edits for line in _lines_of(one)]
    ids = {line["product"] for line in lines if line["product"]}
    products = Product.objects.select_related("parent").in_bulk(ids) if ids else {}
    return {event.pk: _words_of(event, products) for event in edits}


def _lines_of(event: OrderEvent) -> list[dict[str, Any]]:
    return [*event.facts.get("lines", ()), *event.facts.get("wanted", ())]


def _words_of(event: OrderEvent, products: dict[int, Any]) -> str:
    rows = []
    for line in _lines_of(event):
        product = products.get(line["product"])
        title = product.get_title() if product else line["title"]
        is_wish = "units" in line
        rows.append(
            f"+ {line['units']} × {title}" if is_wish else f"{title}: {line['was']} → {line['now']}"
        )
    if delivery := event.facts.get("delivery"):
        names = [
            method_name(one["code"], default=one["name"]) for one in (delivery["was"], delivery)
        ]
        rows.append(_("Delivery: %(was)s → %(now)s") % {"was": names[0], "now": names[1]})
    if words := STEP_WORDS.get(event.facts.get("step", "")):
        rows.append(str(words))
    if event.kind == EventKind.INVOICE and not event.facts["was"]:
        rows.append(_("Before, it had no address of its own."))
    if event.facts.get("was"):
        *lines, country = event.facts["was"]
        old = ", ".join([*lines, country_name(country)])
        rows.append(_("It was: %(address)s") % {"address": old})
    return "\n".join(rows)


def _holds(order: Order) -> Iterator[Moment]:
    for hold in OrderHold.objects.filter(order=order).select_related("held_by", "released_by"):
        by = who(hold.held_by) if hold.held_by else _("by a rule of the shop")
        title = _("On hold: %(reason)s") % {"reason": hold.get_reason_display()}
        yield Moment(hold.held_at, INFORMATION, title, hold.words, by, "hot")
        if hold.released_at:
            by = who(hold.released_by)
            words = hold.release_words
            yield Moment(hold.released_at, INFORMATION, _("Released"), words, by, "good")


def _words(order: Order) -> Iterator[Moment]:
    """Mails, notes for the team, messages."""
    for mail in Mail.objects.filter(reference=order.number):
        title = _("Mail sent") if mail.sent_at else _("Mail waits to be sent")
        tone = "hot" if mail.parked_at and not mail.sent_at else ""
        yield Moment(mail.sent_at or mail.created_at, INFORMATION, title, mail.subject, tone=tone)
    for note in order.notes.select_related("user"):
        yield Moment(note.date_created, INFORMATION, _("Note"), note.message, who(note.user))
    for message in OrderMessage.objects.filter(order=order).select_related("written_by"):
        title = _("Message to the customer") if message.is_ours else _("Message from the customer")
        by = who(message.written_by)
        yield Moment(message.written_at, INFORMATION, title, message.text, by, "info")


def _money(order: Order) -> Iterator[Moment]:
    language = get_language() or "en"
    for intent in intents_of_order(order.number):
        yield Moment(
            intent.created_at,
            MONEY,
            _("Payment of %(amount)s asked for")
            % {"amount": shown(intent.amount, intent.currency, language)},
            note=str(gateway(intent.gateway).label),
        )
        back = {one.reference: one for one in intent.refunds.all() if one.reference}
        for entry in intent.entries.all():
            amount = shown(entry.amount, intent.currency, language) if entry.amount else ""
            yield Moment(
                entry.happened_at,
                MONEY,
                f"{entry.get_kind_display()} {amount}".strip(),
                note=target_shown(back[entry.reference].target) if entry.reference in back else "",
                by=_who_moved(entry, back.get(entry.reference)),
                tone=TONES.get(entry.kind, ""),
                is_public=entry.kind in PUBLIC_ENTRIES,
                said=str(SAID_ENTRIES[entry.kind]) % {"amount": amount}
                if entry.kind in SAID_ENTRIES
                else "",
            )
        for capture in intent.captures.all():
            if capture.state != CaptureState.REFUSED:
                continue  # its entry tells it, or it is about to come
            amount = shown(capture.amount, intent.currency, language)
            title = _("%(amount)s could not be taken as a parcel left") % {"amount": amount}
            at = capture.settled_at or capture.created_at
            yield Moment(at, MONEY, title, note=capture.last_error, tone="hot")
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
                by=who(refund.requested_by),
                tone="hot" if refund.state == RefundState.REFUSED else "warn",
                is_public=refund.state == RefundState.PENDING,
            )


def _written_off(order: Order) -> Iterator[Moment]:
    """Differences of its money that finance let go, and took back."""
    language = get_language() or "en"
    rows = WriteOff.objects.filter(order_number=order.number).select_related(
        "decided_by", "undone_by"
    )
    for one in rows.order_by("pk"):
        facts = {"amount": shown(one.amount, one.currency, language)}
        title = _("%(amount)s written off") % facts
        note = f"{one.get_kind_display()}: {one.reason}"
        yield Moment(one.decided_at, MONEY, title, note=note, by=who(one.decided_by), tone="warn")
        if one.undone_at is not None:
            title = _("Write-off of %(amount)s undone") % facts
            yield Moment(one.undone_at, MONEY, title, by=who(one.undone_by))


def _who_moved(entry: PaymentEntry, refund: Refund | None) -> str:
    """Who of the team, by name; else whoever told us."""
    person = entry.by or (refund.requested_by if refund else None)
    told = _("told by %(source)s") % {"source": entry.get_source_display()}
    return who(person) if person else told


def _booked(order: Order) -> Iterator[Moment]:
    """Each transaction of the ledger: debit, then credit."""
    language = get_language() or "en"
    booked = Transaction.objects.filter(order_number=order.number)
    for one in booked.prefetch_related("entries__account").order_by("pk"):
        sides = sorted(one.entries.all(), key=lambda entry: entry.amount < 0)
        rows = [f"{_side(entry)} {shown(entry.amount, one.currency, language)}" for entry in sides]
        title = _("Booked: %(what)s") % {"what": one.get_kind_display()}
        by = _("on %(day)s") % {"day": date_format(one.booked_on, "SHORT_DATE_FORMAT")}
        yield Moment(one.happened_at, MONEY, title, " · ".join(rows), by)


def _side(entry: Entry) -> str:
    return str(entry.account.get_role_display())


def _asked_back(order: Order) -> Iterator[Moment]:
    """Refunds that somebody asked for and another had to agree to."""
    language = get_language() or "en"
    for asked in requests_of(order):
        if not asked.is_over_limit:
            continue  # its refund tells it
        amount = shown(asked.amount, order.currency, language)
        title = _("Refund of %(amount)s asked for") % {"amount": amount}
        yield Moment(asked.asked_at, MONEY, title, asked.reason, who(asked.asked_by), "warn")
        if asked.decided_at:
            state, by = str(asked.get_state_display()), who(asked.decided_by)
            title = _("Refund of %(amount)s: %(state)s") % {"amount": amount, "state": state}
            tone = "good" if asked.state == RequestState.APPROVED else "hot"
            yield Moment(asked.decided_at, MONEY, title, asked.decision, by, tone)


def _parcels(order: Order, taken: dict[int, OrderEvent]) -> Iterator[Moment]:
    left = order.shipments.filter(shipped_at__isnull=False).select_related("shipped_by")
    parcels = {f"shipment:{one.pk}": one for one in left}
    moved = StockMovement.objects.filter(source__in=parcels).select_related(
        "stock_record__product__parent"
    )
    what: dict[str, list[str]] = {source: [] for source in parcels}
    for movement in moved:
        title = movement.stock_record.product.get_title()
        what[movement.source].append(f"{-movement.quantity} × {title}")
    delivered = [one for one in taken.values() if one.change.new_status == OrderState.DELIVERED]
    for source, parcel in parcels.items():
        named = {"carrier": carrier_name(parcel.carrier), "number": parcel.tracking_number}
        yield Moment(
            parcel.shipped_at,
            GOODS,
            _("Parcel left with %(carrier)s, %(number)s") % named,
            note=" · ".join(what[source]),
            by=who(parcel.shipped_by),
            tone="info",
            is_public=True,
        )
        if parcel.delivered_at:
            yield Moment(
                parcel.delivered_at,
                GOODS,
                _("Parcel handed over"),
                by=_taken_by(delivered[-1] if delivered else None),
                tone="good",
                is_public=True,
            )


def _returns(order: Order) -> Iterator[Moment]:
    steps = ReturnMoment.objects.filter(back__order=order).select_related("back", "by")
    for step in steps:
        named = {"number": step.back.number, "state": step.get_state_display()}
        yield Moment(
            step.at,
            GOODS,
            _("Return %(number)s: %(state)s") % named,
            note=step.note,
            by=who(step.by),
            tone="warn",
            is_public=True,
        )


def _taken_by(event: OrderEvent | None) -> str:
    return by_from(who(event.actor), event.source) if event else ""
