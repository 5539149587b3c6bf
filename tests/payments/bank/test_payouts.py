"""Money that no provider sends back: an account is named, somebody sends it, and only then it is done."""

from functools import partial

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from crm.accounts.roles import AGENT, FINANCE
from orders.life.timeline import order_timeline
from orders.links import links_by_token, order_token
from orders.papers.models import Document
from orders.services import order_cancel
from orders.states import CancelReason
from payments.bank.accounts import account_cleaned
from payments.bank.exceptions import BankRefused
from payments.bank.models import BankLine, Payout
from payments.bank.payouts import (
    account_tell,
    payout_match,
    payout_send,
    payout_unsend,
    payouts_file,
)
from payments.bank.services import statement_take
from payments.bank.statements import statement_read
from payments.ledger.models import Transaction
from payments.models import PaymentEntry, Refund, RefundState
from payments.services import intent_capture, refund_send, refunds_resume
from shop.core.audit.models import Entry
from shop.core.models import Mail
from shop.core.outbox import relay
from shop.core.sealed import seal, unseal
from tests.concurrency.support import at_once, kinds
from tests.factories import ProductFactory, UserFactory
from tests.sales import intent_of, order_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S5.07", "S5.12")]
IBAN = "DE89370400440532013000"
HEAD = "date,amount,currency,reference,payer,id\n"


def owed():
    """A refund of a whole order that was paid by transfer and cancelled."""
    order = order_of(ProductFactory(price="20.00", stock=5))
    intent_capture(intent=intent_of(order))
    relay()
    order_cancel(order=order, reason=CancelReason.OPERATOR, user=None)
    relay()
    return order, Refund.objects.get(intent__order_number=order.number)


def colleague(role: str) -> Client:
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def done_of(refund: Refund) -> bool:
    """Whether the books, the paper and the mail say that it went back; all of them or none."""
    said = [
        Transaction.objects.filter(key=f"refund:{refund.pk}:done").exists(),
        PaymentEntry.objects.filter(intent=refund.intent, kind="refunded").exists(),
        Document.objects.filter(refund=refund).exists(),
        Mail.objects.filter(kind="order_refunded", reference=refund.intent.order_number).exists(),
    ]
    assert len(set(said)) == 1, said
    return said[0]


def test_a_refund_of_a_transfer_is_not_done_before_somebody_sent_it():
    order, refund = owed()

    assert refund_send(refund=refund).state == RefundState.PENDING
    refunds_resume()
    relay()

    refund.refresh_from_db()
    assert (refund.state, refund.attempts, done_of(refund)) == (RefundState.PENDING, 0, False)
    assert Mail.objects.filter(kind="order_refund_account", reference=order.number).count() == 1
    with pytest.raises(BankRefused):
        payout_send(refund=refund)  # nobody knows how

    account_tell(order_number=order.number, holder="Mei Lin", account=IBAN)
    user = UserFactory(is_staff=True)
    payout_send(refund=refund, user=user)
    payout_send(refund=refund, user=user)
    relay()

    refund.refresh_from_db()
    assert (refund.state, done_of(refund)) == (RefundState.DONE, True)
    assert PaymentEntry.objects.get(kind="refunded").by == user
    mail = Mail.objects.get(kind="order_refunded", reference=order.number)
    assert "to your account" in mail.text
    call_command("verify")


