"""Everything that writes in the books. Every function is safe twice."""

from payments.ledger.services.booking import (
    Booking,
    transaction_book,
    transaction_reverse,
    transactions_book,
)
from payments.ledger.services.closing import days_close
from payments.ledger.services.settling import settlements_import

__all__ = [
    "Booking",
    "days_close",
    "settlements_import",
    "transaction_book",
    "transaction_reverse",
    "transactions_book",
]
