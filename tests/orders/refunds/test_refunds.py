"""Money back by line, delivery or amount; above a limit a second person agrees."""

from decimal import Decimal
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from crm.accounts import roles
from orders.exceptions import EditRefused
from orders.life.editing import order_lines_edit
from orders.life.timeline import order_timeline
from orders.models import Order
from orders.papers.models import Document, DocumentKind
from orders.papers.wording import printed
from orders.refunds.exceptions import RequestRefused
from orders.refunds.models import RefundLimit, RefundRequest, RequestState
from orders.refunds.selectors import lines_left
from orders.refunds.services import limit_save, refund_approve, refund_ask, refund_decline
from orders.returns.amounts import proposal_of
from orders.returns.services import return_close, return_refund
from orders.returns.states import ReturnState
from orders.services import order_cancel
from orders.states import CancelReason
from payments.models import Refund
from payments.selectors import standing_of
from payments.services import intent_capture
from payments.targets import targets_for
from payments.wallets.models import Wallet
from shop.core.outbox import relay
from tests.concurrency.support import at_once
from tests.factories import ProductFactory, UserFactory
from tests.orders.returns.support import arrived, inspected, wanted
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of, paid_order, pay, refunds_finish

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16")]


def worker(role: str):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def bought(provider: Running, *, price: str = "30.00") -> Order:
    """Three of one thing, paid by card; delivery is not free."""
    return paid_order(provider, ProductFactory(price=price, stock=9, title="Mug"), quantity=3)


def ask(order: Order, user, **what) -> RefundRequest:
    return refund_ask(**{"order": order, "reason": "dent", "key": uuid4(), "user": user} | what)


def test_a_refund_by_line_names_the_line_on_its_credit_note(provider: Running):
    order, finance = bought(provider, price="10.00"), worker(roles.FINANCE)
    line = order.lines.get()
    each = line.line_price_incl_tax / 3

    key = uuid4()
    for _twice in range(2):
        asked = ask(order, finance, units={line.pk: 2}, key=key)
    refunds_finish()
    relay()

    assert (asked.state, asked.amount) == (RequestState.APPROVED, 2 * each)
    assert Refund.objects.get().amount == 2 * each
    paper = Document.objects.get(kind=DocumentKind.CREDIT_NOTE)
    (row,) = paper.content["rows"]
    assert (row["quantity"], Decimal(row["gross"])) == (2, 2 * each)
    assert paper.content["reason"] == "dent"
    assert lines_left(order)[0].units == 1
    with pytest.raises(RequestRefused):
        ask(order, finance, units={line.pk: 2})
    with pytest.raises(RequestRefused):
        ask(order, finance, amount=order.total_incl_tax)

    ask(order, finance, units={line.pk: 1}, with_delivery=True)
    refunds_finish()
    relay()

    assert standing_of(order.number).kept == 0
    notes = Document.objects.filter(kind=DocumentKind.CREDIT_NOTE)
    invoice = Document.objects.get(kind=DocumentKind.INVOICE)
    assert sum(one.total_excl_tax for one in notes) == invoice.total_excl_tax
    call_command("verify")


def test_above_the_limit_another_person_agrees(provider: Running):
    order, agent, boss = bought(provider), worker(roles.AGENT), worker(roles.OPERATIONS_MANAGER)
    RefundLimit.objects.create(group=Group.objects.get(name=roles.AGENT), amount=20)
    assert ask(order, agent, amount=Decimal("15.00")).state == RequestState.APPROVED

    asked = ask(order, agent, amount=Decimal("6.00"))  # together with the first it is over

    assert asked.state == RequestState.WAITING
    assert Refund.objects.count() == 1
    with pytest.raises(RequestRefused):
        refund_approve(asked=asked, user=agent)
    client = Client()
    client.force_login(boss)
    page = client.get(reverse("dashboard:refund-ask-list"))
    assert order.number in page.content.decode()
    client.post(reverse("dashboard:refund-ask-approve", args=[asked.pk]))
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (RequestState.APPROVED, boss)
    assert standing_of(order.number).refunded == 21

    other = ask(order, agent, amount=Decimal("6.00"))
    with pytest.raises(RequestRefused):
        refund_decline(asked=other, user=boss, why=" ")
    assert refund_decline(asked=other, user=boss, why="it was paid already")
    with pytest.raises(RequestRefused):
        refund_approve(asked=other, user=boss)
    assert "it was paid already" in [one.note for one in order_timeline(order, lane="money")]
    relay()
    call_command("verify")


