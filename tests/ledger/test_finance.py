"""Settlements, closed days and the tax report: what finance does with the books."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.papers.vat import vat_rows, vat_totals
from payments.ledger import invariants
from payments.ledger.accounts import FEES, ROUNDING, Role
from payments.ledger.exceptions import CloseRefused, SettlementRefused
from payments.ledger.models import DayClose, DayTotal, EventKind, Settlement, SettlementLine
from payments.ledger.reconciling import Difference, settlement_differences, unsettled
from payments.ledger.selectors import balance_of, balances_at
from payments.ledger.services import days_close, settlements_import, transaction_book
from payments.ledger.settlement_table import settlement_read
from payments.models import PaymentEntry
from tests.dashboard.conftest import member, office  # noqa: F401  a team to test with
from tests.ledger.support import settlement_made, settlement_text, without_triggers
from tests.papers.support import sent_back, sold, tea
from tests.payments.localprovider.support import Running
from tests.sales import paid_order

pytestmark = [pytest.mark.django_db, pytest.mark.req("S7.03")]
TEN = Decimal("10.00")


def test_a_settlement_of_the_provider_empties_its_clearing_account(provider: Running, office):  # noqa: F811
    order = paid_order(provider)
    total = order.total_incl_tax
    text = provider.control.settlement()
    client = office("Finance")
    address = reverse("dashboard:book-settlements")

    for _twice in range(2):
        answer = client.post(address, {"gateway": "stripe", "table": text}, follow=True)
        assert answer.status_code == 200

    settlement = Settlement.objects.get()
    assert (settlement.gross, settlement.lines.count()) == (total, 1)
    assert settlement.fees > 0
    assert balance_of(Role.CLEARING, currency="EUR") == 0
    assert balance_of(Role.FEES, currency="EUR") == settlement.fees
    assert balance_of(Role.BANK, currency="EUR") == settlement.net
    assert settlement_differences(settlement) == []
    assert unsettled("stripe", until=timezone.localdate()) == []
    assert not list(invariants.clearing_is_what_providers_hold())
    with pytest.raises(SettlementRefused, match="other rows"):
        settlements_import(
            gateway_code="stripe",
            rows=settlement_read(text.replace(order.number, "A-1").replace("pi_", "pi_x")),
        )

    paid_order(provider)
    stranger = settlement_made()
    assert settlement_differences(stranger) == [
        Difference("pi_1", "A-1", "EUR", theirs=TEN, ours=None)
    ]
    assert len(unsettled("stripe", until=timezone.localdate())) == 1
    assert not list(invariants.settlements_are_lines())
    with without_triggers("ledger_settlementline"):
        SettlementLine.objects.filter(settlement=stranger).update(amount=9)
    assert list(invariants.settlements_are_lines()) == ["po_1: 10.00 settled, its lines say 9.00"]
    PaymentEntry.objects.filter(intent__order_number=order.number).update(amount=1)
    assert "must be there" in next(iter(invariants.clearing_is_what_providers_hold()))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("po,2026-05-04,payment,pi,A,EUR,10.00,0.39,9.60", "gross less fee is not net"),
        ("po,2026-05-04,payment,pi,A,EUR,-10.00,0,-10.00", "payments are above zero"),
        ("po,2026-05-04,gift,pi,A,EUR,10.00,0,10.00", "payment or refund"),
        ("po,2026-05-04,payment,pi,A,JPY,10.50,0,10.50", "no amount in JPY"),
        ("po,4 May,payment,pi,A,EUR,10.00,0,10.00", "no day such as"),
        ("po,2026-05-04,payment,,A,EUR,10.00,0,10.00", "is empty"),
        ("po,2026-05-04,payment,ok,A,EUR,1.00,0,1.00", "twice"),
        ("po,2026-05-04,payment,pi,A,EUR,NaN,0,NaN", "no amount"),
    ],
)
def test_a_settlement_is_taken_whole_or_not_at_all(row, words):
    good = "po,2026-05-04,payment,ok,A,EUR,1.00,0,1.00"

    with pytest.raises(SettlementRefused, match=f"Row 3: .*{words}"):
        settlement_read(settlement_text(good, row))


def test_each_wrong_row_is_named_and_what_was_pasted_stays(office):  # noqa: F811
    rows = [
        "po,tomorrow,payment,pi,A,EUR,10.00,0,10.00",
        "po,2026-05-04,gift,pi,A,EUR,10.00,0,10.00",
    ]
    text = settlement_text(*rows)

    answer = office("Finance").post(
        reverse("dashboard:book-settlements"), {"gateway": "stripe", "table": text}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    told = page[page.index('id="id_table_error"') :]
    assert "Row 2: " in told
    assert "Row 3: " in told
    assert rows[1] in page
    assert not Settlement.objects.exists()


def test_a_closed_day_is_rolled_up_and_stays_as_it_is():
    long_ago = timezone.now() - dt.timedelta(days=5)
    facts = {"kind": EventKind.FEE, "currency": "EUR", "entries": [(FEES, TEN), (ROUNDING, -TEN)]}
    transaction_book(key="one", happened_at=long_ago, **facts)
    transaction_book(key="now", **facts)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    before = balances_at(timezone.localdate())

    closed = days_close(until=yesterday, user=None)

    assert closed == days_close(until=yesterday, user=None)
    assert closed.checks
    assert not any(one["problems"] for one in closed.checks)
    assert DayTotal.objects.count() == 2
    assert balances_at(timezone.localdate()) == before
    assert not list(invariants.totals_are_entries())
    late = transaction_book(key="late", happened_at=long_ago, **facts)
    assert late.booked_on == timezone.localdate()
    with pytest.raises(CloseRefused):
        days_close(until=timezone.localdate(), user=None)
    assert DayClose.objects.count() == 1


def test_a_day_with_a_problem_is_closed_only_by_who_is_sure(office):  # noqa: F811
    sold()
    PaymentEntry.objects.filter(kind="captured").update(amount=1)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    client, address = office("Finance"), reverse("dashboard:book-days")

    refused = client.post(address, {"day": yesterday.isoformat()})
    assert refused.status_code == 422
    assert not DayClose.objects.exists()
    assert client.post(address, {"day": timezone.localdate().isoformat()}).status_code == 422
    assert client.post(address, {"day": yesterday.isoformat(), "sure": "on"}).status_code == 302

    assert any(one["problems"] for one in DayClose.objects.get().checks)


def test_the_tax_report_is_the_ledger_and_the_papers(office):  # noqa: F811
    order = sold({tea(): 2})
    sent_back(order, "5.00")
    day = timezone.localdate()

    rows = vat_rows(since=day, until=day)
    (total,) = vat_totals(rows, since=day, until=day)

    assert {(row.place, row.rate) for row in rows} == {("DE", "7%"), ("DE", "19%")}
    invoice = order.documents.get(kind="invoice")
    note = order.documents.get(kind="credit_note")
    assert total.agrees
    assert total.net == invoice.total_excl_tax - note.total_excl_tax
    assert sum(row.tax_sold for row in rows) == invoice.total_incl_tax - invoice.total_excl_tax
    client = office("Analyst")
    report = client.get(reverse("dashboard:vat-report")).content
    assert b"To the cent" in report
    assert b">Germany</th>" in report
    for name in ("book-journal", "vat-report", "book-balance"):
        text = b"".join(client.get(reverse(f"dashboard:{name}"), {"as": "csv"})).decode()
        assert text.count("\n") > 2
    sheet = client.get(reverse("dashboard:book-journal"), {"as": "xlsx"})
    assert b"".join(sheet)[:2] == b"PK"
    page = client.get(reverse("dashboard:book-order", args=[order.number]))
    assert b"Nobody owes anything" in page.content
    assert client.get(reverse("dashboard:book-balance"), {"day": "0001-01-01"}).status_code == 200
