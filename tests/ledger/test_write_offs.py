"""Differences of money are let go with a reason and within a limit, booked, told on the order, and undone."""

from decimal import Decimal
from functools import partial

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from orders.life.timeline import order_timeline
from orders.states import OrderState
from payments.bank.exceptions import BankRefused
from payments.bank.models import BankLine, BankShare
from payments.bank.selectors import missing_of
from payments.bank.services import bank_line_assign, statement_take
from payments.bank.short import short_write_off
from payments.bank.statements import statement_read
from payments.bank.undoing import share_undo
from payments.ledger.accounts import Role
from payments.ledger.exceptions import WriteOffRefused
from payments.ledger.models import Transaction, WriteOff, WriteOffLimit
from payments.ledger.reconciling import difference_of, settlement_differences, unsettled
from payments.ledger.selectors import balance_of
from payments.ledger.services import (
    difference_write_off,
    settlements_import,
    write_off_limit_save,
    write_off_undo,
)
from payments.ledger.settlement_table import settlement_read
from payments.services import intent_capture
from shop.core.audit.models import Entry
from shop.core.outbox import relay
from tests.concurrency.support import at_once
from tests.dashboard.conftest import member, office  # noqa: F401  a team to test with
from tests.factories import UserFactory
from tests.ledger.support import settlement_text
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of, paid_order

pytestmark = [pytest.mark.django_db, pytest.mark.req("S7.03", "S5.16")]
HEAD = "date,amount,currency,reference,payer,id\n"


def settled(order, off: str):
    """A payout of the order's payment that is ``off`` by this much."""
    reference = charge_of(order)
    gross = order.total_incl_tax + Decimal(off)
    row = f"po_1,2026-05-04,payment,{reference},{order.number},EUR,{gross},0,{gross}"
    rows = settlement_read(settlement_text(row))
    return settlements_import(gateway_code="stripe", rows=rows)[0], reference


def charge_of(order) -> str:
    """The provider's number of its payment, as the books have it."""
    return Transaction.objects.get(order_number=order.number, kind="capture").reference


def came(amount: Decimal, words: str = "mugs") -> BankLine:
    key = f"line-{BankLine.objects.count()}"
    statement_take(rows=statement_read(f"{HEAD}2026-05-06,{amount},EUR,{words},Mei,{key}\n"))
    return BankLine.objects.latest("pk")


def titles(order) -> list[str]:
    return [one.title for one in order_timeline(order, lane="money")]


@pytest.mark.parametrize("off", ["-1.00", "0.40"])
def test_a_difference_with_a_provider_is_let_go_and_comes_back(provider: Running, office, off):  # noqa: F811
    order = paid_order(provider)
    settlement, reference = settled(order, off)
    client = office("Finance")
    form = {"gateway": "stripe", "reference": reference, "currency": "EUR"}
    form["back"] = reverse("dashboard:book-settlement", args=[settlement.pk])
    page = client.get(form["back"]).content.decode()
    assert reverse("dashboard:book-write-offs") in page

    client.post(reverse("dashboard:book-write-offs"), form)  # without a reason
    assert not WriteOff.objects.exists()
    for _twice in range(2):
        answer = client.post(reverse("dashboard:book-write-offs"), form | {"reason": "rounding"})
        assert answer["Location"] == form["back"]

    made = WriteOff.objects.get()
    assert (made.amount, made.order_number) == (-Decimal(off), order.number)
    assert settlement_differences(settlement) == []
    assert unsettled("stripe", until=timezone.localdate()) == []
    assert balance_of(Role.CLEARING, currency="EUR") == 0
    assert balance_of(Role.WRITE_OFF, currency="EUR") == -Decimal(off)
    assert sum("written off" in title for title in titles(order)) == 1
    assert Entry.objects.filter(label="ledger.writeoff", object_key=str(made.pk)).exists()
    call_command("verify")

    undo = reverse("dashboard:book-write-off-undo", args=[made.pk])
    for _twice in range(2):
        assert client.post(undo).status_code == 302
    assert len(settlement_differences(settlement)) == 1
    assert balance_of(Role.WRITE_OFF, currency="EUR") == 0
    assert sum("undone" in title for title in titles(order)) == 1
    call_command("verify")
    assert client.get(reverse("dashboard:book-write-offs")).status_code == 200
    client.post(reverse("dashboard:book-write-offs"), form | {"reason": "again"})
    assert settlement_differences(settlement) == []
    call_command("verify")


def test_what_no_settlement_has_and_what_we_do_not_know_is_let_go(provider: Running):
    ours = charge_of(paid_order(provider))
    row = "po_1,2026-05-04,payment,pi_x,A-1,EUR,3.00,0,3.00"
    settlements_import(gateway_code="stripe", rows=settlement_read(settlement_text(row)))
    total = difference_of("stripe", reference=ours, currency="EUR").ours

    for reference, amount in ((ours, total), ("pi_x", Decimal("-3.00"))):
        made = difference_write_off(
            gateway_code="stripe", reference=reference, currency="EUR", reason="looked into"
        )
        assert made.amount == amount
    with pytest.raises(WriteOffRefused, match="no difference"):
        difference_write_off(gateway_code="stripe", reference="pi_y", currency="EUR", reason="x")

    assert unsettled("stripe", until=timezone.localdate()) == []
    assert balance_of(Role.CLEARING, currency="EUR") == 0
    call_command("verify")


