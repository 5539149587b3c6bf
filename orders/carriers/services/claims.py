"""Claims against carriers: opened for what went wrong, handed in by a day, answered, paid."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.carriers.locks import label_lock
from orders.carriers.models import Claim, Label
from orders.carriers.services.contracts import contract_of
from orders.carriers.states import CLAIM_NEXT, ClaimKind, ClaimState
from orders.exceptions import StepRefused
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO, rounded

CLAIM_DAYS = 30  # where no contract says otherwise


def claim_proposal(*, label: Label, kind: str) -> tuple[Decimal, dt.date]:
    """What to claim, in the shop's own currency, and the last day for it, by the contract."""
    day = timezone.localdate(label.handed_at) if label.handed_at else timezone.localdate()
    contract = contract_of(label.carrier, day)
    days = contract.claim_days if contract else CLAIM_DAYS
    if kind == ClaimKind.LATE:
        percent = contract.late_percent if contract else 0
        amount = rounded(label.cost * percent / 100, settings.OSCAR_DEFAULT_CURRENCY)
    else:
        amount = _worth(label) + label.cost
        if contract:
            amount = min(amount, contract.liability)
    return max(amount, Decimal("0.01")), day + dt.timedelta(days=days)


@retry_on_conflict
def claim_open(
    *, label: Label, kind: str, amount: Decimal | None = None, words: str = "", user: Any = None
) -> Claim:
    """For one parcel one claim of a kind: the same again gives the first.

    Raises ``StepRefused``, whose message is for the clerk, for a parcel that never left.
    """
    label = label_lock(label)
    known = Claim.objects.filter(label=label, kind=kind).first()
    if known is not None:
        return known
    if label.handed_at is None:
        raise StepRefused(_("This parcel was never handed over."))
    proposed, deadline = claim_proposal(label=label, kind=kind)
    return Claim.objects.create(
        label=label,
        kind=kind,
        amount=amount or proposed,
        deadline=deadline,
        words=words[:300],
        opened_by=user,
    )


@retry_on_conflict
def claim_move(
    *,
    claim: Claim,
    state: str,
    reference: str = "",
    granted: Decimal | None = None,
    words: str = "",
) -> bool:
    """Its next step. False if it was taken already. Raises ``StepRefused`` where it may not follow,
    or for an answer without its amount.
    """
    label_lock(claim.label)
    claim = Claim.objects.get(pk=claim.pk)
    if claim.state == state:
        return False
    if state not in CLAIM_NEXT[claim.state]:
        raise StepRefused(_("Somebody took another step meanwhile. Please look again."))
    now = timezone.now()
    if state == ClaimState.SENT:
        claim.sent_at, claim.granted, claim.answered_at = now, None, None
        claim.reference = reference[:60] or claim.reference
    if state == ClaimState.GRANTED:
        if granted is None or not 0 < granted <= claim.amount:
            text = _("Say how much was granted: more than nothing, not more than was claimed.")
            raise StepRefused(text)
        claim.granted, claim.answered_at = granted, now
    if state == ClaimState.REFUSED:
        claim.granted, claim.answered_at = ZERO, now
    if state == ClaimState.PAID:
        claim.paid_at = now
    claim.state, claim.words = state, words[:300] or claim.words
    claim.save()
    return True


def _worth(label: Label) -> Decimal:
    """What was paid for the things in it, in the shop's own currency; the whole order's where the
    parcel is not known."""
    order = label.order
    own = getattr(order, "sums", None)
    rate, currency = (own.rate, own.own_currency) if own else (Decimal(1), order.currency)
    if label.shipment is None:
        paid = order.lines.aggregate(sum=Sum("line_price_incl_tax"))["sum"] or ZERO
    else:
        rows = label.shipment.lines.select_related("order_line")
        paid = sum(
            (
                row.order_line.line_price_incl_tax * row.quantity / row.order_line.quantity
                for row in rows
            ),
            ZERO,
        )
    return rounded(paid / rate, currency)
