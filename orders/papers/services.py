"""Issuing papers. Each is written once; a second call finds the first one's."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from orders.locks import order_lock
from orders.models import Line, Order
from orders.papers.booking import documents_book
from orders.papers.content import (
    credit_content,
    day,
    digest,
    invoice_content,
    supplement_content,
)
from orders.papers.crediting import Item, credit_rows
from orders.papers.locks import series_lock, series_next
from orders.papers.models import Document, DocumentKind, Series
from orders.papers.selectors import (
    Sale,
    is_invoiced,
    orders_without_invoice,
    refunds_without_credit_note,
    sales_of,
)
from orders.refunds.selectors import shares_of
from orders.whole import read_again
from payments.models import Refund, RefundState
from payments.wallets.kinds import refund_way
from shop.core.inserting import row_insert, row_update
from shop.core.locks import retry_on_conflict
from shop.core.planned import planned_each_time

NOT_TAKEN = "held"  # where the money of a credit note went, see `wording`: it never came
PORTION = 1000  # papers written in one transaction by `papers_catch_up`


@dataclass
class Draft:
    """A paper without its number."""

    kind: DocumentKind
    sale: Sale
    issued_at: dt.datetime
    content: dict[str, Any]
    refund: Refund | None = None
    corrects: Document | None = None
    part: str = ""


@dataclass(frozen=True)
class Cut:
    """``units`` of an order line that were taken out, and what they cost (tax included)."""

    line: Line
    units: int
    gross: Decimal


@retry_on_conflict
def invoice_issue(*, order_number: str) -> Document | None:
    """The invoice of a sold order, now if there is none. None if it is not sold.

    What went back before has its credit note with it.
    """
    order = order_lock(number=order_number)
    sale = sales_of([order.number])[order.number]
    if sale.invoice is None and is_invoiced(order):
        issued = _number([_invoice_draft(sale, timezone.now())])[0]
        read_again()
        for refund in sale.refunds:
            credit_note_issue(refund_id=refund.pk)
        return issued
    return sale.invoice


@retry_on_conflict
def supplement_issue(
    *,
    order: Order,
    part: str,
    lines: Collection[int],
    delivery: tuple[Decimal, Decimal] | None,
    total: Decimal,
) -> Document:
    """The invoice of what was added to an order that has its own: these lines, and what ``delivery``
    costs more (net, gross). Under the order's lock; ``total`` is proven.
    """
    sale = sales_of([order.number])[order.number]
    known = next((one for one in sale.invoices if one.part == part), None)
    if known is not None:
        return known
    with translation.override(order.facts.language):
        content = supplement_content(
            sale.order, lines=lines, delivery=delivery, paid_at=sale.paid_at, total=total
        )
    draft = Draft(DocumentKind.INVOICE, sale, timezone.now(), content, part=part)
    return _number([draft])[0]


@retry_on_conflict
def credit_note_issue(*, refund_id: int) -> Document | None:
    """The credit note for a refund that was made.

    None if there is no invoice to correct: money that came too late, or twice, and was sent back.
    """
    refund = Refund.objects.select_related("intent").get(pk=refund_id)
    order = Order.objects.filter(number=refund.intent.order_number).first()
    if order is None or refund.state != RefundState.DONE:
        return None
    if invoice_issue(order_number=order.number) is None:  # locks the order
        return None
    sale = sales_of([order.number])[order.number]
    known = next((one for one in sale.credited if one.refund_id == refund.pk), None)
    draft = None if known else _credit_draft(sale, refund, timezone.now())
    return known or (_number([draft])[0] if draft else None)


@retry_on_conflict
def reduction_issue(
    *, order: Order, key: UUID, amount: Decimal, cuts: Sequence[Cut]
) -> Document | None:
    """The credit note for what was taken out of an invoiced order before its money was taken.

    Under the order's lock; the same ``key`` is the same paper. None if no invoice says too much: then
    the one that comes says what is left.
    """
    sale = sales_of([order.number])[order.number]
    part = f"cut:{key}"
    known = next((one for one in sale.credited if one.part == part), None)
    invoice = next((one for one in sale.invoices if sale.left_of(one) >= amount), None)
    if known is not None or invoice is None or amount <= 0:
        return known
    with translation.override(invoice.language):
        items = [_cut_item(cut) for cut in cuts]
        rows = credit_rows(
            invoice,
            [one for one in sale.credited if one.corrects_id == invoice.pk],
            amount=amount,
            title=_("Taken out of the order"),
            items=items,
        )
        reason = _("Taken out of the order")
        content = credit_content(invoice, rows=rows, reason=reason, went=NOT_TAKEN)
    draft = Draft(
        DocumentKind.CREDIT_NOTE, sale, timezone.now(), content, corrects=invoice, part=part
    )
    return _number([draft])[0]


def _cut_item(cut: Cut) -> Item:
    line = cut.line
    title = line.product.get_title() if line.product else line.title
    code, sku = line.tax_code or "", line.partner_sku or ""
    return Item(title, code, cut.gross, sku=sku, quantity=cut.units)


def papers_catch_up(
    *, as_of_payment: bool = False, tell: Callable[[int], object] = lambda count: None
) -> int:
    """Issue what is missing, portion by portion; how many papers there were.

    For orders from before there were papers. ``as_of_payment``: dated and numbered as if they had
    been issued when the money moved, for a shop's past; else as of now. ``tell`` hears of each
    portion's size.
    """
    with planned_each_time():
        return _catch_up(as_of_payment, tell)


def _catch_up(as_of_payment: bool, tell: Callable[[int], object]) -> int:
    written = 0
    sold = list(orders_without_invoice().values_list("number", "sold_at"))
    for start in range(0, len(sold), PORTION):
        count = _invoices_write(dict(sold[start : start + PORTION]), as_of_payment)
        written += count
        tell(count)
    refunds = list(refunds_without_credit_note().values_list("pk", "settled_at"))
    for start in range(0, len(refunds), PORTION):
        count = _credit_notes_write(dict(refunds[start : start + PORTION]), as_of_payment)
        written += count
        tell(count)
    return written


@retry_on_conflict
def _invoices_write(sold: Mapping[str, dt.datetime], as_of_payment: bool) -> int:
    now = timezone.now()
    moments = {number: moment if as_of_payment else now for number, moment in sold.items()}
    _lock_all(DocumentKind.INVOICE, moments.values())
    sales = sales_of(moments)
    drafts = [
        _invoice_draft(sales[number], moment)
        for number, moment in moments.items()
        if sales[number].invoice is None
    ]
    return len(_number(drafts))


@retry_on_conflict
def _credit_notes_write(settled: Mapping[int, dt.datetime | None], as_of_payment: bool) -> int:
    now = timezone.now()
    moments = {pk: (as_of_payment and moment) or now for pk, moment in settled.items()}
    _lock_all(DocumentKind.CREDIT_NOTE, moments.values())
    refunds = list(refunds_without_credit_note().filter(pk__in=moments))
    sales = sales_of({one.intent.order_number for one in refunds})
    drafts = []
    for refund in refunds:
        draft = _credit_draft(sales[refund.intent.order_number], refund, moments[refund.pk])
        if draft is not None:
            drafts.append(draft)
            # The next one of the same order takes its part of what this one left.
            draft.sale.papers.append(_paper(draft, "", draft.issued_at))
    return len(_number(drafts))


def _lock_all(kind: str, moments: Iterable[dt.datetime]) -> None:
    """First of all, so that who issued one of these a moment ago is seen."""
    for year in sorted({timezone.localtime(moment).year for moment in moments}):
        series_lock(kind=kind, year=year)


def _invoice_draft(sale: Sale, moment: dt.datetime) -> Draft:
    with translation.override(sale.order.facts.language):
        content = invoice_content(sale.order, paid_at=sale.paid_at, paid_by=sale.paid_by)
    return Draft(DocumentKind.INVOICE, sale, moment, content)


def _credit_draft(sale: Sale, refund: Refund, moment: dt.datetime) -> Draft | None:
    invoice = sale.invoice_for(refund)
    if invoice is None:
        return None
    amount = min(refund.amount, sale.to_credit, sale.left_of(invoice))
    if amount <= 0:
        return None
    with translation.override(invoice.language):
        reason = str(_(refund.reason)) if refund.reason else ""
        rows = credit_rows(
            invoice,
            [one for one in sale.credited if one.corrects_id == invoice.pk],
            amount=amount,
            title=_("Refund"),
            items=_items(sale, refund),
        )
        went = refund_way(refund)
        content = credit_content(invoice, rows=rows, reason=reason, went=went)
    return Draft(DocumentKind.CREDIT_NOTE, sale, moment, content, refund, corrects=invoice)


def _items(sale: Sale, refund: Refund) -> list[Item]:
    """What the refund was for, if somebody said so. Call in the language of the paper."""
    items = []
    for share in shares_of(refund):
        line = share.line
        if line is None:
            items.append(Item(_("Delivery"), sale.order.shipping_tax_code or "", share.amount))
            continue
        title = line.product.get_title() if line.product else line.title
        code, sku = line.tax_code or "", line.partner_sku or ""
        items.append(Item(title, code, share.amount, sku=sku, quantity=share.units))
    return items


def _number(drafts: Iterable[Draft]) -> list[Document]:
    """Give each draft the next number of its series, write and book it, in the order given."""

    def series_of(draft: Draft) -> tuple[str, int]:
        return draft.kind, timezone.localtime(draft.issued_at).year

    drafts = list(drafts)
    if len(drafts) == 1:
        kind, year = series_of(drafts[0])
        series = series_next(kind=kind, year=year, moment=drafts[0].issued_at)
        paper = row_insert(_numbered(drafts[0], series))
        documents_book([paper])
        return [paper]
    papers = []
    for (kind, year), group in groupby(drafts, key=series_of):
        series = series_lock(kind=kind, year=year)
        for draft in group:
            series.last += 1
            # Clocks of several machines differ; later numbers never bear earlier dates.
            series.last_at = max(draft.issued_at, series.last_at or draft.issued_at)
            papers.append(_numbered(draft, series))
        row_update(series, "last", "last_at")
    Document.objects.bulk_create(papers)
    documents_book(papers)
    return papers


def _numbered(draft: Draft, series: Series) -> Document:
    """With the number that was the last to be given."""
    paper = _paper(draft, series.number(series.last), series.last_at)
    paper.series, paper.position = series, series.last
    return paper


def _paper(draft: Draft, number: str, moment: dt.datetime) -> Document:
    content = {
        **draft.content,
        "kind": draft.kind.value,
        "number": number,
        "issued_on": day(moment),
    }
    return Document(
        kind=draft.kind,
        number=number,
        order=draft.sale.order,
        corrects=draft.corrects,
        part=draft.part,
        refund=draft.refund,
        issued_at=moment,
        language=content["language"],
        currency=content["currency"],
        total_incl_tax=Decimal(content["totals"]["gross"]),
        total_excl_tax=Decimal(content["totals"]["net"]),
        content=content,
        sha256=digest(content),
    )
