"""Bank statements: each line once, matched where it is certain, decided by finance elsewhere."""

from decimal import Decimal
from functools import partial

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from orders.states import OrderState
from payments.bank.exceptions import BankRefused
from payments.bank.models import BankLine
from payments.bank.services import (
    bank_line_assign,
    bank_line_return,
    payment_book,
    statement_take,
)
from payments.bank.statements import statement_read
from payments.exceptions import ImpossibleStep, PaymentShort
from payments.models import IntentState
from shop.core.outbox import relay
from shop.core.tables import TableRefused
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory, UserFactory
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S5.12")]
HEAD = "date,amount,currency,reference,payer,id\n"


def row(order, more: str = "0", words: str = "", *, key: str = "") -> str:
    amount = order.total_incl_tax + Decimal(more)
    return f"2026-03-01,{amount},EUR,{words or f'Order {order.number.lower()}'},Mei Lin,{key}\n"


def bought():
    return order_of(ProductFactory(price="20.00", stock=5))


def fresh(order) -> str:
    relay()
    order.refresh_from_db()
    return order.status


def test_a_statement_books_what_is_certain_and_leaves_the_rest_to_finance(capsys):
    exact, short, over, wrong = bought(), bought(), bought(), bought()
    text = (
        HEAD
        + row(exact)
        + row(short, "-5")
        + row(over, "3.50")
        + row(wrong, words="for the mugs")
        + "2026-03-01,-9.00,EUR,rent,Landlord,\n"
    )

    taken = statement_take(rows=statement_read(text))
    again = statement_take(rows=statement_read(text))

    assert (taken.new, taken.matched, taken.out, taken.known) == (5, 1, 1, 0)
    assert (again.new, again.matched, again.known) == (0, 0, 5)
    assert [fresh(one) for one in (exact, short, over, wrong)] == [
        OrderState.PAID,
        *[OrderState.PENDING] * 3,
    ]
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("dashboard:bank-list")).content.decode()
    assert f'value="{short.number}"' in page
    assert f'value="{wrong.number}"' in page  # by its amount

    # Too much: the order is paid, the rest goes back.
    line = BankLine.objects.get(amount=over.total_incl_tax + Decimal("3.50"))
    client.post(reverse("dashboard:bank-assign", args=[line.pk]), {"number": over.number})
    assert fresh(over) == OrderState.PAID
    client.post(reverse("dashboard:bank-return", args=[line.pk]), {"note": ""})
    line.refresh_from_db()
    assert line.left == Decimal("3.50")
    client.post(reverse("dashboard:bank-return", args=[line.pk]), {"note": "sent 2 March"})
    line.refresh_from_db()
    assert (line.left, line.amount_returned) == (0, Decimal("3.50"))

    # Too little: it waits until a second transfer brings the rest.
    line = BankLine.objects.get(amount=short.total_incl_tax - 5)
    bank_line_assign(line=line, intent=intent_of(short))
    assert fresh(short) == OrderState.PENDING
    rest = HEAD + f"2026-03-02,5,EUR,{short.number},Mei Lin,\n"
    assert statement_take(rows=statement_read(rest)).matched == 1
    assert fresh(short) == OrderState.PAID
    call_command("verify")

    call_command("bank_statement_demo")
    assert "no number" not in capsys.readouterr().out.splitlines()[0]


def test_a_statement_is_taken_whole_or_not_at_all():
    order = bought()
    bad = (
        HEAD + row(order) + "soon,1,EUR,x,y,\n2026-03-01,NaN,EUR,x,y,\n2026-03-01,1.005,EUR,x,y,\n"
    )
    with pytest.raises(TableRefused) as refused:
        statement_read(bad)
    assert [error[:5] for error in refused.value.errors] == ["Row 3", "Row 4", "Row 5"]
    for text in ("", "a,b\n1,2\n", HEAD, HEAD + row(order, key="k") * 2):
        with pytest.raises(TableRefused):
            statement_read(text)
    same = statement_read(
        HEAD.replace(",", ";") + row(order).replace(",", ";").replace(".", ",") * 2
    )
    assert len({one.fingerprint for one in same}) == 2  # two payments may say the same

    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    answer = client.post(reverse("dashboard:bank-import"), {"table": bad})
    assert answer.status_code == 422
    assert "soon" in answer.content.decode()
    assert not BankLine.objects.exists()
    assert (
        client.post(reverse("dashboard:bank-import"), {"table": HEAD + row(order)}).status_code
        == 302
    )
    assert fresh(order) == OrderState.PAID


@pytest.mark.django_db(transaction=True)
def test_the_same_statement_and_the_same_line_at_once_count_once():
    order, other = bought(), bought()
    rows = statement_read(HEAD + row(order) + row(other, words="mugs"))

    at_once(*[partial(statement_take, rows=rows)] * 3)

    assert BankLine.objects.count() == 2
    assert fresh(order) == OrderState.PAID
    line = BankLine.objects.get(amount_assigned=0)
    outcomes = at_once(
        *[partial(bank_line_assign, line=line, intent=intent_of(other))] * 3,
        *[partial(bank_line_return, line=line, note="wrong")] * 2,
    )
    assert kinds(outcomes)["BankRefused"] == 4
    is_paid = fresh(other) == OrderState.PAID
    assert is_paid == (intent_of(other).state == IntentState.CAPTURED)
    with pytest.raises(BankRefused):
        bank_line_return(line=line, note="again")
    call_command("verify")


@pytest.mark.django_db(transaction=True)
def test_what_a_clerk_says_has_come_and_a_line_that_brings_a_part_of_it_do_not_both_count_as_all():
    order = bought()
    intent = intent_of(order)
    statement_take(rows=statement_read(HEAD + row(order, "-5", "a part", key="1")))
    line = BankLine.objects.get()

    outcomes = at_once(
        partial(payment_book, intent=intent), partial(bank_line_assign, line=line, intent=intent)
    )

    intent.refresh_from_db()
    if kinds(outcomes)[PaymentShort.__name__]:  # the line was first: nothing is booked
        assert intent.amount_captured == 0
    else:  # what came with the line is a part of what the clerk had booked
        assert intent.amount_captured == intent.amount
    assert BankLine.objects.get().amount_assigned == line.amount
    call_command("verify")


def test_what_a_provider_takes_is_booked_by_no_clerk(provider: Running):
    intent = intent_of(order_of(payment="stripe"))

    with pytest.raises(ImpossibleStep):
        payment_book(intent=intent)

    intent.refresh_from_db()
    assert intent.amount_captured == 0
