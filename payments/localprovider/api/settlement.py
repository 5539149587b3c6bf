"""``/_control/settlement``: what the provider paid out, as the CSV that a shop brings in.

One payout per currency and day; a fee of 1.4 % and 25 of the smallest units on each charge, as
cards in Europe cost, none on refunds.
"""

import csv
import io
import time
from collections.abc import Iterator

from payments.localprovider.core import Provider
from payments.localprovider.money import digits
from payments.localprovider.store import Row

COLUMNS = ("payout", "paid_on", "type", "reference", "order", "currency", "gross", "fee", "net")
PERMILLE, FIXED = 14, 25


def settlement_csv(provider: Provider) -> str:
    """All movements so far."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_rows(provider))
    return out.getvalue()


def _rows(provider: Provider) -> Iterator[list[str]]:
    for row in provider.store.all("SELECT * FROM balance_transactions ORDER BY seq"):
        day = time.strftime("%Y-%m-%d", time.gmtime(row["created"]))
        gross, currency = row["amount"], row["currency"].upper()
        fee = (gross * PERMILLE + 500) // 1000 + FIXED if gross > 0 else 0
        reference, order = _reference(provider, row)
        yield [
            f"po_{day.replace('-', '')}{row['currency']}",
            day,
            "payment" if gross > 0 else "refund",
            reference,
            order,
            currency,
            *(major(units, currency) for units in (gross, fee, gross - fee)),
        ]


def _reference(provider: Provider, row: Row) -> tuple[str, str]:
    """Charges under the number of their payment, as shops know them; the order's number.

    A charge that was captured in parts is one payment for each: the number, then ``/2`` and so on.
    """
    source = row["source"]
    if not source.startswith("ch_"):
        refund = provider.store.get("refunds", source)
        charge = provider.store.get("charges", refund["charge"])
        return source, charge["metadata"].get("order_number", "")
    charge = provider.store.get("charges", source)
    parts = provider.store.all(
        "SELECT seq FROM balance_transactions WHERE source = ? AND seq < ?", source, row["seq"]
    )
    number = f"/{len(parts) + 1}" if parts else ""
    return f"{charge['intent']}{number}", charge["metadata"].get("order_number", "")


def major(units: int, currency: str) -> str:
    """1250 EUR → ``12.50``."""
    places = digits(currency.lower())
    sign, whole = ("-" if units < 0 else ""), str(abs(units)).rjust(places + 1, "0")
    return f"{sign}{whole[:-places]}.{whole[-places:]}" if places else f"{sign}{whole}"
