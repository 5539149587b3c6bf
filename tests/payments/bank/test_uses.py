"""Lines that are no customer's transfer: each has a way out of “To assign”, is booked once, and comes back."""

import re
from decimal import Decimal
from functools import partial

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.states import OrderState
from payments.bank.exceptions import BankRefused
from payments.bank.models import BankLine, BankShare, BankUse
from payments.bank.payouts import payout_match, payout_send
from payments.bank.services import bank_line_assign, bank_line_return, statement_take
from payments.bank.statements import statement_read
from payments.bank.undoing import payout_unmatch, return_undo, share_undo
from payments.bank.uses import line_use, use_undo
from payments.ledger.accounts import Role
from payments.ledger.models import Transaction
from payments.ledger.selectors import balance_of
from payments.ledger.services import settlements_import
from payments.ledger.settlement_table import settlement_read
from payments.models import RefundState
from payments.services import intent_capture
from shop.core.audit.models import Entry
from shop.core.outbox import relay
from tests.concurrency.support import at_once
from tests.dashboard.conftest import member, office  # noqa: F401  a team to test with
from tests.ledger.support import settlement_text
from tests.payments.bank.test_payouts import HEAD, owed
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of, paid_order

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]
ROW = "po_1,2026-05-04,payment,pi_1,A-1,EUR,10.00,0.39,9.61"


def line_of(amount: str, words: str = "", day: str = "2026-05-06") -> BankLine:
    """As the statement brings it; below zero left the account."""
    key = f"line-{BankLine.objects.count()}"
    statement_take(rows=statement_read(f"{HEAD}{day},{amount},EUR,{words},Somebody,{key}\n"))
    return BankLine.objects.latest("pk")


def settled(row: str = ROW, code: str = "stripe"):
    return settlements_import(gateway_code=code, rows=settlement_read(settlement_text(row)))[0]


def books() -> dict[str, Decimal]:
    roles = (Role.BANK, Role.CLEARING, Role.FEES)
    return {role.value: balance_of(role, currency="EUR") for role in roles}


@pytest.mark.parametrize(
    ("what", "amount", "moves"),
    [
        ("payout:stripe", "9.61", {"bank": "9.61", "clearing": "-9.61", "fees": "0"}),
        ("payout:paypal", "-3.00", {"bank": "-3.00", "clearing": "3.00", "fees": "0"}),
        ("cash:cod", "80.00", {"bank": "80.00", "clearing": "-80.00", "fees": "0"}),
        ("fee", "-4.90", {"bank": "-4.90", "clearing": "0", "fees": "4.90"}),
        ("fee", "0.50", {"bank": "0.50", "clearing": "0", "fees": "-0.50"}),
        ("other", "-900.00", {"bank": "0", "clearing": "0", "fees": "0"}),
    ],
)
def test_each_line_is_booked_as_what_it_was_and_comes_back(office, what, amount, moves):  # noqa: F811
    line = line_of(amount)
    client = office("Finance")
    address = reverse("dashboard:bank-use", args=[line.pk])

    for _twice in range(2):
        assert client.post(address, {"what": what, "note": "May"}).status_code == 302

    line.refresh_from_db()
    use = BankUse.objects.get()
    assert (line.left, use.amount, use.note) == (0, abs(Decimal(amount)), "May")
    assert books() == {role: Decimal(sum_) for role, sum_ in moves.items()}
    assert Entry.objects.filter(label="bank.bankuse", object_key=str(use.pk)).exists()
    call_command("verify")

    page = client.get(reverse("dashboard:bank-list"), {"view": "done"}).content.decode()
    assert f'value="use-{use.pk}"' in page
    undo = reverse("dashboard:bank-undo", args=[line.pk])
    for _twice in range(2):
        assert client.post(undo, {"what": f"use-{use.pk}"}).status_code == 302

    line.refresh_from_db()
    use.refresh_from_db()
    assert line.left == line.amount
    assert use.undone_at
    assert use.undone_by == use.decided_by
    assert set(books().values()) == {0}
    assert Transaction.objects.filter(reverses__isnull=False).count() == int(what != "other")
    call_command("verify")

    client.post(address, {"what": "fee"})  # it was something else
    assert books()["fees"] == -line.signed
    call_command("verify")


def test_a_payout_is_booked_once_whichever_comes_first():
    line, later = line_of("9.61", "STRIPE po_1"), line_of("9.61", "STRIPE po_2")

    before = line_use(line=line, kind="payout", gateway_code="stripe")
    first = settled()  # the statement was first
    second = settled(ROW.replace("_1", "_2"))  # the settlement was first
    after = line_use(line=later, kind="payout", gateway_code="stripe")

    before.refresh_from_db()
    assert (before.settlement, after.settlement) == (first, second)
    assert (after.booking, before.booking.reversed_by is None) == (None, False)
    assert books()["bank"] == Decimal("19.22")
    assert balance_of(Role.CLEARING, currency="EUR") == Decimal("-20.00")
    call_command("verify")

    use_undo(use=after)  # the settlement keeps what it booked
    use_undo(use=before)
    assert books()["bank"] == Decimal("19.22")
    call_command("verify")


def test_a_payout_of_another_sum_or_provider_is_not_taken_for_it(office):  # noqa: F811
    settlement = settled()
    same, other = line_of("9.61"), line_of("9.60")
    page = office("Finance").get(reverse("dashboard:bank-list")).content.decode()

    assert page.count(f"· {settlement.payout}</button>") == 1
    assert line_use(line=other, kind="payout", gateway_code="stripe").settlement is None
    assert line_use(line=same, kind="payout", gateway_code="paypal").settlement is None
    call_command("verify")


