"""What `manage.py verify` checks about bank lines beside payments."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from payments.bank.models import BankLine, BankUse, Payout
from payments.gateways import gateways_all
from payments.ledger.invariants import rows_of
from payments.models import IntentState, PaymentIntent, RefundState
from shop.core.money import ZERO
from shop.core.verify import invariant


@invariant("bank: what a line paid for is its shares, and what was paid in full is booked")
def lines_are_shares() -> Iterator[str]:
    uses = BankUse.objects.filter(line=OuterRef("pk"), undone_at__isnull=True).order_by()
    used = Subquery(uses.values("line").annotate(sum=Sum("amount")).values("sum"))
    rows = BankLine.objects.annotate(
        paid=Coalesce(Sum("shares__amount"), ZERO)
        + Coalesce(F("payout__refund__amount"), ZERO)
        + Coalesce(used, ZERO)
    )
    for line in rows.exclude(paid=F("amount_assigned")):
        yield f"bank line {line.pk}: {line.amount_assigned} assigned, shares {line.paid}"
    paid = PaymentIntent.objects.annotate(came=Sum("bank_shares__amount")).filter(came__gt=0)
    booked = Q(came=F("amount"), state=IntentState.CAPTURED)
    waits = Q(came__lt=F("amount"))  # or it was booked by hand
    for intent in paid.exclude(booked).exclude(waits):
        yield f"{intent.order_number}: {intent.came} came by bank, payment is {intent.state}"


@invariant("bank: a refund without a provider is done when somebody sent it, and not before")
def payouts_are_sent() -> Iterator[str]:
    rows = Payout.objects.select_related("refund__intent")
    sent = Q(sent_at__isnull=False)
    done = Q(refund__state=RefundState.DONE)
    for payout in rows.filter((sent & ~done) | (done & ~sent)):
        number = payout.refund.intent.order_number
        yield f"{number}: refund {payout.pk} is {payout.refund.state}, sent at {payout.sent_at}"


@invariant("bank: what a line was is booked as much as it was, once, and not after it was undone")
def uses_are_booked() -> Iterator[str]:
    for line, kind, moved, booked in rows_of(
        """
        WITH uses AS (
            SELECT u.*, CASE WHEN l.is_out THEN -u.amount ELSE u.amount END AS signed,
                   u.undone_at IS NULL AND u.settlement_id IS NULL AND u.kind <> 'other' AS moves
            FROM bank_bankuse u JOIN bank_bankline l ON l.id = u.line_id
        ), booked AS (
            SELECT u.id, sum(e.amount) AS amount
            FROM uses u
            JOIN ledger_transaction t ON t.id = u.booking_id OR t.reverses_id = u.booking_id
            JOIN ledger_entry e ON e.transaction_id = t.id
            JOIN ledger_account a ON a.id = e.account_id AND a.role = 'bank'
            GROUP BY 1
        )
        SELECT u.line_id, u.kind, CASE WHEN u.moves THEN u.signed ELSE 0 END,
               coalesce(b.amount, 0)
        FROM uses u LEFT JOIN booked b USING (id)
        WHERE coalesce(b.amount, 0) <> CASE WHEN u.moves THEN u.signed ELSE 0 END
        ORDER BY 1
        """
    ):
        yield f"bank line {line} ({kind}): {moved} must be booked, the books say {booked}"


@invariant("bank: a settlement on a statement paid out what its line says")
def settlements_are_what_came() -> Iterator[str]:
    rows = BankUse.objects.filter(undone_at__isnull=True, settlement__isnull=False)
    for use in rows.select_related("line", "settlement"):
        line, settlement = use.line, use.settlement
        if (line.signed, line.currency) != (settlement.net, settlement.currency):
            yield f"bank line {line.pk}: {line.signed} came, {settlement} paid out {settlement.net}"


#: By currency, from the rows themselves: transfers that came and went, payouts, and what else lines were.
_ON_THE_BANK = """
    SELECT i.currency, sum(e.amount) AS amount
    FROM payments_paymententry e JOIN payments_paymentintent i ON i.id = e.intent_id
    WHERE e.kind = 'captured' AND i.gateway = ANY(%(bank)s) GROUP BY 1
    UNION ALL
    SELECT i.currency, -sum(r.amount)
    FROM payments_refund r JOIN payments_paymentintent i ON i.id = r.intent_id
    LEFT JOIN payments_paymentintent o ON o.id = i.origin_id
    WHERE r.state = 'done' AND r.target = '' AND coalesce(o.gateway, i.gateway) = ANY(%(bank)s)
    GROUP BY 1
    UNION ALL
    SELECT currency, sum(gross - fees) FROM ledger_settlement WHERE is_paid_out GROUP BY 1
    UNION ALL
    SELECT l.currency, sum(CASE WHEN l.is_out THEN -u.amount ELSE u.amount END)
    FROM bank_bankuse u JOIN bank_bankline l ON l.id = u.line_id
    WHERE u.undone_at IS NULL AND u.settlement_id IS NULL AND u.kind <> 'other' GROUP BY 1
    UNION ALL
    SELECT currency, -sum(amount) FROM ledger_writeoff
    WHERE undone_at IS NULL AND kind = 'short' GROUP BY 1
"""


@invariant("ledger: what lies on the bank is transfers, payouts and what else its lines were")
def bank_is_what_came() -> Iterator[str]:
    codes = [one.code for one in gateways_all() if getattr(one, "books_to", "") == "bank"]
    for currency, came, booked in rows_of(
        f"""
        WITH came AS (
            SELECT currency, sum(amount) AS amount FROM ({_ON_THE_BANK}) parts GROUP BY 1
        ), booked AS (
            SELECT t.currency, sum(e.amount) AS amount
            FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
            JOIN ledger_transaction t ON t.id = e.transaction_id
            WHERE a.role = 'bank' GROUP BY 1
        )
        SELECT currency, coalesce(c.amount, 0), coalesce(b.amount, 0)
        FROM came c FULL JOIN booked b USING (currency)
        WHERE coalesce(c.amount, 0) <> coalesce(b.amount, 0) ORDER BY 1
        """,  # noqa: S608  the parts are ours
        {"bank": codes},
    ):
        yield f"{came} {currency} must be there, the books say {booked}"
