"""A bank line that names a provider's payout is matched by itself, as long as only one can be meant."""

from functools import partial

import pytest
from django.core.management import call_command
from django.urls import reverse

from payments.bank.models import BankLine, BankUse
from payments.bank.services import statement_take
from payments.bank.statements import statement_read
from payments.bank.uses import use_undo
from payments.ledger.models import Transaction
from payments.ledger.services import settlements_import
from payments.ledger.settlement_table import settlement_read
from tests.concurrency.support import at_once
from tests.dashboard.conftest import member, office  # noqa: F401  a team to test with
from tests.ledger.support import settlement_text
from tests.payments.bank.test_payouts import HEAD
from tests.payments.bank.test_uses import ROW, books, settled

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]


def statement(*lines: str) -> str:
    """``amount,words`` of each line."""
    rows = [
        f"2026-05-06,{one.replace(',', ',EUR,', 1)},Somebody,k{at}" for at, one in enumerate(lines)
    ]
    return HEAD + "\n".join(rows) + "\n"


def take(*lines: str):
    return statement_take(rows=statement_read(statement(*lines)))


@pytest.mark.parametrize("words", ["STRIPE po_1", "Stripe PO 1 May", "payout po1", "po_1"])
def test_a_line_that_names_its_payout_is_matched_as_it_is_taken_in(words) -> None:
    settlement = settled()

    taken = take(f"9.61,{words}")

    line, use = BankLine.objects.get(), BankUse.objects.get()
    assert (taken.new, taken.matched, line.left) == (1, 1, 0)
    assert (use.line, use.settlement, use.booking) == (line, settlement, None)
    assert str(books()["bank"]) == "9.61"  # once: the settlement has booked it
    call_command("verify")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("9.61", "thank you"),  # names nothing
        ("9.61", "po_12"),  # names another one
        ("9.61", "xpo_1"),
        ("9.60", "po_1"),  # another sum
        ("-9.61", "po_1"),  # it left
    ],
)
def test_what_is_not_exact_is_suggested_at_most(office, amount, words) -> None:  # noqa: F811
    settled()

    taken = take(f"{amount},{words}")

    assert (taken.matched, BankUse.objects.count()) == (0, 0)
    assert BankLine.objects.get().left > 0
    page = office("Finance").get(reverse("dashboard:bank-list")).text
    assert ("· po_1</button>" in page) == (amount == "9.61")
    call_command("verify")


def test_another_currency_is_another_payout() -> None:
    settled()

    statement_take(rows=statement_read(f"{HEAD}2026-05-06,9.61,USD,po_1,Somebody,k1\n"))

    assert not BankUse.objects.exists()


def test_where_two_fit_nobody_chooses() -> None:
    settled()
    settled(code="paypal")  # the same number and sum at another provider

    assert take("9.61,po_1").matched == 0
    assert not BankUse.objects.exists()


def test_two_lines_of_one_payout_are_not_both_it() -> None:
    settled()

    taken = take("9.61,po_1", "9.61,po_1 again")

    assert (taken.new, taken.matched, BankUse.objects.count()) == (2, 1, 1)
    call_command("verify")


def test_the_same_file_again_changes_nothing_even_after_an_undo() -> None:
    settled()
    text = statement("9.61,po_1")
    statement_take(rows=statement_read(text))

    again = statement_take(rows=statement_read(text))

    assert (again.new, again.known, again.matched) == (0, 1, 0)
    assert (BankUse.objects.count(), Transaction.objects.count()) == (1, 2)
    use_undo(use=BankUse.objects.get())
    assert BankLine.objects.get().left == BankLine.objects.get().amount
    assert statement_take(rows=statement_read(text)).matched == 0
    assert not BankUse.objects.filter(undone_at=None).exists()
    assert str(books()["bank"]) == "9.61"
    call_command("verify")


def test_a_line_that_was_first_is_matched_as_its_settlement_comes() -> None:
    assert take("9.61,po_1", "9.61,nothing").matched == 0

    settlement = settled()
    settled()  # the same file once more

    use = BankUse.objects.get()
    assert (use.line.reference, use.settlement, use.booking) == ("po_1", settlement, None)
    call_command("verify")


def test_a_payout_below_zero_is_taken_from_the_account() -> None:
    settlement = settled(
        ROW.replace("payment,pi_1", "refund,re_1").replace("10.00,0.39,9.61", "-10.00,0.39,-10.39")
    )

    assert take("-10.39,po_1").matched == 1
    assert BankUse.objects.get().settlement == settlement
    call_command("verify")


def test_it_is_undone_on_the_list(office) -> None:  # noqa: F811
    settled()
    take("9.61,po_1")
    use, client = BankUse.objects.get(), office("Finance")
    page = client.get(reverse("dashboard:bank-list"), {"view": "done"}).text
    assert f'value="use-{use.pk}"' in page

    client.post(reverse("dashboard:bank-undo", args=[use.line_id]), {"what": f"use-{use.pk}"})

    assert BankLine.objects.get().left == BankLine.objects.get().amount
    call_command("verify")


@pytest.mark.django_db(transaction=True)
def test_statement_and_settlement_at_once_are_one() -> None:
    rows, said = settlement_read(settlement_text(ROW)), statement_read(statement("9.61,po_1"))

    at_once(
        *[partial(statement_take, rows=said)] * 2,
        *[partial(settlements_import, gateway_code="stripe", rows=rows)] * 2,
    )

    use = BankUse.objects.get()
    assert (use.settlement.payout, use.booking) == ("po_1", None)
    assert str(books()["bank"]) == "9.61"
    call_command("verify")
