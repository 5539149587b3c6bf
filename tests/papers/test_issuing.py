"""Invoices and credit notes: one each, in one run of numbers, to the cent, and for ever."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orders.papers import invariants
from orders.papers.content import digest, rates_of, row, totals_of
from orders.papers.crediting import credit_rows
from orders.papers.models import Document, Series
from orders.papers.services import credit_note_issue, invoice_issue
from orders.services import order_cancel, order_pack, order_ship
from orders.states import CancelReason
from shop.core.money import exponent
from shop.core.outbox import relay
from tests.factories import ProductFactory
from tests.papers.support import invoice_of, sent_back, sold, tea, without_the_trigger
from tests.sales import order_of, refunds_finish

pytestmark = pytest.mark.req("S7.03", "S3.22")


@pytest.mark.django_db
def test_a_paid_order_has_one_invoice_that_nothing_changes():
    order = sold()
    again = sold({ProductFactory(): 1})

    invoice, year = invoice_of(order), timezone.localdate().year
    assert invoice.number == f"INV-{year}-000001"
    assert invoice_of(again).number == f"INV-{year}-000002"
    assert (invoice.total_incl_tax, invoice.total_excl_tax) == (
        order.total_incl_tax,
        order.total_excl_tax,
    )
    content = invoice.content
    assert [(one["rate"], one["gross"], one["net"], one["tax"]) for one in content["rates"]] == [
        ("19%", "48.00", "40.34", "7.66"),
        ("7%", "12.90", "12.06", "0.84"),
    ]
    assert content["buyer"] == ["Mei Lin", "Torstraße 1", "10119 Berlin", "Germany"]
    assert content["payment"]["paid_on"] == timezone.localdate().isoformat()
    assert invoice.sha256 == digest(content)

    assert invoice_issue(order_number=order.number) == invoice
    order.lines.update(title="Something else")
    assert invoice_issue(order_number=order.number).content == content
    for change in (
        lambda: Document.objects.update(number="INV-1"),
        lambda: Document.objects.filter(pk=invoice.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="documents_append_only"), transaction.atomic():
            change()
    assert not order.documents.exclude(pk=invoice.pk).exists()


@pytest.mark.django_db
def test_what_is_not_sold_has_no_invoice_and_what_failed_leaves_no_gap():
    waiting = order_of()
    first = sold()

    assert invoice_issue(order_number=waiting.number) is None

    with transaction.atomic():
        lost = order_of()
        lost.set_status("paid")
        assert invoice_issue(order_number=lost.number).position == 2
        transaction.set_rollback(True)  # the machine stops before the end
    assert invoice_of(sold()).position == invoice_of(first).position + 1


@pytest.mark.django_db
def test_cash_at_the_door_has_its_invoice_when_it_leaves():
    order = order_of(payment="cod")
    order_pack(order=order)
    relay()
    assert not order.documents.exists()

    order_ship(order=order, carrier="DHL", tracking_number="1")
    relay()

    assert invoice_of(order).content["payment"]["paid_on"] == ""
    assert list(invariants.sold_has_invoice()) == []


@pytest.mark.django_db
def test_refunds_have_credit_notes_that_add_up_to_the_invoice():
    order = sold()
    first = sent_back(order, "0.01")
    sent_back(order, "33.33")
    assert credit_note_issue(refund_id=first.pk).refund == first
    order_cancel(order=order, reason=CancelReason.OPERATOR)
    refunds_finish()
    relay()

    notes = list(order.documents.filter(kind="credit_note"))
    invoice = invoice_of(order)
    assert [note.number[:3] + note.number[8:] for note in notes] == [
        "CRN-000001",
        "CRN-000002",
        "CRN-000003",
    ]
    assert sum(note.total_incl_tax for note in notes) == invoice.total_incl_tax
    assert sum(note.total_excl_tax for note in notes) == invoice.total_excl_tax
    assert {note.corrects for note in notes} == {invoice}
    assert notes[1].content["reason"] == "Broken"
    whole = sold({tea(): 3})
    order_cancel(order=whole, reason=CancelReason.OPERATOR)
    refunds_finish()
    relay()
    assert (
        whole.documents.get(kind="credit_note").content["rows"] == invoice_of(whole).content["rows"]
    )
    assert not list(invariants.sold_has_invoice()) + list(invariants.sums_agree())


RATE = st.sampled_from(["19%", "7%", "8.875%", "0%", ""])
ROWS = st.lists(
    st.tuples(RATE, st.integers(0, 99_999), st.integers(0, 20_000)), min_size=1, max_size=6
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    currency=st.sampled_from(["EUR", "JPY"]),
    parts=ROWS,
    refunds=st.lists(st.integers(1, 60_000), max_size=5),
)
def test_parts_of_an_invoice_add_up_to_it_at_every_rate(currency, parts, refunds):
    unit = exponent(currency)
    invoice = paper(
        [
            row(title="x", code=code, net=net * unit, gross=(net + tax) * unit, currency=currency)
            for code, net, tax in parts
        ],
        currency,
    )

    left, notes = invoice.total_incl_tax, []
    for wanted in [*refunds, 10**9]:  # the last one takes all that is left
        amount = min(wanted * unit, left)
        if not amount:
            break
        made = credit_rows(invoice, notes, amount=amount, title="Refund")
        notes.append(paper(made, currency))
        assert notes[-1].total_incl_tax == amount
        assert all(Decimal(one["gross"]) >= Decimal(one["net"]) >= 0 for one in made)
        left -= amount

    back = rates_of([one for note in notes for one in note.content["rows"]], currency)
    asked = invoice.content["rates"]
    assert [one for one in back if Decimal(one["gross"])] == [
        one for one in asked if Decimal(one["gross"])
    ]


def paper(rows: list[dict], currency: str) -> Document:
    rates = rates_of(rows, currency)
    totals = totals_of(rates, currency)
    return Document(
        currency=currency,
        total_incl_tax=Decimal(totals["gross"]),
        total_excl_tax=Decimal(totals["net"]),
        content={"rows": rows, "rates": rates, "totals": totals},
    )


@pytest.mark.django_db
def test_a_shop_from_before_the_papers_catches_up_and_drift_is_found(capsys):
    orders = [sold(), sold({ProductFactory(): 1})]
    sent_back(orders[0], "5.00")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE papers_document, papers_series")
    long_ago = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
    orders[1].status_changes.update(date_created=long_ago)
    assert len(list(invariants.sold_has_invoice())) == 2

    call_command("papers_issue", "--as-of-payment")
    call_command("papers_issue")

    assert "3 papers issued.\n0 papers issued." in capsys.readouterr().out
    assert invoice_of(orders[1]).number == "INV-2024-000001"
    assert invoice_of(orders[1]).content["issued_on"] == "2024-03-01"
    checks = (
        invariants.sold_has_invoice,
        invariants.sums_agree,
        invariants.numbers_run,
        invariants.contents_are_as_issued,
    )
    assert [list(check()) for check in checks] == [[], [], [], []]

    with without_the_trigger():
        invoice = invoice_of(orders[0])
        Document.objects.filter(kind="credit_note").delete()
        Document.objects.filter(pk=invoice.pk).update(
            total_incl_tax=invoice.total_incl_tax + 1,
            content={**invoice.content, "buyer": ["Somebody else"]},
        )
        Series.objects.filter(year=2024).update(last=2)
    assert [len(list(check())) for check in checks] == [1, 1, 2, 1]
