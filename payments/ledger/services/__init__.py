"""Everything that writes in the books. Every function is safe twice."""

from payments.ledger.services.booking import (
    Booking,
    Statement,
    transaction_book,
    transaction_book_beside,
    transaction_reverse,
    transactions_book,
)
from payments.ledger.services.closing import days_close
from payments.ledger.services.settling import settlements_import
from payments.ledger.services.writing_off import (
    difference_write_off,
    write_off_book,
    write_off_limit_save,
    write_off_undo,
)

__all__ = [
    "Booking",
    "Statement",
    "days_close",
    "difference_write_off",
    "settlements_import",
    "transaction_book",
    "transaction_book_beside",
    "transaction_reverse",
    "transactions_book",
    "write_off_book",
    "write_off_limit_save",
    "write_off_undo",
]
