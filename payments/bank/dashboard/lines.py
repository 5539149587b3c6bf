"""What the list shows of each line: what was decided in words, whether it can be undone, and what can
be said about what is left."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from payments.bank.models import BankUse, UseKind
from payments.bank.payouts import payouts_to_match
from payments.bank.selectors import (
    candidates,
    couriers,
    payouts_for,
    providers,
    settlement_for,
    settlements_open,
    suggestions_for,
)
from payments.bank.undoing import share_booked
from shop.core.office import may


@dataclass(frozen=True)
class Decided:
    """``undo``: what the form that undoes it says; ``why``: why there is none.

    ``intent_id`` and ``settlement_id``: where it leads.
    """

    words: str
    amount: Decimal
    undo: str
    why: str = ""
    note: str = ""
    intent_id: int | None = None
    settlement_id: int | None = None


def lines_fill(lines: Iterable[Any], user: Any) -> None:
    """Give each line what `bank/_decided.html` and `bank/_decide.html` want, as ``user`` may see it.

    Reads what the list has fetched, and once what all of them may be matched with.
    """
    lines = list(lines)
    may_use = may(user, "bank-assign", "POST")
    may_match = may_use and may(user, "payout-match", "POST")
    may_say = may(user, "bank-use", "POST")
    sent = payouts_to_match() if may_match and any(line.is_out for line in lines) else []
    among = candidates() if may_use and any(line.left for line in lines) else []
    paid_out = settlements_open(lines) if may_say else []
    labels = providers() | couriers()
    may_take_back = may(user, "book-write-off-undo", "POST")
    for line in lines:
        is_open = line.left > 0
        line.decided = list(_decided(line, labels, may_take_back))
        line.can_use = may_use and is_open
        line.can_say = may_say and is_open
        line.suggested = suggestions_for(line, among) if line.can_use and not line.is_out else []
        line.payouts = payouts_for(line, sent) if is_open and line.is_out else []
        line.settlement = settlement_for(line, paid_out) if line.can_say else None
        if line.settlement is not None:
            line.settlement_is = _choice(line.settlement.gateway)


def kinds_offered(user: Any) -> list[tuple[str, str]]:
    """What ``user`` can say that a line was: values and labels of a choice."""
    if not may(user, "bank-use", "POST"):
        return []
    payouts = [(_choice(code), _payout_of(label)) for code, label in providers().items()]
    cash = [(_choice(code), str(UseKind.CASH.label)) for code in couriers()]
    rest = [(str(UseKind.FEE), str(UseKind.FEE.label))]
    if may(user, "bank-short", "POST"):
        rest.append((str(UseKind.WRITE_OFF), _("Some cents: write them off")))
    rest.append((str(UseKind.OTHER), str(UseKind.OTHER.label)))
    return [*payouts, *cash, *rest]


def _choice(code: str) -> str:
    kind = UseKind.CASH if code in couriers() else UseKind.PAYOUT
    return f"{kind}:{code}"


def _payout_of(label: str) -> str:
    return _("Payout: %(provider)s") % {"provider": label}


def _decided(line: Any, labels: Mapping[str, str], may_take_back: bool) -> Iterator[Decided]:
    for share in line.shares.all():
        why = share_booked(share)
        undo = "" if why else f"share-{share.pk}"
        number = share.intent.order_number
        yield Decided(number, share.amount, undo, why=why, intent_id=share.intent_id)
    payout = getattr(line, "payout", None)
    if payout is not None:
        refund = payout.refund
        number, note = refund.intent.order_number, _("Refund")
        yield Decided(number, line.amount, "payout", note=note, intent_id=refund.intent_id)
    for one in line.uses.all():
        used = _used(one, labels)
        yield used if one.kind != UseKind.WRITE_OFF or may_take_back else replace(used, undo="")
    if line.amount_returned:
        yield Decided(_("Sent back"), line.amount_returned, "return", note=line.return_note)


def _used(use: BankUse, labels: Mapping[str, str]) -> Decided:
    words = str(UseKind(use.kind).label)
    if use.kind == UseKind.PAYOUT:
        words = _payout_of(labels.get(use.gateway, use.gateway))
    if use.settlement is not None:
        words = f"{words} · {use.settlement.payout}"
    return Decided(
        words, use.amount, f"use-{use.pk}", note=use.note, settlement_id=use.settlement_id
    )