def test_a_payment_that_two_payouts_have_is_seen_as_settled_twice(provider: Running):
    order = paid_order(provider)
    settlement, reference = settled(order, "0")
    again = settlement_text(
        f"po_2,2026-05-05,payment,{reference},{order.number},EUR,1.00,0,1.00",
    )
    assert settlement_differences(settlement) == []

    (second,) = settlements_import(gateway_code="stripe", rows=settlement_read(again))

    (found,) = settlement_differences(settlement)
    assert found.theirs - found.ours == 1
    assert settlement_differences(second) == [found]


def test_a_transfer_some_cents_short_is_paid_and_may_still_be_completed(office):  # noqa: F811
    order = order_of()
    line = came(order.total_incl_tax - Decimal("0.03"))
    client = office("Finance")
    assign = reverse("dashboard:bank-assign", args=[line.pk])
    answer = client.post(assign, {"number": order.number}, follow=True)
    intent = intent_of(order)
    assert reverse("dashboard:bank-short", args=[intent.pk]) in answer.content.decode()

    short = reverse("dashboard:bank-short", args=[intent.pk])
    for reason in ("", "bank charges", "bank charges"):
        assert client.post(short, {"reason": reason}).status_code == 302

    relay()
    order.refresh_from_db()
    made = WriteOff.objects.get()
    assert (order.status, made.amount) == (OrderState.PAID, Decimal("0.03"))
    assert balance_of(Role.BANK, currency="EUR") == line.amount
    assert sum("written off" in title for title in titles(order)) == 1
    assert missing_of(intent) == 0
    with pytest.raises(BankRefused, match="booked the payment"):
        share_undo(share=BankShare.objects.get())
    call_command("verify")

    # The cents come after all.
    write_off_undo(write_off=made)
    order.refresh_from_db()
    assert order.status == OrderState.PAID
    call_command("verify")
    bank_line_assign(line=came(Decimal("0.03")), intent=intent)
    assert missing_of(intent) == 0
    assert balance_of(Role.BANK, currency="EUR") == order.total_incl_tax
    call_command("verify")


def test_of_a_transfer_nothing_is_let_go_before_something_came():
    order = order_of()
    with pytest.raises(BankRefused):
        short_write_off(intent=intent_of(order), reason="x")
    intent_capture(intent=intent_of(order))  # by hand
    bank_line_assign(line=came(order.total_incl_tax - 1), intent=intent_of(order))

    made = short_write_off(intent=intent_of(order), reason="a euro short")

    assert balance_of(Role.BANK, currency="EUR") == order.total_incl_tax - 1
    share_undo(share=BankShare.objects.get())  # the payment was booked by hand
    write_off_undo(write_off=made)
    assert balance_of(Role.BANK, currency="EUR") == order.total_incl_tax
    call_command("verify")


SHORT = "Only a part of"


def test_who_may_not_write_off_cannot_take_a_short_transfer_for_all_of_it(office):  # noqa: F811
    order = order_of()
    client = office("Operations manager")
    address = reverse("dashboard:order-payment-book", args=[order.number])
    page = reverse("dashboard:order-detail", args=[order.number])
    assert address in client.get(page).text  # nothing is on a statement yet
    line = came(order.total_incl_tax - Decimal("0.40"))
    bank_line_assign(line=line, intent=intent_of(order))
    short = reverse("dashboard:bank-short", args=[intent_of(order).pk])

    assert address not in client.get(page).text
    assert SHORT in client.get(page).text
    said = client.post(address, follow=True).text
    refused = client.post(short, {"reason": "x"})

    assert "nothing was booked" in said
    assert refused.status_code == 403
    assert short not in client.get(f"/dashboard/payments/{intent_of(order).pk}/").text
    assert intent_of(order).amount_captured == 0
    assert not WriteOff.objects.exists()

    office("Finance").post(short, {"reason": "forty cents"})
    assert intent_of(order).amount_captured == order.total_incl_tax
    assert WriteOff.objects.get().amount == Decimal("0.40")
    assert SHORT not in client.get(page).text
    call_command("verify")


def test_finance_cannot_either_without_a_reason(office):  # noqa: F811
    order = order_of()
    bank_line_assign(line=came(order.total_incl_tax - 1), intent=intent_of(order))

    office("Finance").post(reverse("dashboard:order-payment-book", args=[order.number]))

    assert intent_of(order).amount_captured == 0


