"""Where a refund may go instead of the way that its money came: store credit, say.

A target registers itself at start-up, as `payments.targets.register(StoreCredit())` in its app's
``ready``; the back office then offers it.
"""

from typing import Protocol

from django.utils.functional import Promise

from payments.ledger.accounts import AccountKey
from payments.models import Refund


class RefundTarget(Protocol):
    code: str  # kept with each refund, forty characters at most
    account: AccountKey  # where the books have it then; the refund books it, ``give`` does not

    @property
    def label(self) -> str | Promise: ...

    def takes(self, *, order_number: str) -> bool:
        """Whether money of this order may go there: whether its buyer has an account, say."""
        ...

    def give(self, *, refund: Refund) -> str:
        """Credit ``refund.amount`` in the currency of its intent, and say under what reference.

        Runs in the transaction that settles the refund, under its intent's lock; once a refund.
        What it raises leaves the refund pending, to be tried again.
        """
        ...


_targets: dict[str, RefundTarget] = {}


def register(target: RefundTarget) -> None:
    """Safe to repeat. The last one of a code holds."""
    _targets[target.code] = target


def target_of(code: str) -> RefundTarget:
    """Raises ``KeyError`` for one that nobody registered."""
    return _targets[code]


def target_shown(code: str) -> str:
    """Its label; empty for the way that the money came. One that is gone is named by its code."""
    return str(_targets[code].label) if code in _targets else code


def targets_for(*, order_number: str) -> list[RefundTarget]:
    return [one for one in _targets.values() if one.takes(order_number=order_number)]