def test_the_shopper_names_an_account_that_nobody_reads_in_the_database(client):
    order, refund = owed()
    shown_at = links_by_token(order_token(order)).page
    page = f"{shown_at}refund-account/"
    assert page in client.get(shown_at).content.decode()
    assert client.get(page).status_code == 200
    for wrong in (IBAN[:-1] + "1", "12345", "=cmd()", "x" * 200):
        answer = client.post(page, {"holder": "Mei", "account": wrong})
        assert answer.status_code == 422
    assert client.post(page, {"holder": "Mei", "account": "6222020200112233445"}).status_code == 422

    client.post(page, {"holder": "Mei Lin", "account": "de89 3704 0044 0532 0130 00"})

    kept = Payout.objects.get(pk=refund.pk)
    assert IBAN not in f"{kept.account}{kept.holder}{kept.shown}"
    assert (unseal(kept.account), unseal(kept.holder)) == (IBAN, "Mei Lin")
    shown = client.get(shown_at).content.decode()
    assert "DE•••3000" in shown
    assert IBAN not in shown
    assert IBAN not in client.get(page).content.decode()

    # With the bank already: the payer changes nothing, the team may.
    Payout.objects.update(filed_at=kept.told_at)
    client.post(page, {"holder": "Mallory", "account": "GB82WEST12345698765432"})
    assert unseal(Payout.objects.get().account) == IBAN
    agent = colleague(AGENT)
    office = reverse("dashboard:payout-account", args=[order.number])
    agent.post(office, {"holder": "Mei Lin", "account": "GB82WEST12345698765432"})
    assert unseal(Payout.objects.get().account).startswith("GB82")
    assert IBAN not in agent.get(office).content.decode()
    assert "GB82WEST" not in str(list(Entry.objects.values()))
    assert seal(IBAN) != seal(IBAN)


def test_a_sealed_text_outlives_a_changed_key_and_not_a_lost_one(settings):
    kept = seal(IBAN)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-one-another-one-another-one-another"
    assert unseal(kept) == IBAN
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(kept) == ""


def test_finance_takes_the_file_to_the_bank_and_the_statement_says_that_it_left():
    (first, one), (_second, two) = owed(), owed()
    for order, holder in ((first, "=Mei"), (_second, "Lin")):
        account_tell(order_number=order.number, holder=holder, account=IBAN)
    finance = colleague(FINANCE)
    listed = finance.get(reverse("dashboard:payout-list")).content.decode()
    assert IBAN in listed

    answer = finance.post(reverse("dashboard:payout-file"))

    rows = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert rows[1].startswith(f"{first.number} R{one.pk},'=Mei,{IBAN},,{one.amount},EUR")
    assert Entry.objects.filter(action="export", label="bank.payout").count() == 1
    assert finance.post(reverse("dashboard:payout-file")).status_code == 302  # once is enough
    assert Refund.objects.filter(state=RefundState.PENDING).count() == 2

    text = (
        HEAD
        + f"2026-03-01,-{one.amount},EUR,{first.number} R{one.pk},Mei Lin,a\n"
        + f"2026-03-01,-{two.amount},EUR,back to Lin,Lin,b\n"
        + "2026-03-01,-9.00,EUR,rent,Landlord,c\n"
    )
    taken = statement_take(rows=statement_read(text))
    assert (taken.matched, taken.out, taken.new) == (1, 3, 3)
    assert statement_take(rows=statement_read(text)).new == 0
    relay()
    one.refresh_from_db()
    assert (one.state, done_of(one), done_of(two)) == (RefundState.DONE, True, False)

    line = BankLine.objects.get(reference="back to Lin")
    assert (
        f'name="refund" value="{two.pk}"'
        in finance.get(reverse("dashboard:bank-list")).content.decode()
    )
    finance.post(reverse("dashboard:payout-match", args=[line.pk]), {"refund": two.pk})
    two.refresh_from_db()
    assert (two.state, done_of(two)) == (RefundState.DONE, True)
    with pytest.raises(BankRefused):
        payout_match(line=BankLine.objects.get(reference="rent"), refund=two)
    call_command("verify")


def test_one_that_was_said_to_be_sent_is_found_on_the_statement_later_and_booked_once():
    order, refund = owed()
    payout_send(refund=refund, note="cash at the counter")
    text = HEAD + f"2026-03-01,-{refund.amount},EUR,{order.number},Mei Lin,a\n"

    statement_take(rows=statement_read(text))

    assert Payout.objects.get().line == BankLine.objects.get()
    assert Transaction.objects.filter(kind="refund").count() == 1
    call_command("verify")


@pytest.mark.django_db(transaction=True)
def test_sent_by_hand_and_by_statement_at_once_is_sent_once():
    order, refund = owed()
    account_tell(order_number=order.number, holder="Mei", account=IBAN)
    rows = statement_read(HEAD + f"2026-03-01,-{refund.amount},EUR,{order.number},M,a\n")

    outcomes = at_once(
        *[partial(payout_send, refund=refund)] * 3, *[partial(statement_take, rows=rows)] * 2
    )

    assert set(kinds(outcomes)) <= {"Payout", "Taken"}
    assert Transaction.objects.filter(key__startswith="refund:", kind="refund").count() == 1
    assert Payout.objects.get().line is not None
    call_command("verify")


