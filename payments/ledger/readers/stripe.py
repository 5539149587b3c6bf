"""Stripe: the payout reconciliation report, itemised; the balance report with its payouts too.

Source: docs.stripe.com/reports/report-types/payout-reconciliation. Reports > Payout reconciliation >
Download > Itemized, with the columns *payment_intent_id* and, for the order, the metadata *order_number*.
"""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from payments.ledger.exceptions import SettlementRefused
from payments.ledger.models import LineKind
from payments.ledger.readers.base import (
    Cells,
    SettlementRow,
    amount_of,
    by_sign,
    csv_of,
    currency_of,
    day_of,
    filled,
    lines_of,
    rows_of,
    table_of,
)
from shop.core.money import ZERO

NEEDED = (
    "automatic_payout_id",
    "automatic_payout_effective_at",
    "balance_transaction_id",
    "currency",
    "gross",
    "fee",
    "net",
    "reporting_category",
    "source_id",
    "payment_intent_id",
)
ORDER = "payment_metadata[order_number]"
FEES = ("fee", "network_cost")
NOT_OURS = ("payout", "payout_reversal")  # what the rows of a payout add up to


class StripeReader:
    gateway = "stripe"
    name = "Stripe"

    def knows(self, text: str) -> bool:
        head = text.partition("\n")[0].lower()
        return "reporting_category" in head and "balance_transaction_id" in head

    def read(self, text: str) -> list[SettlementRow]:
        text = text.replace("automatic_payout_effective_at_utc", "automatic_payout_effective_at", 1)
        taken: Counter[str] = Counter()
        return rows_of(lines_of(table_of(text), NEEDED), lambda cells: _row(cells, taken))

    def write(self, rows: Sequence[SettlementRow]) -> str:
        return csv_of([(*NEEDED, ORDER), *map(_cells, rows)])


def _row(cells: Cells, taken: Counter[str]) -> SettlementRow | None:
    category = cells.get("reporting_category", "")
    if category in NOT_OURS or not cells.get("automatic_payout_id"):
        return None  # without a payout it comes with a later one
    filled(cells, "automatic_payout_effective_at", "balance_transaction_id", "reporting_category")
    currency = currency_of(cells["currency"], "stripe")
    gross, fee, net = (amount_of(cells.get(name, ""), currency) for name in ("gross", "fee", "net"))
    if gross - fee != net:
        raise SettlementRefused([_("gross less fee is not net")])
    kind, reference = _what(cells, taken, category, gross)
    if kind == LineKind.FEE:
        gross, fee = ZERO, fee - gross
    if kind != LineKind.FEE and not gross:
        raise SettlementRefused([_("payments are above zero, refunds below")])
    return SettlementRow(
        payout=cells["automatic_payout_id"],
        paid_on=day_of(cells["automatic_payout_effective_at"]),
        kind=kind,
        reference=reference,
        order_number=cells.get(ORDER, ""),
        currency=currency,
        amount=gross,
        fee=fee,
    )


def _what(cells: Cells, taken: Counter[str], category: str, gross: object) -> tuple[LineKind, str]:
    """A payment under the number that our books have: of several captures ``pi_…/2`` and so on."""
    source = cells.get("source_id") or cells["balance_transaction_id"]
    if category in FEES:
        return LineKind.FEE, cells["balance_transaction_id"]
    if category == "charge":
        number = cells.get("payment_intent_id") or source
        taken[number] += 1
        return LineKind.PAYMENT, f"{number}/{taken[number]}" if taken[number] > 1 else number
    if category == "refund":
        return LineKind.REFUND, source
    return by_sign(amount_of(str(gross), cells["currency"].upper())), source


def _cells(row: SettlementRow) -> list[object]:
    category = {"payment": "charge"}.get(row.kind, row.kind)
    gross = row.amount if row.kind != LineKind.FEE else -row.fee
    fee = row.fee if row.kind != LineKind.FEE else ZERO
    is_payment = row.kind == LineKind.PAYMENT
    number = row.reference.partition("/")[0]
    return [
        row.payout,
        f"{row.paid_on} 00:00:00",
        row.reference if row.kind == LineKind.FEE else f"txn_{row.reference}",
        row.currency.lower(),
        gross,
        fee,
        gross - fee,
        category,
        number.replace("pi_", "ch_", 1) if is_payment else row.reference,
        number if is_payment else "",
        row.order_number,
    ]
