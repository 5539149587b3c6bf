"""What the shop relies on, of every gateway that a provider stands behind."""

import datetime as dt
import time
from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from payments import gateways
from payments.exceptions import GatewayRefused, GatewayUnavailable
from payments.ledger.readers import READERS
from payments.ledger.readers.house import HouseReader
from payments.ledger.reconciling import settlement_differences, unsettled
from payments.ledger.services import settlements_import
from payments.ledger.settlement_table import settlement_read
from payments.models import IntentState, PaymentEntry, PaymentIntent, Refund, WebhookEvent
from payments.services import (
    intent_cancel,
    intent_open,
    intent_refresh,
    refund_request,
    refund_send,
    webhooks_process,
)
from tests.payments.benches import BENCHES, Bench, bench_open
from tests.payments.localprovider.support import Running

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]

AMOUNT = Decimal("12.50")


def test_each_gateway_that_a_provider_stands_behind_is_tested_here() -> None:
    hosted = {one.code for one in gateways.gateways_all() if one.is_hosted}
    assert {bench.gateway.code for bench in BENCHES} == hosted


@pytest.mark.parametrize("bench", BENCHES, ids=lambda bench: bench.gateway.code, indirect=True)
class TestGateway:
    """Runs against each gateway of `tests/payments/benches.py`, its own library and all."""

    @pytest.fixture
    def bench(self, request: pytest.FixtureRequest, provider_process: Running) -> Iterator[Bench]:
        self.provider = provider_process
        with bench_open(request.param, provider_process) as bench:
            yield bench

    def intent(
        self, bench: Bench, *, amount: Decimal = AMOUNT, currency: str = ""
    ) -> PaymentIntent:
        intent = PaymentIntent.objects.create(
            order_number=f"C-{uuid4().hex[:8]}",
            gateway=bench.gateway.code,
            amount=amount,
            currency=currency or bench.currency,
            email="mei@example.com",
            language="en",
            expires_at=timezone.now() + dt.timedelta(minutes=40),
        )
        return intent_open(intent=intent)

    def paid(self, bench: Bench) -> PaymentIntent:
        intent = self.intent(bench)
        bench.pay(self.provider, intent)
        return intent_refresh(intent=intent, source="return")

    def refund(self, intent: PaymentIntent, amount: str, key: str) -> Refund:
        refund = refund_request(intent=intent, amount=Decimal(amount), reason="x", key=key)
        return refund_send(refund=refund)

    def send(self, bench: Bench, tamper: str | None = None) -> int:
        """Carry the provider's newest message to the shop; answers the status."""
        said = self.provider.control.message(self.provider.control.events()[-1]["id"], tamper)
        answer = Client().post(
            reverse("payments:webhook", args=[bench.gateway.code]),
            data=said["body"],
            content_type=said["headers"].pop("Content-Type"),
            headers=said["headers"],
        )
        if answer.status_code == 200 and bench.gateway.webhook_answer:
            assert answer.content.decode() == bench.gateway.webhook_answer
        return answer.status_code

    def test_is_offered_with_its_keys_for_its_currencies(self, bench: Bench, settings):
        def codes(currency: str) -> list[str]:
            return [one.code for one in gateways.gateways_offered(currency=currency)]

        assert bench.gateway.code in codes(bench.currency)
        if bench.gateway.currencies:
            assert bench.gateway.code not in codes("XAU")
        for name in bench.settings(self.provider):
            setattr(settings, name, "")
        assert bench.gateway.code not in codes(bench.currency)

    def test_is_opened_paid_and_captured_once(self, bench: Bench):
        intent = self.intent(bench)
        assert intent.state == IntentState.OPEN
        assert intent.pay_url
        assert bench.gateway.open(intent).reference == intent.reference
        assert intent_refresh(intent=intent, source="return").state == IntentState.OPEN

        bench.pay(self.provider, intent)
        for _ in range(2):
            intent = intent_refresh(intent=intent, source="return")

        assert (intent.state, intent.amount_captured) == (IntentState.CAPTURED, AMOUNT)
        assert bench.taken(self.provider) == (1250, 0)
        assert PaymentEntry.objects.count() == 1

    def test_its_own_report_of_the_day_matches_the_books(self, bench: Bench):
        intent = self.paid(bench)
        self.refund(intent, "3.50", "some")
        code = bench.gateway.code
        wallet = "" if code == "stripe" else code
        rows = HouseReader().read(self.provider.control.settlement(wallet))
        reader = next(one for one in READERS if one.gateway == code)

        report = settlement_read(reader.write(rows), gateway_code=code)
        (made,) = settlements_import(gateway_code=code, rows=report)

        assert (made.lines.count(), made.gross) == (2, AMOUNT - Decimal("3.50"))
        assert made.fees > 0
        assert settlement_differences(made) == []
        assert unsettled(code, until=timezone.localdate()) == []

    def test_a_lost_answer_to_opening_gives_the_same_payment(self, bench: Bench):
        if not bench.opens:
            return  # opening asks nobody
        with bench.hurried():
            self.provider.control.fault("drop", bench.opens)
            with pytest.raises(GatewayUnavailable):
                self.intent(bench)
            intent = intent_open(intent=PaymentIntent.objects.get())
        assert bench.gateway.open(intent).reference == intent.reference

    def test_money_without_decimals_is_whole(self, bench: Bench):
        if bench.gateway.currencies and "JPY" not in bench.gateway.currencies:
            return
        intent = self.intent(bench, amount=Decimal("980"), currency="JPY")
        bench.pay(self.provider, intent)
        intent = intent_refresh(intent=intent, source="return")
        assert (intent.state, intent.amount_captured) == (IntentState.CAPTURED, 980)
        assert self.refund(intent, "80", "part").state == "done"
        assert bench.taken(self.provider) == (980, 80)

    def test_refunds_in_parts_and_each_key_once(self, bench: Bench):
        intent = self.paid(bench)

        assert self.refund(intent, "2.50", "part").state == "done"
        again = bench.gateway.refund(intent, amount=Decimal("2.50"), key="part")
        assert again.reference == Refund.objects.get().reference
        assert bench.taken(self.provider) == (1250, 250)

        assert self.refund(intent, "10.00", "rest").state == "done"
        assert bench.taken(self.provider) == (1250, 1250)
        assert bench.gateway.fetch(intent).state == IntentState.CAPTURED
        with pytest.raises(GatewayRefused):
            bench.gateway.refund(intent, amount=Decimal("1.00"), key="too much")

    def test_a_genuine_message_is_believed_once_and_a_spoilt_one_never(self, bench: Bench):
        intent = self.intent(bench)
        bench.pay(self.provider, intent)

        for tamper in ("bad_signature", "altered", "stale", "future"):
            assert self.send(bench, tamper) == 400, tamper
        assert not WebhookEvent.objects.exists()

        assert [self.send(bench), self.send(bench)] == [200, 200]
        assert webhooks_process() == 1
        intent.refresh_from_db()
        assert (intent.state, intent.amount_captured) == (IntentState.CAPTURED, AMOUNT)

    def test_a_message_about_another_amount_is_only_a_reason_to_ask(self, bench: Bench):
        intent = self.intent(bench)
        bench.pay(self.provider, intent)

        assert self.send(bench, "wrong_amount") == 200
        webhooks_process()
        intent.refresh_from_db()
        assert intent.amount_captured == AMOUNT

    def test_nonsense_is_no_message(self, bench: Bench):
        for body in (b"", b"\xff\xfe", b"{}", b"[]", b"[" * 5000, b"sign=x&notify_id=\0", b"null"):
            answer = Client().post(
                reverse("payments:webhook", args=[bench.gateway.code]),
                data=body,
                content_type="application/json",
            )
            assert answer.status_code == 400

    def test_no_clear_answer_may_be_asked_again(self, bench: Bench):
        intent = self.paid(bench)
        calls = {
            bench.asks: lambda: bench.gateway.fetch(self.waiting),
            bench.refunds: lambda: bench.gateway.refund(intent, amount=Decimal("1.00"), key="k"),
        }
        self.waiting = self.intent(bench)
        bench.pay(self.provider, self.waiting)
        with bench.hurried():
            for operation, call in calls.items():
                for fault in ("hang", "error", "refuse"):
                    self.provider.control.fault(fault, operation, times=None, effect=False)
                    started = time.monotonic()
                    with pytest.raises(GatewayUnavailable):
                        call()
                    assert time.monotonic() - started < 3
                    self.provider.control.clear()
                call()
        assert bench.taken(self.provider) == (2500, 100)

    def test_money_whose_answer_was_lost_is_found_again(self, bench: Bench):
        intent = self.intent(bench)
        bench.pay(self.provider, intent)
        with bench.hurried():
            self.provider.control.fault("drop", bench.asks)
            with pytest.raises(GatewayUnavailable):
                intent_refresh(intent=intent, source="return")
            intent = intent_refresh(intent=intent, source="return")
            assert intent.state == IntentState.CAPTURED

            self.provider.control.fault("drop", bench.refunds)
            assert self.refund(intent, "2.00", "r").state == "pending"
            assert refund_send(refund=Refund.objects.get()).state == "done"

        assert bench.taken(self.provider) == (1250, 200)

    def test_another_amount_is_not_taken_for_payment(self, bench: Bench):
        intent = self.intent(bench)
        bench.pay(self.provider, intent)
        PaymentIntent.objects.update(amount=AMOUNT + 1)

        intent.refresh_from_db()
        intent = intent_refresh(intent=intent, source="return")

        assert intent.state == IntentState.OPEN
        assert "provider has" in intent.problem
        assert not PaymentEntry.objects.exists()

    def test_cancelling_ends_it(self, bench: Bench):
        intent = self.intent(bench)
        PaymentIntent.objects.update(state=IntentState.CANCELLING)
        intent.refresh_from_db()

        assert intent_cancel(intent=intent, source="reconciler").state == IntentState.CANCELLED
