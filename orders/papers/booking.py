"""What a paper is in the books: the sale when its invoice is issued, less by each credit note.

So tax, invoices and ledger can never tell three stories (docs/ledger.md).
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from orders.models import Order
from orders.papers.models import Document, DocumentKind
from payments.ledger.accounts import GIFT_SOLD, RECEIVABLE, AccountKey, Role, taxed
from payments.ledger.models import EventKind, Transaction
from payments.ledger.services import Booking, transactions_book

PORTION = 1000  # papers of a past that are booked at once

#: What a row of a paper says it is ("what"); older papers do not say, see `_what`.
GOODS, GIFT, DELIVERY, EXTRA = "goods", "gift", "delivery", "extra"
SOLD_AS = {GOODS: Role.REVENUE, DELIVERY: Role.SHIPPING, EXTRA: Role.REVENUE}


def documents_book(papers: Iterable[Document]) -> int:
    """Book papers that were just issued, in their transaction. Their orders come with ``sums``."""
    return transactions_book([_booking(one) for one in papers if one.total_incl_tax])


def documents_unbooked() -> QuerySet[Document]:
    """Papers about money that are not in the books."""
    key = Concat(Value("paper:"), Cast("pk", CharField()), output_field=CharField())
    booked = Transaction.objects.filter(key=OuterRef("ledger_key"))
    return (
        Document.objects.filter(total_incl_tax__gt=0)
        .annotate(ledger_key=key)
        .filter(~Exists(booked))
        .order_by("pk")
    )


def documents_catch_up(*, tell: Callable[[int], object] = lambda count: None) -> int:
    """Book all papers from before there was a ledger; how many. ``tell`` hears of each portion."""
    written = last = 0
    while portion := list(
        documents_unbooked().filter(pk__gt=last).select_related("order__sums")[:PORTION]
    ):
        last = portion[-1].pk
        written += documents_book(portion)
        tell(len(portion))
    return written


def place_of(order: Order) -> str:
    """Whose tax it is: ``DE``, or ``US-New York``. Orders of earlier times bore the shop's own."""
    sums = getattr(order, "sums", None)
    if sums is None or not sums.tax_country:
        return settings.STORE_COUNTRY
    return f"{sums.tax_country}-{sums.tax_region}" if sums.tax_region else sums.tax_country


def _booking(paper: Document) -> Booking:
    is_sale = paper.kind == DocumentKind.INVOICE
    entries = list(_entries(paper))
    if not is_sale:
        entries = [(account, -amount) for account, amount in entries]
    return Booking(
        key=f"paper:{paper.pk}",
        kind=EventKind.SALE if is_sale else EventKind.CREDIT,
        currency=paper.currency,
        entries=entries,
        order_number=paper.order.number,
        reference=paper.number,
        happened_at=paper.issued_at,
    )


def _entries(paper: Document) -> Iterator[tuple[AccountKey, Decimal]]:
    """As of a sale: the customer owes it all; it is goods, delivery and tax by place and rate."""
    place, rows = place_of(paper.order), paper.content["rows"]
    yield RECEIVABLE, paper.total_incl_tax
    for one in rows:
        net, gross, rate = Decimal(one["net"]), Decimal(one["gross"]), one["rate"]
        what = _what(one)
        if what == GIFT:
            yield GIFT_SOLD, -net
        elif paper.kind == DocumentKind.CREDIT_NOTE:
            yield taxed(Role.RETURNS, place, rate), -net
        else:
            yield taxed(SOLD_AS[what], place, rate), -net
        yield taxed(Role.TAX, place, rate), net - gross


def _what(one: dict[str, Any]) -> str:
    """Papers of earlier times do not say; what has no article's number was delivery there."""
    return one.get("what") or (GOODS if "sku" in one else DELIVERY)
