"""Letting a difference of money go: what a provider settled other than booked, what a transfer was short
or too much. With a reason, within the limit of a role, and undone by a reversal."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.exchange.rates import exchange_of
from payments.ledger.accounts import BANK, WRITE_OFF, money_at
from payments.ledger.exceptions import WriteOffRefused
from payments.ledger.locks import payouts_lock
from payments.ledger.models import EventKind, WriteOff, WriteOffKind, WriteOffLimit
from payments.ledger.reconciling import difference_of
from payments.ledger.selectors import write_off_limit_of, written_off_so_far
from payments.ledger.services.booking import transaction_book, transaction_reverse
from shop.core.locks import retry_on_conflict
from shop.core.money import shown


@retry_on_conflict
def difference_write_off(
    *, gateway_code: str, reference: str, currency: str, reason: str, user: Any = None
) -> WriteOff:
    """What the provider settled of ``reference`` is right, and our books follow. Twice is once.

    Raises ``WriteOffRefused`` where they agree already, without a reason and above the limit.
    """
    payouts_lock()
    difference = difference_of(gateway_code, reference=reference, currency=currency)
    if difference is None:
        stands = WriteOff.objects.filter(
            kind=WriteOffKind.SETTLEMENT,
            gateway=gateway_code,
            reference=reference,
            currency=currency,
            undone_at__isnull=True,
        ).first()
        if stands is None:
            raise WriteOffRefused(_("There is no difference any more."))
        return stands
    return write_off_book(
        kind=WriteOffKind.SETTLEMENT,
        gateway_code=gateway_code,
        reference=reference,
        order_number=difference.order_number or "",
        currency=currency,
        amount=difference.off_by,
        reason=reason,
        user=user,
    )


@retry_on_conflict
def write_off_book(
    *,
    kind: WriteOffKind,
    currency: str,
    amount: Decimal,
    reason: str,
    user: Any,
    gateway_code: str = "",
    reference: str = "",
    order_number: str = "",
) -> WriteOff:
    """Write ``amount`` off what lies at the gateway's provider, or on the bank without one.

    Under the lock of what it is about: whoever calls has seen that it is still missing. Raises
    ``WriteOffRefused`` without a reason and above the limit of ``user``; nobody has none.
    """
    reason = reason.strip()[:200]
    if not reason:
        raise WriteOffRefused(_("Please say why it is written off."))
    _refuse_above_limit(user, amount, currency, order_number, reference)
    made = WriteOff.objects.create(
        kind=kind,
        gateway=gateway_code,
        reference=reference,
        order_number=order_number,
        currency=currency,
        amount=amount,
        reason=reason,
        decided_by=user,
    )
    account = money_at(gateway_code) if gateway_code else BANK
    made.booking = transaction_book(
        key=f"write-off:{made.pk}",
        kind=EventKind.WRITE_OFF,
        currency=currency,
        entries=[(WRITE_OFF, amount), (account, -amount)],
        order_number=order_number,
        reference=reference,
        memo=reason,
        source="desk",
        user=user,
    )
    made.save(update_fields=["booking"])
    return made


@retry_on_conflict
def write_off_undo(*, write_off: WriteOff, user: Any = None) -> WriteOff:
    """The difference is there again. Twice is once."""
    payouts_lock()
    write_off = WriteOff.objects.select_related("booking").get(pk=write_off.pk)
    if write_off.undone_at is not None:
        return write_off
    transaction_reverse(
        booked=write_off.booking, kind=EventKind.WRITE_OFF, source="desk", user=user
    )
    write_off.undone_at, write_off.undone_by = timezone.now(), user
    write_off.save(update_fields=["undone_at", "undone_by"])
    return write_off


@transaction.atomic
def write_off_limit_save(*, group_id: int, amount: Decimal | None) -> None:
    """What a role may write off from now on; None: as every role without a limit of its own."""
    if amount is None:
        WriteOffLimit.objects.filter(group=group_id).delete()
        return
    WriteOffLimit.objects.update_or_create(group_id=group_id, defaults={"amount": amount})


def _refuse_above_limit(
    user: Any, amount: Decimal, currency: str, order_number: str, reference: str
) -> None:
    limit = write_off_limit_of(user)
    if limit is None:
        return
    before = written_off_so_far(order_number=order_number, reference=reference, currency=currency)
    if exchange_of(currency).back(before + abs(amount)) > limit:
        text = _("This is above your limit of %(limit)s. A colleague with a higher one can do it.")
        own = shown(limit, settings.OSCAR_DEFAULT_CURRENCY, get_language() or "en")
        raise WriteOffRefused(text % {"limit": own})
