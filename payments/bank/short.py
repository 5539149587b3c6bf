"""A transfer that is some cents short: what is missing is written off and the payment counts as paid."""

from typing import Any

from django.utils.translation import gettext as _

from payments.bank.exceptions import BankRefused
from payments.bank.selectors import TRANSFER, missing_of
from payments.bank.services import payment_complete
from payments.ledger.exceptions import WriteOffRefused
from payments.ledger.models import WriteOff, WriteOffKind
from payments.ledger.services import write_off_book
from payments.locks import intent_lock
from payments.models import NEXT, IntentState, PaymentIntent
from shop.core.locks import retry_on_conflict


@retry_on_conflict
def short_write_off(*, intent: PaymentIntent, reason: str, user: Any = None) -> WriteOff:
    """Let go what of ``intent`` has not come, and book it as paid in full. Twice is once.

    Undone (`payments.ledger.services.write_off_undo`) the payment stays paid and lacks that much again,
    for a second transfer that brings it. Raises ``BankRefused`` where nothing has come or is missing,
    without a reason, and above the limit of ``user``.
    """
    intent = intent_lock(intent.pk)
    known = WriteOff.objects.filter(
        kind=WriteOffKind.SHORT, reference=str(intent.key), undone_at__isnull=True
    ).first()
    if known is not None:
        return known
    missing = missing_of(intent)
    was_booked = intent.state == IntentState.CAPTURED
    is_open = was_booked or IntentState.CAPTURED in NEXT[intent.state]
    if intent.gateway != TRANSFER or not is_open or not 0 < missing < intent.amount:
        raise BankRefused(_("Of this payment nothing is missing, or nothing has come yet."))
    try:
        made = write_off_book(
            kind=WriteOffKind.SHORT,
            currency=intent.currency,
            amount=missing,
            reason=reason,
            reference=str(intent.key),
            order_number=intent.order_number,
            user=user,
        )
    except WriteOffRefused as error:
        raise BankRefused(error.message) from error
    if not was_booked:
        payment_complete(intent=intent, user=user)
    return made
