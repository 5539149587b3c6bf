"""What a refund takes off an invoice, rate by rate and to the smallest unit."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from orders.papers.content import row
from orders.papers.models import Document
from shop.core.money import ZERO, rounded, shares

Sums = dict[str, tuple[Decimal, Decimal]]  # by rate: net, gross


def credit_rows(
    invoice: Document, credited: Iterable[Document], *, amount: Decimal, title: str
) -> list[dict[str, Any]]:
    """Rows that add up to ``amount`` (tax included).

    All of an invoice from which nothing was taken yet: its own rows. A part says nothing about the
    things it was for, so it is divided by what is left at each rate; the parts of many refunds of
    one invoice add up to it, net and gross, at every rate.
    """
    credited = list(credited)
    if not credited and amount == invoice.total_incl_tax:
        return invoice.content["rows"]
    left = _left(invoice, credited)
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
