"""Reading bank lines, and guessing which payment one is for."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum

from payments.bank.models import BankLine, BankShare, BankUse
from payments.gateways import Gateway, gateways_all
from payments.ledger.models import Settlement, WriteOff, WriteOffKind
from payments.models import IntentState, PaymentIntent, Refund
from shop.core.money import ZERO

TRANSFER = "transfer"
WAITS = (IntentState.NEW, IntentState.OPEN)
GIVEN_UP = (IntentState.CANCELLING, IntentState.CANCELLED, IntentState.FAILED)
WAITING = Q(amount__gt=F("amount_assigned") + F("amount_returned"))
SUGGESTIONS = 3


@dataclass(frozen=True)
class Candidate:
    """A payment that a bank line may be for. ``missing``: what of it has not come yet."""

    intent: PaymentIntent
    missing: Decimal


def providers() -> dict[str, str]:
    """Who pays out what shoppers paid: labels by the codes of their gateways."""
    return {one.code: str(one.label) for one in _held_elsewhere() if not _is_by_hand(one)}


def couriers() -> dict[str, str]:
    """Ways to pay whose money a courier collects and brings: labels by codes."""
    return {one.code: str(one.label) for one in _held_elsewhere() if _is_by_hand(one)}


def lines_waiting() -> QuerySet[BankLine]:
    return BankLine.objects.filter(WAITING).order_by("booked_on", "pk")


def missing_of(intent: PaymentIntent) -> Decimal:
    """What of a transfer has not come yet and was not written off."""
    came = BankShare.objects.filter(intent=intent).aggregate(sum=Sum("amount"))["sum"] or ZERO
    let_go = shorts_of(intent).filter(undone_at__isnull=True)
    return intent.amount - came - sum((one.amount for one in let_go), ZERO)


def is_short(intent: PaymentIntent) -> bool:
    """Whether a part of a transfer has come, and the rest neither came nor was written off."""
    came = intent.gateway == TRANSFER and BankShare.objects.filter(intent=intent).exists()
    return came and missing_of(intent) > 0


def shorts_of(intent: PaymentIntent) -> QuerySet[WriteOff]:
    """What of a transfer was written off as it was short, also what was undone."""
    return WriteOff.objects.filter(kind=WriteOffKind.SHORT, reference=str(intent.key))


def candidates(*, with_given_up: bool = True) -> list[Candidate]:
    """Transfers whose money has not come, those that still wait first, the newest first. One query."""
    states = (*WAITS, *GIVEN_UP) if with_given_up else WAITS
    rows = PaymentIntent.objects.filter(gateway=TRANSFER, state__in=states)
    rows = rows.annotate(came=Sum("bank_shares__amount")).order_by("-pk")
    found = [Candidate(one, one.amount - (one.came or ZERO)) for one in rows[:5000]]
    return sorted(found, key=lambda one: one.intent.state not in WAITS)


def transfer_of(order_number: str) -> PaymentIntent | None:
    """The transfer of an order that somebody names: what waits first, else the newest."""
    rows = list(
        PaymentIntent.objects.filter(gateway=TRANSFER, order_number=order_number).order_by("-pk")
    )
    return min(rows, key=lambda one: one.state not in WAITS, default=None)


def match_of(line: BankLine, among: Sequence[Candidate]) -> Candidate | None:
    """The one payment that the reference names and that lacks exactly this much; else None."""
    named = [one for one in _named(line, among) if one.missing == line.left]
    return named[0] if len(named) == 1 else None


def suggestions_for(line: BankLine, among: Iterable[Candidate]) -> list[Candidate]:
    """Whose number is in the reference, then who lacks exactly this much."""
    among = [one for one in among if one.intent.currency == line.currency]
    named = _named(line, among)
    same = [one for one in among if one.missing == line.left and one not in named]
    return [*named, *same][:SUGGESTIONS]


def payout_of(line: BankLine, among: Sequence[Refund]) -> Refund | None:
    """The one payout that an outgoing line names, by its own reference or by its order, to the cent."""
    said = _bare(line.reference)
    same = [one for one in among if _is_same_sum(line, one)]
    named = [one for one in same if f"{_bare(one.intent.order_number)}R{one.pk}" in said]
    if not named:
        named = [one for one in same if _bare(one.intent.order_number) in said]
    return named[0] if len(named) == 1 else None


def payouts_for(line: BankLine, among: Iterable[Refund]) -> list[Refund]:
    """Of exactly this amount."""
    return [one for one in among if _is_same_sum(line, one)][:SUGGESTIONS]


def settlements_unseen() -> QuerySet[Settlement]:
    """What was paid out and no line of a statement shows, the oldest first."""
    shown = BankUse.objects.filter(undone_at__isnull=True, settlement__isnull=False)
    rows = Settlement.objects.filter(is_paid_out=True).exclude(pk__in=shown.values("settlement"))
    return rows.annotate(paid_out=F("gross") - F("fees")).order_by("paid_on", "pk")


def settlements_open(lines: Iterable[BankLine]) -> list[Settlement]:
    """Those of them that paid out what one of ``lines`` is. One query."""
    sums = {(line.signed, line.currency) for line in lines if line.left == line.amount}
    rows = settlements_unseen().filter(paid_out__in={amount for amount, _currency in sums})
    return [one for one in rows if (one.net, one.currency) in sums]


def settlement_for(line: BankLine, among: Iterable[Settlement]) -> Settlement | None:
    """Of those with exactly this sum the one that the line names, else the one nearest in time."""
    if line.left != line.amount:
        return None
    same = [one for one in among if (one.net, one.currency) == (line.signed, line.currency)]
    said = _bare(line.reference)
    return min(
        same,
        key=lambda one: (_bare(one.payout) not in said, abs(line.booked_on - one.paid_on), one.pk),
        default=None,
    )


def settlement_named(line: BankLine, among: Iterable[Settlement]) -> Settlement | None:
    """The one payout that the line names as a word of its own and is to the cent; None of several."""
    if line.left != line.amount:
        return None
    same = [one for one in among if (one.net, one.currency) == (line.signed, line.currency)]
    named = [one for one in same if _says(line.reference, one.payout)]
    return named[0] if len(named) == 1 else None


def line_naming(settlement: Settlement) -> BankLine | None:
    """The one line that waits whole, is this payout to the cent and names it; None of several."""
    rows = lines_waiting().filter(
        amount=abs(settlement.net),
        is_out=settlement.net < 0,
        currency=settlement.currency,
        amount_assigned=0,
        amount_returned=0,
    )
    named = [one for one in rows if settlement_named(one, settlements_open([one])) == settlement]
    return named[0] if len(named) == 1 else None


def settlement_of(line: BankLine, gateway_code: str) -> Settlement | None:
    """What this provider's settlement of the line is, if it is here already."""
    found = [one for one in settlements_open([line]) if one.gateway == gateway_code]
    return settlement_for(line, found)