def test_what_was_written_off_on_a_line_is_taken_back_by_who_may_write_off(office):  # noqa: F811
    order = order_of()
    line = came(order.total_incl_tax + Decimal("0.05"))
    bank_line_assign(line=line, intent=intent_of(order))
    finance = office("Finance")
    finance.post(
        reverse("dashboard:bank-use", args=[line.pk]), {"what": "write_off", "note": "cents"}
    )
    use = f"use-{line.uses.get().pk}"
    role = Group.objects.create(name="Bank alone")
    wanted = ("view_paymentintent", "view_bankline", "change_bankuse")
    role.permissions.set(Permission.objects.filter(codename__in=wanted))
    helper = Client()
    helper.force_login(user := UserFactory(is_staff=True))
    user.groups.set([role])
    undo, done = reverse("dashboard:bank-undo", args=[line.pk]), reverse("dashboard:bank-list")

    assert f'value="{use}"' not in helper.get(done, {"view": "done"}).text
    assert helper.post(undo, {"what": use}).status_code == 403
    assert WriteOff.objects.get().undone_at is None

    assert f'value="{use}"' in finance.get(done, {"view": "done"}).text
    assert finance.post(undo, {"what": use}).status_code == 302
    assert WriteOff.objects.get().undone_at is not None


def test_some_cents_too_much_are_let_go_on_their_line(office):  # noqa: F811
    order = order_of()
    line = came(order.total_incl_tax + Decimal("0.05"))
    bank_line_assign(line=line, intent=intent_of(order))
    client = office("Finance")
    address = reverse("dashboard:bank-use", args=[line.pk])

    client.post(address, {"what": "write_off"})
    assert not WriteOff.objects.exists()
    client.post(address, {"what": "write_off", "note": "not worth sending back"})

    made = WriteOff.objects.get()
    use = line.uses.get()
    assert (made.amount, made.order_number, use.booking) == (
        Decimal("-0.05"),
        order.number,
        made.booking,
    )
    assert balance_of(Role.BANK, currency="EUR") == line.amount
    call_command("verify")

    client.post(reverse("dashboard:bank-undo", args=[line.pk]), {"what": f"use-{use.pk}"})
    made.refresh_from_db()
    line.refresh_from_db()
    assert made.undone_at
    assert line.left == Decimal("0.05")
    assert balance_of(Role.BANK, currency="EUR") == order.total_incl_tax
    call_command("verify")


def test_above_the_limit_of_a_role_nothing_is_let_go(provider: Running, member, settings):  # noqa: F811
    finance, owner = member("Finance"), member()
    order = paid_order(provider)
    _settlement, reference = settled(order, "-4.00")
    facts = {"gateway_code": "stripe", "reference": reference, "currency": "EUR", "reason": "x"}
    group = Group.objects.get(name="Finance")

    write_off_limit_save(group_id=group.pk, amount=Decimal("3.99"))
    with pytest.raises(WriteOffRefused, match=r"limit of €3\.99"):
        difference_write_off(**facts, user=finance)
    write_off_limit_save(group_id=group.pk, amount=None)
    settings.WRITE_OFF_LIMIT = 4
    write_off_undo(write_off=difference_write_off(**facts, user=finance))
    difference_write_off(**facts, user=owner)

    # What stands of the order counts.
    line = came(order.total_incl_tax - 1)
    other = order_of()
    bank_line_assign(line=line, intent=intent_of(other))
    assert not WriteOffLimit.objects.exists()
    settings.WRITE_OFF_LIMIT = 0
    with pytest.raises(BankRefused, match="above your limit"):
        short_write_off(intent=intent_of(other), reason="x", user=finance)
    call_command("verify")


def test_the_limit_is_set_beside_that_of_refunds(office):  # noqa: F811
    group = Group.objects.get(name="Finance")
    client = office("Operations manager")
    address = reverse("dashboard:refund-limits")

    assert client.post(address, {f"off-group-{group.pk}": "2.50"}).status_code == 302

    assert WriteOffLimit.objects.get().amount == Decimal("2.50")
    assert "2.5" in client.get(address).content.decode()
    assert client.post(address, {f"off-group-{group.pk}": "-1"}).status_code == 422
    client.post(address, {f"off-group-{group.pk}": ""})
    assert not WriteOffLimit.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_let_the_same_go_at_once_book_it_once(provider: Running):
    order, other = paid_order(provider), order_of()
    _settlement, reference = settled(order, "-1.00")
    bank_line_assign(line=came(other.total_incl_tax - 1), intent=intent_of(other))

    at_once(
        *[
            partial(
                difference_write_off,
                gateway_code="stripe",
                reference=reference,
                currency="EUR",
                reason="x",
            )
        ]
        * 3,
        *[partial(short_write_off, intent=intent_of(other), reason="y")] * 3,
    )

    assert sorted(WriteOff.objects.values_list("kind", "amount")) == [
        ("settlement", Decimal(1)),
        ("short", Decimal(1)),
    ]
    call_command("verify")
