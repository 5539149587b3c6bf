"""What can go wrong when something is booked."""

from shop.core.tables import TableRefused


class LedgerError(Exception):
    """Base of what the books refuse."""


class Unbalanced(LedgerError):
    """The entries do not add up to nothing, or there are none. Our own mistake, never the world's."""


class CloseRefused(LedgerError):
    """The day cannot be closed; says why, for whoever asked."""


class SettlementRefused(TableRefused, LedgerError):
    """A provider's table that is not taken: what is wrong, row by row."""


class WriteOffRefused(LedgerError):
    """A difference is not written off; ``message`` is for finance."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
