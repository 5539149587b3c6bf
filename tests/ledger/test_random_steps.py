"""Thousands of legal and illegal steps of money; the books hold after each."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payments.exceptions import RefundTooLarge
from payments.gateways.base import ProviderState
from payments.ledger.accounts import BANK, RECEIVABLE, WRITE_OFF, Role
from payments.ledger.exceptions import Unbalanced
from payments.ledger.invariants import entries_balance, money_is_booked
from payments.ledger.models import Entry, EventKind, Transaction
from payments.ledger.services import transaction_book, transaction_reverse
from payments.models import PaymentIntent, Refund, RefundState
from payments.services import intent_create, intent_move, refund_request
from payments.services.refunds import _refuse, _settle
from tests.walks import TIMES, examples

pytestmark = [pytest.mark.django_db, pytest.mark.req("S7.03")]

CENTS = st.integers(1, 30_000).map(lambda units: Decimal(units) / 100)
STEP = st.one_of(
    st.tuples(st.just("pay"), CENTS, st.booleans()),
    st.tuples(st.just("again"), CENTS, st.booleans()),
    st.tuples(st.just("ask"), CENTS, st.booleans()),
    st.tuples(st.just("done"), CENTS, st.booleans()),
    st.tuples(st.just("refused"), CENTS, st.booleans()),
    st.tuples(st.just("write off"), CENTS, st.booleans()),
    st.tuples(st.just("reverse"), CENTS, st.booleans()),
    st.tuples(st.just("unbalanced"), CENTS, st.booleans()),
    st.tuples(st.just("tamper"), CENTS, st.booleans()),
)


class Books:
    """Takes steps and knows what must be in the books after them."""

    def __init__(self) -> None:
        self.count, self.paid, self.back, self.asked, self.off = 0, *[Decimal(0)] * 4

    def take(self, step: str, amount: Decimal, is_legal: bool) -> None:
        self.count += 1
        getattr(self, f"_{step.replace(' ', '_')}")(amount, is_legal)

    def _pay(self, amount, is_legal):
        intent = intent_create(
            order_number=f"R-{self.count}",
            gateway_code="cod",
            amount=amount,
            currency="EUR",
            email="a@example.com",
            language="en",
        )
        got = amount if is_legal else amount + 1  # another amount than asked is not taken
        self._move(intent, got)
        self.paid += amount if is_legal else 0

    def _again(self, amount, is_legal):
        intent = PaymentIntent.objects.filter(state="captured").first()
        if intent:
            self._move(intent, intent.amount if is_legal else amount)

    def _move(self, intent, got):
        told = ProviderState(
            state="captured", currency="EUR", amount_captured=got, reference=f"ch_{intent.pk}"
        )
        intent_move(intent_id=intent.pk, provider=told, source="webhook")

    def _ask(self, amount, is_legal):
        intent = PaymentIntent.objects.filter(state="captured").order_by("-pk").first()
        if intent is None:
            return
        key = f"refund-{self.count if is_legal else self.count // 3}"
        is_new = not Refund.objects.filter(key=key).exists()
        try:
            refund = refund_request(intent=intent, amount=amount, reason="x", key=key)
        except RefundTooLarge:
            return
        self.asked += refund.amount if is_new else 0

    def _done(self, _amount, is_legal):
        refund = Refund.objects.filter(state=RefundState.PENDING).first()
        if refund:
            for _twice in range(1 if is_legal else 2):
                _settle(refund, f"re_{refund.pk}")
            self.back += refund.amount
            self.asked -= refund.amount

    def _refused(self, _amount, is_legal):
        refund = Refund.objects.filter(state=RefundState.PENDING).first()
        if refund:
            for _twice in range(1 if is_legal else 2):
                _refuse(refund, "no")
            self.asked -= refund.amount

    def _write_off(self, amount, is_legal):
        key = f"off-{self.count if is_legal else self.count // 3}"
        is_new = not Transaction.objects.filter(key=key).exists()
        entries = [(WRITE_OFF, amount), (RECEIVABLE, -amount)]
        transaction_book(key=key, kind=EventKind.WRITE_OFF, currency="EUR", entries=entries)
        self.off += amount if is_new else 0

    def _reverse(self, _amount, is_legal):
        wanted = Transaction.objects.filter(kind=EventKind.WRITE_OFF)
        booked = wanted.filter(reversed_by__isnull=is_legal).first()
        if booked:
            transaction_reverse(booked=booked)
            off = booked.entries.get(account__role=Role.WRITE_OFF).amount
            self.off -= off if is_legal else 0

    def _unbalanced(self, amount, _is_legal):
        with pytest.raises(Unbalanced):
            transaction_book(
                key="off", kind=EventKind.FEE, currency="EUR", entries=[(BANK, amount)]
            )

    def _tamper(self, amount, is_legal):
        rows = Entry.objects.filter(pk__in=Entry.objects.values("pk")[:1])
        if rows:
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(amount=amount + 1) if is_legal else rows.delete()

    def prove(self) -> None:
        rows = Entry.objects.values_list("account__role").annotate(sum=Sum("amount")).order_by()
        sums = dict.fromkeys(
            (Role.CLEARING, Role.REFUNDS, Role.RECEIVABLE, Role.WRITE_OFF), Decimal(0)
        ) | {Role(role): amount for role, amount in rows}
        assert sums == {
            Role.CLEARING: self.paid - self.back,
            Role.REFUNDS: -self.asked,
            Role.RECEIVABLE: self.back + self.asked - self.paid - self.off,
            Role.WRITE_OFF: self.off,
        }


@settings(
    max_examples=examples(25),
    deadline=None,
    database=None,
    derandomize=TIMES == 1,  # the same walks each time, unless somebody asks for many
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(STEP, min_size=20, max_size=70))
def test_the_books_hold_after_each_of_many_random_steps(steps):
    begin = transaction.savepoint()
    try:
        books = Books()
        for step in steps:
            books.take(*step)
            books.prove()
        assert not [*entries_balance(), *money_is_booked()]
    finally:
        transaction.savepoint_rollback(begin)
