"""The house's own format: a payout's rows with gross, fee and net, of any provider."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from payments.ledger.exceptions import SettlementRefused
from payments.ledger.models import LineKind
from payments.ledger.readers.base import (
    Cells,
    SettlementRow,
    amount_of,
    csv_of,
    currency_of,
    day_of,
    filled,
    lines_of,
    rows_of,
    table_of,
)
from shop.core.money import ZERO

COLUMNS = ("payout", "paid_on", "type", "reference", "order", "currency", "gross", "fee", "net")


class HouseReader:
    gateway = ""
    name = "Storekeep"

    def knows(self, text: str) -> bool:
        """What nobody else knows; a wrong head is told which columns it lacks."""
        return True

    def read(self, text: str) -> list[SettlementRow]:
        return rows_of(lines_of(table_of(text), COLUMNS), _row)

    def write(self, rows: Sequence[SettlementRow]) -> str:
        cells = [
            (
                one.payout,
                one.paid_on,
                one.kind,
                one.reference,
                one.order_number,
                one.currency,
                one.amount,
                one.fee,
                one.amount - one.fee,
            )
            for one in rows
        ]
        return csv_of([COLUMNS, *cells])


def _row(cells: Cells) -> SettlementRow:
    filled(cells, *(name for name in COLUMNS if name != "order"))
    currency, kind = currency_of(cells["currency"]), cells["type"].lower()
    if kind not in (LineKind.PAYMENT, LineKind.REFUND):
        raise SettlementRefused([_("the type is payment or refund")])
    gross, fee, net = (amount_of(cells[name], currency) for name in ("gross", "fee", "net"))
    if gross - fee != net:
        raise SettlementRefused([_("gross less fee is not net")])
    if (kind == LineKind.PAYMENT) != (gross > ZERO) or not gross:
        raise SettlementRefused([_("payments are above zero, refunds below")])
    return SettlementRow(
        payout=cells["payout"],
        paid_on=day_of(cells["paid_on"]),
        kind=kind,
        reference=cells["reference"],
        order_number=cells["order"],
        currency=currency,
        amount=gross,
        fee=fee,
    )
