"""The goods of an order, from the choice of a warehouse to what went wrong with its parcels.

Told in the back office only: the shopper has a page for the parcels. One query for each function.
"""

from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.carriers.models import Claim, Label, TrackEvent
from orders.carriers.registry import carrier_name
from orders.carriers.states import EVENT_TONES, ClaimState, EventCode, ParcelState
from orders.fulfilment.models import Consignment, ConsignmentLine, ConsignmentState, Trouble
from orders.life.moments import GOODS, Moment, who
from orders.models import Order
from orders.returns.models import Complaint
from shop.core.levels import masked

CLAIM_TONES = {ClaimState.REFUSED: "hot", ClaimState.GRANTED: "good", ClaimState.PAID: "good"}


def goods_story(order: Order) -> Iterator[Moment]:
    """Six queries, however long it is."""
    yield from _sent_from(order)
    yield from _labels(order)
    yield from _told(order)
    yield from _exceptions(order)
    yield from _complaints(order)
    yield from _claims(order)


def _sent_from(order: Order) -> Iterator[Moment]:
    """Where it is routed to, the wave that picks it, and what was picked."""
    rows = ConsignmentLine.objects.filter(consignment__order=order).select_related(
        "consignment__warehouse",
        "consignment__routed_by",
        "consignment__wave__picker",
        "consignment__wave__created_by",
        "order_line__product__parent",
        "picked_by",
    )
    for _key, group in groupby(rows.order_by("consignment", "pk"), lambda row: row.consignment_id):
        lines = list(group)
        one = lines[0].consignment
        yield _routed(one, lines)
        if one.wave:
            named = {"wave": one.wave, "tote": one.tote}
            words = _("In wave %(wave)s, tote %(tote)s") if one.tote else _("In wave %(wave)s")
            by = who(one.wave.created_by)
            yield Moment(one.wave.created_at, GOODS, words % named, by=by, tone="info")
        yield from _picked(lines)
        if one.state == ConsignmentState.VOID and one.ended_at:
            words = _("Taken back from %(warehouse)s") % {"warehouse": one.warehouse}
            yield Moment(one.ended_at, GOODS, words, tone="warn")


def _routed(one: Consignment, lines: list[ConsignmentLine]) -> Moment:
    return Moment(
        one.routed_at,
        GOODS,
        _("To be sent from %(warehouse)s") % {"warehouse": one.warehouse},
        note="\n".join(
            filter(None, [_things(lines), str(one.get_rule_display()), masked(one.words, "words")])
        ),
        by=who(one.routed_by) or _("by a rule of the shop"),
        tone="info",
    )


def _picked(lines: list[ConsignmentLine]) -> Iterator[Moment]:
    """Once for each consignment: when the last of its lines was, and by whom."""
    moments = [(line.picked_at, line.pk, line) for line in lines if line.picked_at]
    if not moments:
        return
    at, _pk, last = max(moments)
    seen = [line for _at, _pk, line in moments]
    units, missing = sum(line.picked for line in seen), sum(line.missing for line in seen)
    title = ngettext("%(units)s unit picked", "%(units)s units picked", units) % {"units": units}
    if missing:
        words = ngettext("%(units)s not found", "%(units)s not found", missing)
        title = f"{title}, {words % {'units': missing}}"
    yield Moment(
        at,
        GOODS,
        title,
        note=str(last.consignment.warehouse),
        by=who(last.picked_by),
        tone="hot" if missing else "",
    )


def _things(lines: list[ConsignmentLine]) -> str:
    return " · ".join(
        f"{one.quantity} × "
        + (one.order_line.product.get_title() if one.order_line.product else one.order_line.title)
        for one in lines
    )


