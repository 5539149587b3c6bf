"""What a refund takes off an invoice, rate by rate and to the smallest unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orders.papers.content import row
from orders.papers.models import Document
from shop.core.money import ZERO, rounded, shares

Sums = dict[str, tuple[Decimal, Decimal]]  # by rate: net, gross


@dataclass(frozen=True)
class Item:
    """A thing that money goes back for. ``gross`` with tax, ``code`` of its rate of tax."""

    title: str
    code: str
    gross: Decimal
    sku: str = ""
    quantity: int = 0


def credit_rows(
    invoice: Document,
    credited: Iterable[Document],
    *,
    amount: Decimal,
    title: str,
    items: Sequence[Item] = (),
) -> list[dict[str, Any]]:
    """Rows that add up to ``amount`` (tax included).

    All of an invoice from which nothing was taken yet: its own rows. A part names the things it was
    for, where they were said (``items``); else it is divided by what is left at each rate. The parts
    of many refunds of one invoice add up to it, net and gross, at every rate.
    """
    credited = list(credited)
    if not credited and amount == invoice.total_incl_tax:
        return invoice.content["rows"]
    left = _left(invoice, credited)
    named = _named_rows(invoice, left, items, amount)
    if named:
        return named
    codes = [code for code, (_net, gross) in left.items() if gross > 0]
    parts = shares(amount, [left[code][1] for code in codes], invoice.currency)
    return [
        row(
            title=title,
            code=code,
            net=rounded(part * left[code][0] / left[code][1], invoice.currency),
            gross=part,
            currency=invoice.currency,
        )
        for code, part in zip(codes, parts, strict=True)
        if part
    ]


def _named_rows(
    invoice: Document, left: Sums, items: Sequence[Item], amount: Decimal
) -> list[dict[str, Any]]:
    """A row for each thing; none if they are not all of ``amount`` or more than a rate has left."""
    if not items or sum((one.gross for one in items), ZERO) != amount:
        return []
    rows = []
    for one in items:
        net, gross = left.get(one.code, (ZERO, ZERO))
        if not 0 < one.gross <= gross:
            return []
        part = rounded(one.gross * net / gross, invoice.currency)
        left[one.code] = (net - part, gross - one.gross)
        more = {"sku": one.sku, "quantity": one.quantity} if one.quantity else {}
        rows.append(
            row(
                title=one.title,
                code=one.code,
                net=part,
                gross=one.gross,
                currency=invoice.currency,
                **more,
            )
        )
    return rows


def _left(invoice: Document, credited: Iterable[Document]) -> Sums:
    left = _sums(invoice)
    for paper in credited:
        for code, (net, gross) in _sums(paper).items():
            known = left.get(code, (ZERO, ZERO))
            left[code] = (known[0] - net, known[1] - gross)
    return left


def _sums(paper: Document) -> Sums:
    return {
        one["rate"]: (Decimal(one["net"]), Decimal(one["gross"])) for one in paper.content["rates"]
    }
