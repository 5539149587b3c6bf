"""Giving a line back that was assigned to a payment or a refund.

Not where it booked a payment: the order is paid and may be on its way. Money that is to go back is a
refund.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from payments.bank.exceptions import BankRefused
from payments.bank.locks import bank_line_lock
from payments.bank.models import BankLine, BankShare, Payout
from payments.bank.payouts import payout_unsend
from payments.locks import intent_lock
from shop.core.locks import retry_on_conflict
from shop.core.money import ZERO


def share_booked(share: BankShare) -> str:
    """Why an assignment cannot be undone; nothing where it can."""
    if not share.has_booked:
        return ""
    return _("It booked the payment. To send money back, refund the order.")


@retry_on_conflict
def share_undo(*, share: BankShare) -> None:
    """It paid for something else; what it took of its line waits again. Twice is once.

    Raises ``BankRefused`` where it booked the payment.
    """
    intent_lock(share.intent_id)
    line = bank_line_lock(share.line_id)
    fresh = BankShare.objects.select_related("intent").filter(pk=share.pk).first()
    if fresh is None:
        return
    if why := share_booked(fresh):
        raise BankRefused(why)
    _given_back(line, fresh.amount)
    fresh.delete()


@retry_on_conflict
def payout_unmatch(*, line: BankLine, user: Any = None) -> None:
    """It shows another transfer than this refund's. Twice is once.

    A refund that somebody had said to be sent stays sent; one that was only on this line waits to be
    sent again, in the books too.
    """
    shown = Payout.objects.select_related("refund").filter(line=line).first()
    if shown is None:
        return
    intent_lock(shown.refund.intent_id)
    line = bank_line_lock(line.pk)
    payout = Payout.objects.select_related("refund").filter(line=line).first()
    if payout is None:
        return
    was_sent_by_line = payout.is_sent_by_line
    payout.line, payout.is_sent_by_line = None, False
    payout.save(update_fields=["line", "is_sent_by_line"])
    _given_back(line, line.amount)
    if was_sent_by_line:
        payout_unsend(refund=payout.refund, user=user)


@retry_on_conflict
def return_undo(*, line: BankLine) -> Decimal:
    """It was not sent back at the bank; how much waits again. Nothing was booked, so nothing is."""
    line = bank_line_lock(line.pk)
    amount: Decimal = line.amount_returned
    line.amount_returned, line.return_note = ZERO, ""
    line.save(update_fields=["amount_returned", "return_note"])
    return amount


def _given_back(line: BankLine, amount: Decimal) -> None:
    line.amount_assigned -= amount
    line.save(update_fields=["amount_assigned"])
