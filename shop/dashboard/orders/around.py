"""What lies around an order in other lists: where it is sent from, what went wrong, what comes back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from orders.carriers.models import Claim
from orders.carriers.states import ClaimState
from orders.fulfilment.models import Consignment, ConsignmentState, Trouble
from orders.models import Order
from orders.returns.models import Complaint, Return
from orders.returns.states import ENDED, PAID
from shop.core.office import may


@dataclass(frozen=True)
class Neighbour:
    """A row of another list. ``state`` with its tone, as a chip; ``more`` stands behind it."""

    kind: str
    name: str
    url: str
    state: str
    tone: str = ""
    more: str = ""
    more_url: str = ""


def neighbours(order: Order, *, user: Any) -> list[Neighbour]:
    """Only what ``user`` may open. One query for each kind, whatever there is."""
    kinds = (
        ("sending-detail", _consignments),
        ("trouble-list", _exceptions),
        ("return-detail", _returns),
        ("complaint-detail", _complaints),
        ("claim-detail", _claims),
    )
    return [row for page, seek in kinds if may(user, page) for row in seek(order, user)]


def _consignments(order: Order, user: Any) -> Iterator[Neighbour]:
    sees_waves = may(user, "wave-detail")
    tones = {ConsignmentState.LEFT: "good", ConsignmentState.VOID: ""}
    rows = Consignment.objects.filter(order=order).select_related("warehouse", "wave")
    for one in rows.order_by("pk"):
        yield Neighbour(
            _("Sent from"),
            str(one.warehouse),
            reverse("dashboard:sending-detail", args=[one.pk]),
            one.get_state_display(),
            tones.get(ConsignmentState(one.state), "info"),
            more=str(one.wave) if one.wave else "",
            more_url=reverse("dashboard:wave-detail", args=[one.wave_id])
            if one.wave_id and sees_waves
            else "",
        )


def _exceptions(order: Order, user: Any) -> Iterator[Neighbour]:
    link = reverse("dashboard:trouble-list")
    for one in Trouble.objects.filter(order=order).order_by("pk"):
        view = "done" if one.closed_at else one.kind
        yield Neighbour(
            _("Exception"),
            one.get_kind_display(),
            f"{link}?view={view}&order={order.number}",
            one.get_outcome_display() if one.closed_at else _("To decide"),
            "good" if one.closed_at else "hot",
        )


def _returns(order: Order, user: Any) -> Iterator[Neighbour]:
    for one in Return.objects.filter(order=order).order_by("pk"):
        tone = "good" if one.state in PAID else "" if one.state in ENDED else "warn"
        url = reverse("dashboard:return-detail", args=[one.number])
        yield Neighbour(_("Return"), one.number, url, one.get_state_display(), tone)


def _complaints(order: Order, user: Any) -> Iterator[Neighbour]:
    for one in Complaint.objects.filter(order=order).order_by("pk"):
        yield Neighbour(
            _("Complaint"),
            one.get_kind_display(),
            reverse("dashboard:complaint-detail", args=[one.pk]),
            one.get_remedy_display() if one.closed_at else _("To put right"),
            "good" if one.closed_at else "hot",
        )


def _claims(order: Order, user: Any) -> Iterator[Neighbour]:
    tones = {ClaimState.PAID: "good", ClaimState.REFUSED: "hot", ClaimState.OPEN: "warn"}
    rows = Claim.objects.filter(label__order=order).order_by("pk")
    for one in rows:
        url = reverse("dashboard:claim-detail", args=[one.pk])
        tone = tones.get(ClaimState(one.state), "info")
        yield Neighbour(_("Claim"), one.get_kind_display(), url, one.get_state_display(), tone)