@pytest.mark.parametrize("what", ["", "gift", "payout", "payout:transfer", "cash:stripe", "other"])
def test_what_cannot_be_is_refused_and_books_nothing(office, what):  # noqa: F811
    line = line_of("5.00")

    answer = office("Finance").post(
        reverse("dashboard:bank-use", args=[line.pk]), {"what": what}, follow=True
    )

    assert answer.status_code == 200
    assert not BankUse.objects.exists()
    assert not Transaction.objects.exists()
    with pytest.raises(BankRefused):
        line_use(line=line, kind="other", note="  ")


def test_an_assignment_that_booked_nothing_is_taken_back(office):  # noqa: F811
    part, hand, whole = order_of(), order_of(), order_of()
    short = line_of("5.00", "mugs")
    bank_line_assign(line=short, intent=intent_of(part))
    intent_capture(intent=intent_of(hand))
    late = line_of(str(hand.total_incl_tax), "thank you")
    bank_line_assign(line=late, intent=intent_of(hand))
    final = line_of(str(whole.total_incl_tax), f"Order {whole.number}")

    for line in (short, late):
        share_undo(share=line.shares.get())
        line.refresh_from_db()
        assert line.left == line.amount
    share = BankShare.objects.get(line=final)
    with pytest.raises(BankRefused, match="booked the payment"):
        share_undo(share=share)
    client = office("Finance")
    page = client.get(reverse("dashboard:bank-list"), {"view": "done"}).content.decode()
    assert "It booked the payment." in page
    assert f"share-{share.pk}" not in page
    client.post(reverse("dashboard:bank-undo", args=[final.pk]), {"what": f"share-{share.pk}"})
    assert BankShare.objects.filter(pk=share.pk).exists()

    bank_line_assign(line=short, intent=intent_of(part))  # and is given again
    relay()
    whole.refresh_from_db()
    assert whole.status == OrderState.PAID
    call_command("verify")


@pytest.mark.parametrize("is_said_first", [True, False])
def test_a_refund_is_taken_off_its_line(is_said_first):
    order, refund = owed()
    if is_said_first:
        payout_send(refund=refund, note="at the counter")
    line = line_of(f"-{refund.amount}", f"{order.number} R{refund.pk}")
    refund.refresh_from_db()
    assert (line.left, refund.state) == (0, RefundState.DONE)

    for _twice in range(2):
        payout_unmatch(line=line)

    line.refresh_from_db()
    refund.refresh_from_db()
    assert line.left == line.amount
    # What only the line had said waits to be sent again, in the books too.
    assert refund.state == (RefundState.DONE if is_said_first else RefundState.PENDING)
    call_command("verify")
    payout_match(line=line, refund=refund)
    refund.refresh_from_db()
    assert refund.state == RefundState.DONE
    call_command("verify")


def test_what_was_noted_as_sent_back_is_taken_back():
    back = line_of("3.00")
    bank_line_return(line=back, note="wrong account, 7 May")
    assert return_undo(line=back) == 3
    back.refresh_from_db()
    assert (back.left, back.return_note) == (3, "")
    call_command("verify")


@pytest.mark.django_db(transaction=True)
def test_a_line_and_its_settlement_at_once_are_booked_once(provider: Running):
    order = paid_order(provider)
    text = provider.control.settlement()
    rows = settlement_read(text)
    line = line_of(str(sum(row.amount - row.fee for row in rows)))

    at_once(
        *[partial(line_use, line=line, kind="payout", gateway_code="stripe")] * 3,
        *[partial(settlements_import, gateway_code="stripe", rows=rows)] * 2,
    )

    use = BankUse.objects.get()
    assert use.settlement is not None
    assert balance_of(Role.CLEARING, currency="EUR") == 0
    assert balance_of(Role.BANK, currency="EUR") == line.amount
    assert order.total_incl_tax == use.settlement.gross
    call_command("verify")


def test_every_form_of_the_list_has_its_token(office):  # noqa: F811
    use = line_use(line=line_of("-4.90"), kind="fee")
    line_of("9.61")
    settled()

    page = office("Finance").get(reverse("dashboard:bank-list"), {"view": "all"}).content.decode()

    forms = re.findall(r'<form[^>]*method="post"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert any(f'value="use-{use.pk}"' in form for form in forms)
    assert [form for form in forms if "csrfmiddlewaretoken" not in form] == []


def test_a_number_that_is_no_key_is_nobodys(office):  # noqa: F811
    line = line_of("5.00")
    client, undo = office("Finance"), reverse("dashboard:bank-undo", args=[line.pk])
    for number in ("", "x", "-1", "9" * 18, "9" * 5000):
        assert client.post(undo, {"what": f"use-{number}"}).status_code == 404


def test_only_finance_moves_the_books(office):  # noqa: F811
    line = line_of("5.00")
    address = reverse("dashboard:bank-use", args=[line.pk])

    assert office("Operations manager").post(address, {"what": "fee"}).status_code == 403
    page = office("Operations manager").get(reverse("dashboard:bank-list")).content.decode()

    assert address not in page
    assert not BankUse.objects.exists()


def test_the_list_asks_as_often_for_ten_lines_as_for_two(office):  # noqa: F811
    client = office("Finance")
    settled()

    def asked(lines: int) -> int:
        for _number in range(lines):
            line_use(line=line_of("1.00"), kind="fee")
            bank_line_assign(line=line_of("2.00", "x"), intent=intent_of(order_of()))
            line_of("9.61")
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("dashboard:bank-list"), {"view": "all"})
        return len(seen)

    client.get(reverse("dashboard:bank-list"))
    assert asked(2) == asked(8)
