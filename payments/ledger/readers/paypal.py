"""PayPal: the settlement report (STL), one of each day, from PayPal's SFTP server.

Source: developer.paypal.com/docs/reports/sftp-reports/settlement-report. Each row begins with its kind:
``SH`` is the head of an account's section, ``CH`` names the columns, ``SB`` is a transaction. Amounts are in
the smallest unit, without signs; a column says whether they are debit or credit. The money stays in the
PayPal account; withdrawals are told by the bank statement.
"""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from payments.ledger.exceptions import SettlementRefused
from payments.ledger.models import LineKind
from payments.ledger.readers.base import (
    Cells,
    SettlementRow,
    by_sign,
    csv_of,
    currency_of,
    day_of,
    filled,
    names_needed,
    rows_of,
)
from shop.core.money import ZERO, from_minor, to_minor

NEEDED = (
    "transaction id",
    "transaction event code",
    "transaction debit or credit",
    "gross transaction amount",
    "gross transaction currency",
    "fee debit or credit",
    "fee amount",
)
HEAD = (
    "Transaction ID",
    "Invoice ID",
    "PayPal Reference ID",
    "PayPal Reference ID Type",
    "Transaction Event Code",
    "Transaction Initiation Date",
    "Transaction Completion Date",
    "Transaction Debit or Credit",
    "Gross Transaction Amount",
    "Gross Transaction Currency",
    "Fee Debit or Credit",
    "Fee Amount",
    "Fee Currency",
)
FEES = "T01"
#: Money from and to the bank, holds and reserves: it is the shop's as before.
NOT_OURS = ("T03", "T04", "T15", "T21")


class PaypalReader:
    gateway = "paypal"
    name = "PayPal"

    def knows(self, text: str) -> bool:
        return text.lstrip()[:4].strip('"').startswith("RH") and "Transaction Event Code" in text

    def read(self, text: str) -> list[SettlementRow]:
        names: list[str] = []
        payout = day = ""
        number = "01"
        lines: list[tuple[int, Cells]] = []
        for place, cells in enumerate(csv.reader(io.StringIO(text)), start=1):
            kind, *rest = cells or [""]
            if kind == "FH" and rest:
                number = rest[0].strip().rjust(2, "0")[:6]
            elif kind == "SH" and len(rest) > 1:
                day = rest[1][:10].replace("/", "-")
                payout = f"STL-{day.replace('-', '')}.{number}"
            elif kind == "CH":
                names = [cell.strip().lower() for cell in rest]
                names_needed(names, NEEDED)
            elif kind == "SB":
                row = dict(zip(names, map(str.strip, rest), strict=False))
                lines.append((place, row | {"payout": payout, "day": day}))
        return rows_of(lines, _row)

    def write(self, rows: Sequence[SettlementRow]) -> str:
        """Of one day."""
        day = rows[0].paid_on.strftime("%Y/%m/%d")
        return csv_of(
            [
                ("RH", f"{day} 23:59:59 +0000", "A", "STOREKEEP", "009"),
                ("FH", "01"),
                ("SH", f"{day} 00:00:00 +0000", f"{day} 23:59:59 +0000", "STOREKEEP", ""),
                ("CH", *HEAD),
                *(("SB", *_cells(row)) for row in rows),
                ("SC", str(len(rows))),
                ("RC", str(len(rows))),
            ]
        )


def _row(cells: Cells) -> SettlementRow | None:
    code = cells.get("transaction event code", "")
    if code.startswith(NOT_OURS):
        return None
    filled(cells, "transaction id", "transaction event code", "payout")
    currency = currency_of(cells.get("gross transaction currency", ""), "paypal")
    gross = _signed(cells, "gross transaction amount", "transaction debit or credit", currency)
    fee = -_signed(cells, "fee amount", "fee debit or credit", currency)
    if code.startswith(FEES):
        kind, gross, fee = LineKind.FEE, ZERO, fee - gross
    else:
        kind = by_sign(gross)
        if not gross:
            return None
    return SettlementRow(
        payout=cells["payout"],
        paid_on=day_of(cells["day"]),
        kind=kind,
        reference=cells["transaction id"],
        order_number="",
        currency=currency,
        amount=gross,
        fee=fee,
        is_paid_out=False,
    )


def _signed(cells: Cells, amount: str, side: str, currency: str) -> Decimal:
    """Credit is the shop's."""
    text = cells.get(amount, "") or "0"
    if not (text.isascii() and text.isdecimal()) or len(text) > 11:
        facts = {"text": text[:20], "currency": currency}
        raise SettlementRefused([_("“%(text)s” is no amount in %(currency)s") % facts])
    units = int(text)
    if units and cells.get(side) not in ("CR", "DR"):
        raise SettlementRefused([_("an amount is neither credit nor debit")])
    return from_minor(-units if cells.get(side) == "DR" else units, currency)


def _cells(row: SettlementRow) -> list[str]:
    code = {"payment": "T0006", "refund": "T1107"}.get(row.kind, "T0100")
    gross = row.amount if row.kind != LineKind.FEE else -row.fee
    fee = row.fee if row.kind != LineKind.FEE else ZERO
    moment = row.paid_on.strftime("%Y/%m/%d 12:00:00 +0000")
    return [
        row.reference,
        row.order_number,
        "",
        "",
        code,
        moment,
        moment,
        "CR" if gross > ZERO else "DR",
        str(abs(to_minor(gross, row.currency))),
        row.currency,
        "" if not fee else "DR" if fee > ZERO else "CR",
        str(abs(to_minor(fee, row.currency))) if fee else "",
        row.currency if fee else "",
    ]