@pytest.mark.django_db(transaction=True)
def test_of_two_files_at_once_one_has_it_and_its_account_is_what_is_kept():
    order, refund = owed()
    account_tell(order_number=order.number, holder="Mei", account=IBAN)
    tell = partial(
        account_tell, order_number=order.number, holder="Mei", account="GB82WEST12345698765432"
    )

    *files, told = at_once(*[partial(payouts_file, refunds=[refund])] * 3, tell)

    filed = [one for rows in files for one in rows]
    assert len(filed) == 1
    kept = Payout.objects.get()
    if isinstance(told, BankRefused):  # the file was quicker
        assert unseal(filed[0].payout.account) == unseal(kept.account) == IBAN
    else:
        assert unseal(filed[0].payout.account) == unseal(kept.account) != IBAN
    assert kept.filed_at is not None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("DE89 3704 0044 0532 0130 00", IBAN),
        ("6222 0202 0011 2233 445", "6222020200112233445"),
        ("gb82-west-1234-5698-7654-32", "GB82WEST12345698765432"),
    ],
)
def test_account_numbers_are_read_as_people_type_them(typed, kept):
    assert account_cleaned(typed) == kept
    with pytest.raises(ValueError, match="no account"):
        account_cleaned("DE88370400440532013000")


def test_a_payout_that_was_marked_by_mistake_waits_again_in_the_books_too():
    order, refund = owed()
    account_tell(order_number=order.number, holder="Mei Lin", account=IBAN)
    finance = colleague(FINANCE)
    listed = reverse("dashboard:payout-list")
    page = reverse("dashboard:payout-unsend", args=[refund.pk])
    finance.post(reverse("dashboard:payout-send", args=[refund.pk]))
    assert "It was not sent" in finance.get(listed, {"view": "sent"}).text
    assert colleague(AGENT).post(page).status_code == 403

    for _twice in range(2):
        finance.post(page)

    refund.refresh_from_db()
    payout = Payout.objects.get(pk=refund.pk)
    assert (refund.state, refund.reopened, payout.sent_at) == (RefundState.PENDING, 1, None)
    assert unseal(payout.account) == IBAN
    assert order.number in finance.get(listed).text
    entry = PaymentEntry.objects.get(kind="unsent")
    assert (entry.amount, entry.by) == (refund.amount, finance.user)
    assert Transaction.objects.filter(reverses__key=f"refund:{refund.pk}:done").count() == 1
    assert [one.title for one in order_timeline(order) if "Not sent after all" in one.title]
    call_command("verify")

    payout_send(refund=refund, user=finance.user)
    relay()
    refund.refresh_from_db()
    assert (refund.state, Document.objects.filter(refund=refund).count()) == (RefundState.DONE, 1)
    assert Mail.objects.filter(kind="order_refunded", reference=order.number).count() == 1
    assert PaymentEntry.objects.filter(kind="refunded").count() == 2
    call_command("verify")


def test_what_a_statement_shows_leaving_is_not_taken_back_and_money_at_the_door_forgets_its_note():
    order, refund = owed()
    account_tell(order_number=order.number, holder="Mei Lin", account=IBAN)
    payout_send(refund=refund)
    facts = f"-{refund.amount},EUR,{order.number} R{refund.pk}"
    statement_take(rows=statement_read(f"{HEAD}2026-11-02,{facts},Mei,x1\n"))
    assert Payout.objects.get(pk=refund.pk).line_id

    with pytest.raises(BankRefused, match="statement shows"):
        payout_unsend(refund=refund)
    refund.refresh_from_db()
    assert (refund.state, refund.reopened) == (RefundState.DONE, 0)

    _order, other = owed()
    payout_send(refund=other, note="in cash, yesterday")
    payout_unsend(refund=other)
    assert not Payout.objects.filter(pk=other.pk).exists()
    call_command("verify")
