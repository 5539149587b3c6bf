"""What `manage.py verify` checks about papers."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate

from django.db.models import Count, F, Max, Min, Q, Sum

from orders.life.models import EventKind
from orders.models import Order
from orders.papers.content import digest
from orders.papers.models import Document, DocumentKind, Series
from orders.papers.selectors import (
    numbers_on_their_way,
    orders_without_invoice,
    refunds_without_credit_note,
    sales_of,
)
from shop.core.verify import invariant


@invariant("papers: what was sold has one invoice, what was sent back has its credit notes")
def sold_has_invoice() -> Iterator[str]:
    coming = numbers_on_their_way()
    for number in orders_without_invoice().values_list("number", flat=True):
        if number not in coming:
            yield f"{number} is sold and has no invoice"
    missing = {one.intent.order_number for one in refunds_without_credit_note()} - coming
    for number, sale in sales_of(missing).items():
        if sale.to_credit > 0:
            yield f"{number}: {sale.to_credit} sent back without a credit note"


@invariant("papers: an invoice is its order, to the cent, and is never credited beyond it")
def sums_agree() -> Iterator[str]:
    invoices = Document.objects.filter(kind=DocumentKind.INVOICE).select_related("order")
    for paper in invoices.exclude(currency=F("order__currency")).defer("content"):
        yield f"{paper.number}: in {paper.currency}, order in {paper.order.currency}"
    is_invoice = Q(documents__kind=DocumentKind.INVOICE)
    orders = Order.objects.filter(is_invoice).annotate(
        gross=Sum("documents__total_incl_tax", filter=is_invoice),
        net=Sum("documents__total_excl_tax", filter=is_invoice),
    )
    for order in orders.exclude(gross=F("total_incl_tax"), net=F("total_excl_tax")):
        if order.gross not in _totals_since(order):
            yield f"{order.number}: {order.gross} invoiced, total {order.total_incl_tax}"
    beyond = invoices.annotate(
        credited=Sum("corrections__total_incl_tax"),
        credited_net=Sum("corrections__total_excl_tax"),
    ).filter(Q(credited__gt=F("total_incl_tax")) | Q(credited_net__gt=F("total_excl_tax")))
    for paper in beyond.defer("content"):
        yield f"{paper.order.number}: {paper.credited} credited of {paper.total_incl_tax}"


def _totals_since(order: Order) -> list[Decimal]:
    """What the order cost before each time that units were taken out of it, the last time first."""
    kinds = (EventKind.LINES, EventKind.DELIVERY)
    cuts = order.events.filter(kind__in=kinds).order_by("-happened_at", "-pk")
    less = [Decimal(facts["less"]) for facts in cuts.values_list("facts", flat=True)]
    return [order.total_incl_tax + so_far for so_far in accumulate(less)]


@invariant("papers: numbers run from 1 without a gap, in every series")
def numbers_run() -> Iterator[str]:
    rows = Series.objects.annotate(
        count=Count("documents"), first=Min("documents__position"), top=Max("documents__position")
    )
    for series in rows:
        if not series.count == series.last == (series.top or 0) or (series.first or 1) != 1:
            yield f"{series}: {series.count} papers, {series.first} to {series.top}, last {series.last}"


@invariant("papers: what they say is what was issued")
def contents_are_as_issued() -> Iterator[str]:
    rows = Document.objects.select_related("series").defer("order")
    for paper in rows.iterator(chunk_size=1000):
        content = paper.content
        totals = (Decimal(content["totals"]["gross"]), Decimal(content["totals"]["net"]))
        if paper.sha256 != digest(content):
            yield f"{paper.number}: its content was changed"
        elif totals != (paper.total_incl_tax, paper.total_excl_tax):
            yield f"{paper.number}: {totals[0]} printed, {paper.total_incl_tax} booked"
        elif content["number"] != paper.number or paper.number != paper.series.number(
            paper.position
        ):
            yield f"{paper.number}: printed as {content['number']}"
