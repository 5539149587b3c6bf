"""What the books say, in short words, and drift that the database would refuse."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from django.db import connection

from payments.ledger.models import Entry, Settlement, Transaction, WriteOff
from payments.ledger.services import difference_write_off, settlements_import
from payments.ledger.settlement_table import settlement_read


def booked(order_number: str) -> list[tuple[str, dict[str, Decimal]]]:
    """What was booked for an order: kind, and amount by account, in order."""
    return [
        (
            one.kind,
            {entry.account.code: entry.amount for entry in one.entries.select_related("account")},
        )
        for one in Transaction.objects.filter(order_number=order_number).order_by("pk")
    ]


def owed(order_number: str) -> Decimal:
    rows = Entry.objects.filter(
        transaction__order_number=order_number, account__code="receivable"
    ).values_list("amount", flat=True)
    return sum(rows, Decimal(0))


def settlement_text(*rows: str) -> str:
    return "\n".join(["payout,paid_on,type,reference,order,currency,gross,fee,net", *rows])


def settlement_made() -> Settlement:
    """A payout of one payment that we do not know."""
    text = settlement_text("po_1,2026-05-04,payment,pi_1,A-1,EUR,10.00,0.39,9.61")
    return settlements_import(gateway_code="stripe", rows=settlement_read(text))[0]


def written_off() -> WriteOff:
    """A difference of a payment that only the provider has."""
    return difference_write_off(
        gateway_code="stripe", reference="pi_1", currency="EUR", reason="CASE-7"
    )


@contextmanager
def without_triggers(*tables: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
