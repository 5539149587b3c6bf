"""The only place that locks bank lines; after the payment that they are for."""

from django.db import connection

from payments.bank.models import BankLine


def bank_line_lock(line_id: int) -> BankLine:
    """Lock one line and return its fresh row."""
    return BankLine.objects.select_for_update(of=("self",)).get(pk=line_id)


def statements_lock() -> None:
    """One statement at a time, so that the same one twice at once is taken once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('bank statements'))")