def test_a_clerk_asks_on_the_page_and_nothing_typed_is_lost(provider: Running):
    order, agent = bought(provider), worker(roles.AGENT)
    line = order.lines.get()
    client = Client()
    client.force_login(agent)
    url = reverse("dashboard:refund-ask-new", args=[order.number])
    key = str(uuid4())
    data = {f"line-{line.pk}": "1", "amount": "5", "reason": "late", "key": key}

    assert client.get(url).status_code == 200
    both = client.post(url, data)
    assert both.status_code == 422
    assert 'value="late"' in both.content.decode()
    for _twice in range(2):
        assert client.post(url, data | {"amount": ""}).status_code == 302

    asked = RefundRequest.objects.get()
    assert (asked.key, asked.lines.get().units) == (UUID(key), 1)
    assert Refund.objects.get().state == "done"
    owner = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(owner)
    limits = reverse("dashboard:refund-limits")
    group = Group.objects.get(name=roles.AGENT).pk
    assert client.post(limits, {f"group-{group}": "x"}).status_code == 422
    assert client.post(limits, {f"group-{group}": "35"}).status_code == 302
    assert RefundLimit.objects.get(group=group).amount == 35


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_come_to_one_end(provider: Running):
    order, agent = bought(provider, price="90.00"), worker(roles.AGENT)
    first, second = worker(roles.FINANCE), worker(roles.FINANCE)
    asked = ask(order, agent, amount=Decimal("250.00"))
    assert asked.state == RequestState.WAITING

    at_once(
        partial(refund_approve, asked=asked, user=first),
        partial(refund_decline, asked=asked, user=second, why="no"),
        partial(refund_approve, asked=asked, user=second),
        partial(refund_decline, asked=asked, user=first, why="no"),
        *[partial(ask, order, agent, amount=Decimal("100.00"), key=uuid4())] * 2,
    )

    asked.refresh_from_db()
    assert asked.state != RequestState.WAITING
    sent = Refund.objects.filter(key=asked.refund_key).count()
    assert sent == (1 if asked.state == RequestState.APPROVED else 0)
    assert standing_of(order.number).refunded <= order.total_incl_tax
    refunds_finish()
    relay()
    call_command("verify")


def test_a_clerk_gives_store_credit_instead_and_the_credit_note_says_so(provider: Running):
    member, clerk = UserFactory(), worker(roles.FINANCE)
    order = order_of(ProductFactory(price="30.00"), user=member, payment="stripe")
    pay(order, provider)
    relay()
    browser, page = Client(), reverse("dashboard:refund-ask-new", args=[order.number])
    browser.force_login(clerk)
    assert 'value="store-credit"' in browser.get(page).content.decode()
    said = {"amount": "7", "reason": "dent", "target": "store-credit", "key": uuid4()}

    for _twice in range(2):
        answer = browser.post(page, said, follow=True)
    refunds_finish()
    relay()

    assert "€7.00 is store credit now." in answer.content.decode()
    assert Wallet.objects.get(owner=member).balance == 7
    (charge,) = provider.control.charges()
    assert charge["amount_refunded"] == 0
    assert standing_of(order.number).kept == order.total_incl_tax - 7
    paper = Document.objects.get(kind=DocumentKind.CREDIT_NOTE)
    assert "This amount is in your account as store credit." in printed(paper)["notes"]
    paper.language = "zh-hans"
    assert "这笔金额已存入你账户的店铺余额。" in printed(paper)["notes"]
    assert "Store credit" in [one.note for one in order_timeline(order)]
    call_command("verify")

    guest = bought(provider)
    assert targets_for(order_number=guest.number) == []


def limited(role: str, limit: str):
    limit_save(group_id=Group.objects.get(name=role).pk, amount=Decimal(limit))
    return worker(role)


