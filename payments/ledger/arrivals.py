"""Who is told of a settlement as it is taken in: the bank, whose statement may show it already.

Above the ledger, so it registers itself at start-up: `payments.ledger.arrivals.register(...)` in
its app's ``ready``.
"""

from collections.abc import Callable

from payments.ledger.models import Settlement

Listener = Callable[[Settlement], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """``listener`` runs in the transaction that takes the settlement in. Safe to repeat."""
    if listener not in _listeners:
        _listeners.append(listener)


def arrived(settlement: Settlement) -> None:
    """Its lines and bookings are written."""
    for listener in _listeners:
        listener(settlement)