def _labels(order: Order) -> Iterator[Moment]:
    """Bought; what was cancelled says so, for nobody noted when."""
    rows = Label.objects.filter(order=order, bought_at__isnull=False).defer("pdf")
    for one in rows.select_related("made_by").order_by("pk"):
        words = _("Label for the way back bought") if one.is_return else _("Label bought")
        note = [f"{carrier_name(one.carrier)} {one.tracking_number}"]
        if one.state == ParcelState.VOID:
            note.append(str(ParcelState.VOID.label))
        by = who(one.made_by)
        assert one.bought_at is not None  # by the filter
        yield Moment(one.bought_at, GOODS, words, "\n".join(note), by)


def _told(order: Order) -> Iterator[Moment]:
    """What carriers told. That a parcel came is told by the parcel itself."""
    rows = TrackEvent.objects.filter(label__order=order).select_related("label__shipment")
    for one in rows.defer("label__pdf").order_by("happened_at", "pk"):
        label = one.label
        is_known = label.shipment is not None and label.shipment.delivered_at is not None
        if one.code == EventCode.DELIVERED and is_known:
            continue
        words = (
            ParcelState.HANDED if one.code == EventCode.ACCEPTED else EventCode(one.code)
        ).label
        told = [one.place, f"{carrier_name(label.carrier)} {label.tracking_number}"]
        if label.is_return:
            told.append(_("on the way back to us"))
        yield Moment(
            one.happened_at,
            GOODS,
            str(words),
            note=" · ".join(filter(None, told)),
            by=_("told by the carrier"),
            tone=EVENT_TONES.get(EventCode(one.code), ""),
        )


def _exceptions(order: Order) -> Iterator[Moment]:
    rows = Trouble.objects.filter(order=order).select_related("shipment", "opened_by", "closed_by")
    for one in rows.order_by("pk"):
        kind = one.get_kind_display()
        note = one.words
        if one.shipment is not None:
            note = f"{carrier_name(one.shipment.carrier)} {one.shipment.tracking_number}".strip()
        yield Moment(
            one.opened_at,
            GOODS,
            _("Exception: %(kind)s") % {"kind": kind},
            note=masked(note, "words"),
            by=who(one.opened_by) or _("by the shop itself"),
            tone="hot",
        )
        if one.closed_at:
            words = _("Dealt with: %(outcome)s") % {"outcome": one.get_outcome_display()}
            note = "\n".join(filter(None, [str(kind), masked(one.closing, "words")]))
            yield Moment(one.closed_at, GOODS, words, note, who(one.closed_by), "good")


def _complaints(order: Order) -> Iterator[Moment]:
    for one in Complaint.objects.filter(order=order).select_related("closed_by").order_by("pk"):
        kind = one.get_kind_display()
        title = _("Complaint: %(kind)s") % {"kind": kind}
        by = _("the customer")
        yield Moment(one.made_at, GOODS, title, masked(one.words, "words"), by, "hot")
        if one.closed_at:
            title = _("Put right: %(remedy)s") % {"remedy": one.get_remedy_display()}
            note = "\n".join(filter(None, [str(kind), one.answer]))
            yield Moment(one.closed_at, GOODS, title, note, who(one.closed_by), "good")


def _claims(order: Order) -> Iterator[Moment]:
    """Their amounts are on their own page, for those who may see it."""
    rows = Claim.objects.filter(label__order=order).select_related("label", "opened_by")
    for one in rows.defer("label__pdf").order_by("pk"):
        note = f"{carrier_name(one.label.carrier)} {one.label.tracking_number}"
        title = _("Claim from the carrier: %(kind)s") % {"kind": one.get_kind_display()}
        yield Moment(one.opened_at, GOODS, title, note, who(one.opened_by), "warn")
        is_refused = one.state == ClaimState.REFUSED
        answer = ClaimState.REFUSED if is_refused else ClaimState.GRANTED
        steps = [(one.sent_at, ClaimState.SENT), (one.answered_at, answer)]
        for at, state in [*steps, (one.paid_at, ClaimState.PAID)]:
            if at:
                title = _("Claim: %(state)s") % {"state": state.label}
                yield Moment(at, GOODS, title, note, tone=CLAIM_TONES.get(state, ""))