def test_a_return_above_the_limit_is_paid_by_a_second_person_and_no_other_way():
    manager, finance = limited(roles.OPERATIONS_MANAGER, "10"), limited(roles.FINANCE, "10")
    order = arrived({ProductFactory(price="30.00", stock=5): 1})
    back = inspected(order)
    worth = proposal_of(back).total
    assert worth > 10

    for _press in range(2):
        back = return_refund(back=back, amount=worth, user=manager)
    assert (back.state, Refund.objects.count()) == (ReturnState.INSPECTED, 0)
    asked = RefundRequest.objects.get(back=back)
    with pytest.raises(RequestRefused):
        refund_approve(asked=asked, user=manager)
    client = Client()
    client.force_login(manager)
    page = client.get(reverse("dashboard:return-detail", args=[back.number])).content.decode()
    assert "waits for a colleague" in page
    assert back.number in client.get(reverse("dashboard:refund-ask-list")).content.decode()

    assert refund_approve(asked=asked, user=finance)
    assert refund_approve(asked=asked, user=finance) is False

    back.refresh_from_db()
    assert (back.state, back.amount) == (ReturnState.REFUNDED, worth)
    made = Refund.objects.get()
    assert (made.amount, made.key) == (worth, f"return-{back.number}")
    call_command("verify")


def test_small_returns_and_refunds_of_one_order_count_together():
    manager = limited(roles.OPERATIONS_MANAGER, "25")
    order = arrived({ProductFactory(price="10.00", stock=5): 3})
    line = order.lines.get()
    first = inspected(order, wanted(line, 1))
    assert (
        return_refund(back=first, amount=Decimal("10.00"), user=manager).state
        == ReturnState.REFUNDED
    )
    asked = refund_ask(order=order, reason="x", key=uuid4(), user=manager, amount=Decimal("10.00"))
    assert asked.state == RequestState.APPROVED

    second = inspected(order, wanted(line, 1))
    second = return_refund(back=second, amount=Decimal("10.00"), user=manager)

    assert second.state == ReturnState.INSPECTED
    assert return_close(back=second, user=manager, note="It was kept after all.")
    assert RefundRequest.objects.get(back=second).state == RequestState.REFUSED
    call_command("verify")


def test_goods_that_never_left_go_back_without_a_second_person_and_to_the_cent():
    """docs/returns.md: the shop keeps what it gives the money for, so the limit does not ask."""
    manager = limited(roles.OPERATIONS_MANAGER, "1")
    order = order_of(ProductFactory(price="40.00", stock=5))
    intent_capture(intent=intent_of(order))
    relay()

    assert order_cancel(order=order, reason=CancelReason.OPERATOR, user=manager)

    made = Refund.objects.get()
    assert (made.amount, made.requested_by) == (order.total_incl_tax, manager)
    assert not RefundRequest.objects.exists()


def test_the_story_of_the_money_names_who_booked_it_and_who_sent_it_back():
    agent = UserFactory(is_staff=True, is_superuser=True, first_name="Ada", last_name="Byron")
    order = order_of(ProductFactory(price="40.00", stock=5))
    client = Client()
    client.force_login(agent)
    client.post(
        reverse("dashboard:order-payment-book", args=[order.number]),
        {"intent": intent_of(order).pk},
    )
    order.refresh_from_db()
    asked = ask(order, agent, amount=Decimal("5.00"))
    refunds_finish()

    said = {one.title: one.by for one in order_timeline(order, lane="money")}
    named = [title for title, by in said.items() if by == "Ada Byron"]
    assert asked.state == RequestState.APPROVED
    assert [title.split()[0] for title in named] == ["Captured", "Refunded"]


def test_units_are_not_taken_out_while_their_refund_waits(provider: Running):
    """It would count for what they cost, and nothing went back for them if it was declined then."""
    order, agent = bought(provider), worker(roles.AGENT)
    limit_save(group_id=agent.groups.get().pk, amount=Decimal(0))
    line = order.lines.get()
    waits = ask(order, agent, units={line.pk: 3})
    assert waits.state == RequestState.WAITING
    edit = partial(order_lines_edit, order=order, quantities={line.pk: 2})

    with pytest.raises(EditRefused, match="waits for a second person"):
        edit(key=uuid4())
    refund_decline(asked=waits, user=worker(roles.FINANCE), why="no dent")

    assert edit(key=uuid4())
    order.refresh_from_db()
    assert standing_of(order.number).kept == order.total_incl_tax
