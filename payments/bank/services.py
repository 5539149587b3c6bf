"""Taking in bank statements and saying what each line paid for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from payments.bank.exceptions import BankRefused
from payments.bank.locks import bank_line_lock, statements_lock
from payments.bank.models import BankLine, BankShare, UseKind
from payments.bank.payouts import payout_match, payouts_to_match
from payments.bank.selectors import (
    TRANSFER,
    candidates,
    is_short,
    match_of,
    missing_of,
    payout_of,
    settlement_named,
    settlements_open,
)
from payments.bank.statements import Read
from payments.bank.uses import line_use
from payments.exceptions import ImpossibleStep, PaymentShort
from payments.gateways import gateway
from payments.ledger.locks import payouts_lock
from payments.locks import intent_lock
from payments.models import NEXT, IntentState, PaymentIntent
from payments.services import intent_capture, intent_open
from shop.core.locks import retry_on_conflict


@dataclass(frozen=True)
class Taken:
    """What became of a statement. ``out``: how many lines are money that left the account."""

    new: int
    known: int
    matched: int
    out: int


@retry_on_conflict
def statement_take(*, rows: Sequence[Read], user: Any = None) -> Taken:
    """Keep each line once and book those that name a payment and are exactly what it lacks, or name
    a payout and are exactly what it sends: of ours to a customer, or a provider's to us.

    All of it or nothing. The same statement again changes nothing.
    """
    statements_lock()
    prints = [row.fingerprint for row in rows]
    known = set(
        BankLine.objects.filter(fingerprint__in=prints).values_list("fingerprint", flat=True)
    )
    fresh = [
        BankLine(
            fingerprint=row.fingerprint,
            booked_on=row.booked_on,
            is_out=row.amount < 0,
            amount=abs(row.amount),
            currency=row.currency,
            reference=row.reference,
            payer=row.payer,
            imported_by=user,
        )
        for row in rows
        if row.fingerprint not in known
    ]
    BankLine.objects.bulk_create(fresh)
    matched = 0
    among = candidates()
    sent = payouts_to_match() if any(line.is_out for line in fresh) else []
    rest = []
    for line in fresh:
        if line.is_out:
            payout = payout_of(line, sent)
            if payout is not None:
                payout_match(line=line, refund=payout, user=user)
                sent.remove(payout)
                matched += 1
            else:
                rest.append(line)
            continue
        match = match_of(line, among)
        if match is not None:
            bank_line_assign(line=line, intent=match.intent, user=user)
            among.remove(match)
            matched += 1
        else:
            rest.append(line)
    matched += _payouts_of_providers(rest, user)  # after the payments: so are the locks
    return Taken(len(fresh), len(known), matched, sum(row.amount < 0 for row in rows))


def _payouts_of_providers(lines: Sequence[BankLine], user: Any) -> int:
    """Each line that names an imported payout and is exactly that is it; how many are."""
    if not lines:
        return 0
    payouts_lock()
    paid_out = settlements_open(lines)
    found = 0
    for line in lines:
        settlement = settlement_named(line, paid_out)
        if settlement is not None:
            line_use(line=line, kind=UseKind.PAYOUT, gateway_code=settlement.gateway, user=user)
            paid_out.remove(settlement)
            found += 1
    return found


@retry_on_conflict
def bank_line_assign(*, line: BankLine, intent: PaymentIntent, user: Any = None) -> BankShare:
    """What is left of ``line`` pays for ``intent``, as far as it lacks anything.

    With all of its money there the payment is booked, also one that was given up: its order decides
    what becomes of it. What is left over stays on the line. Raises ``BankRefused``.
    """
    intent = intent_lock(intent.pk)
    line = bank_line_lock(line.pk)
    was_booked = intent.state == IntentState.CAPTURED  # by hand, before the statement came
    is_open = was_booked or IntentState.CAPTURED in NEXT[intent.state]
    is_ours = intent.gateway == TRANSFER and not line.is_out
    if not is_ours or intent.currency != line.currency or not is_open:
        raise BankRefused(_("This payment is no transfer that waits for money in this currency."))
    missing = missing_of(intent)
    amount = min(line.left, missing)
    if amount <= 0 or line.shares.filter(intent=intent).exists():
        raise BankRefused(_("A colleague decided on it meanwhile."))
    share = BankShare.objects.create(line=line, intent=intent, amount=amount, assigned_by=user)
    line.amount_assigned += amount
    line.save(update_fields=["amount_assigned"])
    if amount == missing and not was_booked:
        payment_complete(intent=intent, user=user)
        share.has_booked = True
    return share


@retry_on_conflict
def payment_book(*, intent: PaymentIntent, user: Any = None) -> None:
    """A clerk says that a transfer or the courier's cash has come, all of it.

    Raises ``PaymentShort`` where statements brought a part: to let go the rest is a right of its own;
    ``ImpossibleStep`` for what a provider takes, and where it was booked before.
    """
    intent = intent_lock(intent.pk)
    if gateway(intent.gateway).is_hosted:
        raise ImpossibleStep(f"intent {intent.pk} is taken by its provider")
    if is_short(intent):
        raise PaymentShort
    intent_capture(intent=intent_open(intent=intent), user=user)


def payment_complete(*, intent: PaymentIntent, user: Any = None) -> None:
    """All of it is there: it is booked, by everything that came for it. Under its lock."""
    intent_capture(intent=intent_open(intent=intent), user=user)
    BankShare.objects.filter(intent=intent).update(has_booked=True)


@retry_on_conflict
def bank_line_return(*, line: BankLine, note: str, user: Any = None) -> Decimal:
    """What is left of the line was sent back at the bank; how much that is. Raises ``BankRefused``."""
    line = bank_line_lock(line.pk)
    amount = line.left
    if amount <= 0 or line.is_out:
        raise BankRefused(_("A colleague decided on it meanwhile."))
    if not note.strip():
        raise BankRefused(_("Please say why it goes back, and when."))
    who = user.email if user else ""
    line.amount_returned += amount
    line.return_note = " · ".join(part for part in (note.strip()[:140], who[:50]) if part)
    line.save(update_fields=["amount_returned", "return_note"])
    return amount