def _held_elsewhere() -> list[Gateway]:
    return [one for one in gateways_all() if not hasattr(one, "books_to")]


def _is_by_hand(one: Gateway) -> bool:
    return bool(getattr(one, "pays_back_by_hand", False))


def _is_same_sum(line: BankLine, refund: Refund) -> bool:
    return (refund.amount, refund.intent.currency) == (line.left, line.currency)


def _named(line: BankLine, among: Iterable[Candidate]) -> list[Candidate]:
    said = _bare(line.reference)
    return [
        one
        for one in among
        if one.intent.currency == line.currency and _bare(one.intent.order_number) in said
    ]


def _says(text: str, name: str) -> bool:
    """Whether ``name`` stands in ``text`` whole, not as the beginning of a longer one: po_1, po_12.

    Banks set signs and spaces as they like, so these may be others, or missing.
    """
    parts = re.findall(r"[A-Z0-9]+", name.upper())
    if not parts:
        return False
    pattern = r"[^A-Z0-9]*".join(parts)
    return bool(re.search(rf"(?<![A-Z0-9]){pattern}(?![A-Z0-9])", text.upper()))


def _bare(text: str) -> str:
    """People write numbers with spaces, dots and small letters."""
    return re.sub(r"[^A-Z0-9]", "", text.upper())
