"""Sending back what no provider sends: transfers and cash. The payer names an account, somebody
sends the money at the bank, and says so or takes in the statement that shows it. Only then do the
books, the credit note and the mail follow (`payments.services.refund_sent`)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.bank.accounts import account_shown
from payments.bank.exceptions import BankRefused
from payments.bank.locks import bank_line_lock
from payments.bank.models import BankLine, Payout
from payments.locks import intent_lock, intents_lock
from payments.models import Refund, RefundState
from payments.services import by_hand, is_by_hand, refund_sent, refund_unsent
from shop.core.locks import retry_on_conflict
from shop.core.sealed import seal

KNOWN = Q(payout__isnull=False) & ~Q(payout__account="")
READY = KNOWN & Q(payout__filed_at__isnull=True)
MOST_OPEN = 2000  # payouts among which a statement is matched


def payouts_open() -> QuerySet[Refund]:
    """Refunds that somebody has to send, the oldest first, with payment and account."""
    rows = Refund.objects.filter(by_hand(), state=RefundState.PENDING)
    return rows.select_related("intent__origin", "payout").order_by("created_at", "pk")


def payouts_ready() -> QuerySet[Refund]:
    """Those whose account is known and that stand in no file for the bank yet."""
    return payouts_open().filter(READY)


def payouts_to_match() -> list[Refund]:
    """What an outgoing line may be: not sent yet, or said to be sent and on no statement so far."""
    unseen = Q(state=RefundState.DONE, payout__isnull=False, payout__line__isnull=True)
    rows = Refund.objects.filter(by_hand()).filter(Q(state=RefundState.PENDING) | unseen)
    return list(rows.select_related("intent__origin").order_by("pk")[:MOST_OPEN])


def payout_reference(refund: Refund) -> str:
    """What the transfer says, so that its line on the statement is known again."""
    return f"{refund.intent.order_number} R{refund.pk}"


@retry_on_conflict
def account_tell(
    *, order_number: str, holder: str, account: str, bank: str = "", user: Any = None
) -> int:
    """All open refunds of the order that somebody has to send go to this account; how many there are.

    ``user``: of the team; None is the payer, for whom what is with the bank already stays as it is.
    Raises ``BankRefused`` where nothing is open any more.
    """
    refunds = list(payouts_open().filter(intent__order_number=order_number))
    intents_lock(one.intent_id for one in refunds)
    told = 0
    for refund in refunds:
        if Refund.objects.get(pk=refund.pk).state != RefundState.PENDING:
            continue
        known = Payout.objects.filter(pk=refund.pk).first()
        if known is not None and known.filed_at is not None and user is None:
            continue
        facts = {
            "holder": seal(holder),
            "account": seal(account),
            "bank": bank,
            "shown": account_shown(account),
            "told_by": user,
            "told_at": timezone.now(),
            "filed_at": None,
        }
        Payout.objects.update_or_create(refund=refund, defaults=facts)
        told += 1
    if not told:
        raise BankRefused(_("This money is on its way already, or nothing is open any more."))
    return told


@retry_on_conflict
def payouts_file(*, refunds: Iterable[Refund], is_again: bool = False) -> list[Refund]:
    """They stand in a file for the bank: from now on their payers cannot name another account.

    Returned as they are then, under the locks of `account_tell`, so that the file has no account that
    was changed a moment before. Left out is what was sent meanwhile and, unless ``is_again``, what stands
    in a file already: two who ask at once do not both get it.
    """
    chosen = list(refunds)
    intents_lock(one.intent_id for one in chosen)
    rows = list(
        payouts_open().filter(KNOWN if is_again else READY, pk__in=[one.pk for one in chosen])
    )
    Payout.objects.filter(refund__in=rows).update(filed_at=timezone.now())
    return rows


@retry_on_conflict
def payout_send(*, refund: Refund, note: str = "", user: Any = None) -> Payout:
    """Somebody has sent it. Without an account ``note`` says how. Twice is once.

    Raises ``BankRefused`` for what a provider sends, or what was refused.
    """
    intent_lock(refund.intent_id)
    refund = Refund.objects.select_related("intent__origin").get(pk=refund.pk)
    payout = Payout.objects.filter(pk=refund.pk).first() or Payout(refund=refund)
    if payout.sent_at is not None:
        return payout
    if not is_by_hand(refund) or refund.state != RefundState.PENDING:
        raise BankRefused(_("A colleague decided on it meanwhile."))
    if not payout.has_account and not note.strip():
        raise BankRefused(_("No account is known. Please say how it was sent."))
    _sent(payout, refund, user, note.strip()[:200])
    return payout


@retry_on_conflict
def payout_unsend(*, refund: Refund, user: Any = None) -> None:
    """It was said to be sent by mistake: it waits again, in the books too. Twice is once.

    Raises ``BankRefused`` where a statement shows it leaving.
    """
    intent_lock(refund.intent_id)
    payout = Payout.objects.select_related("refund").filter(pk=refund.pk).first()
    if payout is None or payout.sent_at is None:
        return
    if payout.line_id is not None:
        raise BankRefused(_("A bank statement shows it leaving, so it was sent."))
    refund_unsent(refund=payout.refund, user=user)
    if not payout.has_account:  # what was said of how it was sent is not so
        payout.delete()
        return
    payout.sent_at = payout.sent_by = None
    payout.note = ""
    payout.save(update_fields=["sent_at", "sent_by", "note"])


@retry_on_conflict
def payout_match(*, line: BankLine, refund: Refund, user: Any = None) -> Payout:
    """A line of the statement shows it leaving, to the cent; if nobody has said so, it is sent now.

    Raises ``BankRefused`` where it is another amount, or not open any more.
    """
    intent_lock(refund.intent_id)
    refund = Refund.objects.select_related("intent__origin").get(pk=refund.pk)
    line = bank_line_lock(line.pk)
    payout = Payout.objects.filter(pk=refund.pk).first() or Payout(refund=refund)
    is_same = line.is_out and (line.left, line.currency) == (refund.amount, refund.intent.currency)
    if not is_same or line.left != line.amount or not is_by_hand(refund):
        raise BankRefused(_("This line is another amount, or it came in."))
    if payout.line_id is not None or refund.state == RefundState.REFUSED:
        raise BankRefused(_("A colleague decided on it meanwhile."))
    line.amount_assigned = line.amount
    line.save(update_fields=["amount_assigned"])
    if payout.sent_at is None:
        note = "" if payout.has_account else _("Found on the bank statement")
        _sent(payout, refund, user, note)
        payout.is_sent_by_line = True
    payout.line = line
    payout.save()
    return payout


def _sent(payout: Payout, refund: Refund, user: Any, note: str) -> None:
    payout.sent_at, payout.sent_by = timezone.now(), user
    payout.note = note or payout.note
    payout.save()
    refund_sent(refund=refund, user=user)
