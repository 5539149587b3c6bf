"""What else a line of a statement was: a provider's payout, a courier's cash, a fee of the bank, some
cents too much that are let go, or nothing that belongs into these books. Each moves in the ledger what it moved (docs/ledger.md)."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from payments.bank.exceptions import BankRefused
from payments.bank.locks import bank_line_lock
from payments.bank.models import BankLine, BankUse, UseKind
from payments.bank.selectors import couriers, line_naming, providers, settlement_of
from payments.ledger.accounts import BANK, FEES, money_at
from payments.ledger.exceptions import WriteOffRefused
from payments.ledger.locks import payouts_lock
from payments.ledger.models import EventKind, Settlement, Transaction, WriteOff, WriteOffKind
from payments.ledger.services import (
    transaction_book,
    transaction_reverse,
    write_off_book,
    write_off_undo,
)
from shop.core.days import day_start
from shop.core.locks import retry_on_conflict

WHOSE = {UseKind.PAYOUT: providers, UseKind.CASH: couriers}


@retry_on_conflict
def line_use(
    *, line: BankLine, kind: str, gateway_code: str = "", note: str = "", user: Any = None
) -> BankUse:
    """What is left of ``line`` was ``kind``, coming or leaving. The same again gives the first.

    ``gateway_code``: of a payout its provider, of cash its way to pay. A payout that an imported
    settlement has booked is matched with it and moves nothing more. Raises ``BankRefused``.
    """
    payouts_lock()
    line = bank_line_lock(line.pk)
    same = line.uses.filter(kind=kind, gateway=gateway_code, undone_at__isnull=True).first()
    if same is not None:
        return same
    note = note.strip()[:200]
    whose = WHOSE[UseKind(kind)]() if kind in WHOSE else {"": ""}
    if kind not in UseKind.values or gateway_code not in whose:
        raise BankRefused(_("Please choose what this line was."))
    if kind in (UseKind.OTHER, UseKind.WRITE_OFF) and not note:
        raise BankRefused(_("Please write what it was."))
    if line.left <= 0:
        raise BankRefused(_("A colleague decided on it meanwhile."))
    settlement = settlement_of(line, gateway_code) if gateway_code else None
    use = BankUse.objects.create(
        line=line,
        kind=kind,
        gateway=gateway_code,
        amount=line.left,
        note=note,
        settlement=settlement,
        decided_by=user,
    )
    line.amount_assigned += use.amount
    line.save(update_fields=["amount_assigned"])
    if kind != UseKind.OTHER and settlement is None:
        use.booking = _let_go(use, user) if kind == UseKind.WRITE_OFF else _booked(use, user)
        use.save(update_fields=["booking"])
    return use


@retry_on_conflict
def use_undo(*, use: BankUse, user: Any = None) -> BankUse:
    """It was something else: its booking is reversed, and what it took of the line waits again.

    Twice is once. An imported settlement keeps what it booked itself.
    """
    payouts_lock()
    line = bank_line_lock(use.line_id)
    use = BankUse.objects.select_related("booking").get(pk=use.pk)
    if use.undone_at is not None:
        return use
    if use.kind == UseKind.WRITE_OFF:
        write_off_undo(write_off=WriteOff.objects.get(booking=use.booking), user=user)
    elif use.booking is not None:
        transaction_reverse(booked=use.booking, source="bank", user=user)
    use.undone_at, use.undone_by = timezone.now(), user
    use.save(update_fields=["undone_at", "undone_by"])
    line.amount_assigned -= use.amount
    line.save(update_fields=["amount_assigned"])
    return use


def settlement_arrived(settlement: Settlement) -> None:
    """The statement was first: what its line booked is taken back, as the settlement has booked it.

    A line that names it and that nobody has decided on is it from now on. Under `payouts_lock`.
    """
    if not settlement.is_paid_out:
        return
    waiting = BankUse.objects.filter(
        gateway=settlement.gateway,
        undone_at__isnull=True,
        settlement__isnull=True,
        amount=abs(settlement.net),
        line__amount=abs(settlement.net),
        line__is_out=settlement.net < 0,
        line__currency=settlement.currency,
    )
    found = waiting.order_by("line__booked_on", "pk").first()
    if found is None:
        line = line_naming(settlement)
        if line is not None:
            line_use(line=line, kind=UseKind.PAYOUT, gateway_code=settlement.gateway)
        return
    bank_line_lock(found.line_id)
    use = BankUse.objects.select_related("booking").get(pk=found.pk)
    if use.booking is not None:
        transaction_reverse(booked=use.booking, source="bank", memo=settlement.payout)
    use.settlement = settlement
    use.save(update_fields=["settlement"])


def _booked(use: BankUse, user: Any) -> Transaction:
    line = use.line
    signed = -use.amount if line.is_out else use.amount
    is_fee = use.kind == UseKind.FEE
    return transaction_book(
        key=f"bank-use:{use.pk}",
        kind=EventKind.FEE if is_fee else EventKind.PAYOUT,
        currency=line.currency,
        entries=[(BANK, signed), (FEES if is_fee else money_at(use.gateway), -signed)],
        reference=line.reference,
        happened_at=_noon(line.booked_on),
        memo=use.note,
        source="bank",
        user=user,
    )


def _let_go(use: BankUse, user: Any) -> Transaction | None:
    """What came and nobody claims is a gain, what left a loss; of the order that the rest of it paid."""
    line = use.line
    numbers = {share.intent.order_number for share in line.shares.select_related("intent")}
    try:
        made = write_off_book(
            kind=WriteOffKind.REST,
            currency=line.currency,
            amount=use.amount if line.is_out else -use.amount,
            reason=use.note,
            order_number=numbers.pop() if len(numbers) == 1 else "",
            user=user,
        )
    except WriteOffRefused as error:
        raise BankRefused(error.message) from error
    return made.booking


def _noon(day: dt.date) -> dt.datetime:
    return min(day_start(day) + dt.timedelta(hours=12), timezone.now())
