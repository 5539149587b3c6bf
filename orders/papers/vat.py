"""Tax by country and rate over a period: from the ledger, beside what invoices and credit notes say."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from payments.ledger.invariants import rows_of


@dataclass(frozen=True)
class VatRow:
    """Of one place, rate and currency. ``sold``: net; ``returned``: net of what was given back.

    Where ``rate`` is None they are gift cards: money that came, and no sale yet.
    """

    place: str
    rate: str | None
    currency: str
    sold: Decimal
    tax_sold: Decimal
    returned: Decimal
    tax_returned: Decimal

    @property
    def net(self) -> Decimal:
        return self.sold - self.returned

    @property
    def tax(self) -> Decimal:
        return self.tax_sold - self.tax_returned


@dataclass(frozen=True)
class VatTotal:
    """A currency's sums in the ledger and on papers booked in the same days."""

    currency: str
    net: Decimal
    tax: Decimal
    papers_net: Decimal
    papers_tax: Decimal

    @property
    def agrees(self) -> bool:
        return (self.net, self.tax) == (self.papers_net, self.papers_tax)


def vat_rows(*, since: dt.date, until: dt.date) -> list[VatRow]:
    """By the day of booking: what came after its day was closed is in the next period. One query."""
    return [
        VatRow(*row)
        for row in rows_of(
            """
            SELECT a.place, CASE a.role WHEN 'gift_sold' THEN NULL ELSE a.rate END, t.currency,
              coalesce(-sum(e.amount) FILTER (WHERE t.kind = 'sale' AND a.role <> 'tax'), 0),
              coalesce(-sum(e.amount) FILTER (WHERE t.kind = 'sale' AND a.role = 'tax'), 0),
              coalesce(sum(e.amount) FILTER (WHERE t.kind = 'credit' AND a.role <> 'tax'), 0),
              coalesce(sum(e.amount) FILTER (WHERE t.kind = 'credit' AND a.role = 'tax'), 0)
            FROM ledger_transaction t JOIN ledger_entry e ON e.transaction_id = t.id
            JOIN ledger_account a ON a.id = e.account_id
            WHERE t.kind IN ('sale', 'credit') AND t.booked_on BETWEEN %s AND %s
              AND a.role IN ('revenue', 'shipping', 'returns', 'tax', 'gift_sold')
            GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
            """,
            [since, until],
        )
    ]


def vat_totals(rows: Iterable[VatRow], *, since: dt.date, until: dt.date) -> list[VatTotal]:
    """By currency, beside the papers' own sums. One query."""
    papers = {
        currency: (net, tax)
        for currency, net, tax in rows_of(
            """
            SELECT d.currency, sum(s.sign * d.total_excl_tax),
                   sum(s.sign * (d.total_incl_tax - d.total_excl_tax))
            FROM papers_document d JOIN ledger_transaction t ON t.key = 'paper:' || d.id
            CROSS JOIN LATERAL (SELECT CASE d.kind WHEN 'invoice' THEN 1 ELSE -1 END AS sign) s
            WHERE t.booked_on BETWEEN %s AND %s GROUP BY 1
            """,
            [since, until],
        )
    }
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for row in rows:
        net, tax = sums.get(row.currency, (Decimal(0), Decimal(0)))
        sums[row.currency] = (net + row.net, tax + row.tax)
    nothing = (Decimal(0), Decimal(0))
    return [
        VatTotal(currency, *sums.get(currency, nothing), *papers.get(currency, nothing))
        for currency in sorted({*sums, *papers})
    ]
