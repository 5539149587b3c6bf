"""How the contract tests reach each gateway at the local provider. A new gateway adds its bench."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from django.test import override_settings

from payments.gateways import stripe, wire
from payments.gateways.alipay import AlipayGateway
from payments.gateways.base import Gateway
from payments.gateways.paypal import PaypalGateway
from payments.gateways.stripe import StripeGateway
from payments.gateways.wechat import WechatGateway
from payments.localprovider.wallets.keys import shop_settings
from payments.models import PaymentIntent
from tests.payments.localprovider.support import KEY, SECRET, Running


class Bench:
    """One gateway and its counterpart. Operations are what the provider's faults aim at."""

    gateway: Gateway
    currency = "EUR"
    asks: str  # the operation by which the shop learns of money, or takes it
    refunds: str
    takes = ""  # the operation that takes what was authorised; empty: there is none
    no = 422  # the status by which it refuses for good
    opens: str  # empty: opening needs no call

    def settings(self, provider: Running) -> dict[str, str]:
        return shop_settings(provider.wallets, provider.url)

    def pay(self, provider: Running, intent: PaymentIntent) -> None:
        """The shopper says yes at the provider; the shop has not asked yet."""
        provider.control.pay_trade(intent.reference)

    def taken(self, provider: Running) -> tuple[int, int]:
        """What the provider took and what it sent back, in the smallest unit, of all payments."""
        trades = [one for one in provider.control.trades() if one["status"] == "paid"]
        return sum(one["amount"] for one in trades), sum(one["refunded"] for one in trades)

    @contextmanager
    def hurried(self) -> Iterator[None]:
        """Gives up at once instead of after eight seconds, twice."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(wire, "TIMEOUT_SECONDS", 0.4)
            patch.setattr(wire, "RETRIES", 0)
            yield


class StripeBench(Bench):
    gateway = StripeGateway()
    opens = "checkout.sessions.create"
    asks = "checkout.sessions.retrieve"
    takes = "payment_intents.capture"
    no = 402
    refunds = "refunds.create"

    def settings(self, provider: Running) -> dict[str, str]:
        return {
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_API_BASE": provider.url,
        }

    def pay(self, provider: Running, intent: PaymentIntent) -> None:
        provider.control.pay(intent.reference)

    def taken(self, provider: Running) -> tuple[int, int]:
        charges = provider.control.charges()
        return (
            sum(one["amount_captured"] for one in charges),
            sum(one["amount_refunded"] for one in charges),
        )

    @contextmanager
    def hurried(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stripe, "TIMEOUT_SECONDS", 0.4)
            patch.setattr(stripe, "NETWORK_RETRIES", 0)
            stripe._client.cache_clear()
            yield
        stripe._client.cache_clear()


class AlipayBench(Bench):
    gateway = AlipayGateway()
    currency = "CNY"
    opens = ""
    asks = "alipay.trade.query"
    refunds = "alipay.trade.refund"

    def pay(self, provider: Running, intent: PaymentIntent) -> None:
        """The trade begins when the browser arrives with the signed address."""
        address = self.gateway.visit(intent, is_phone=False, address="127.0.0.1")
        assert httpx.get(address, trust_env=False).status_code == 303
        super().pay(provider, intent)


class WechatBench(Bench):
    gateway = WechatGateway()
    currency = "CNY"
    opens = "wechat.native"
    asks = "wechat.query"
    refunds = "wechat.refund"


class PaypalBench(Bench):
    gateway = PaypalGateway()
    opens = "paypal.orders.create"
    asks = "paypal.orders.capture"
    takes = "paypal.authorizations.capture"
    refunds = "paypal.refund"

    def taken(self, provider: Running) -> tuple[int, int]:
        """One that is taken in parts has money in it while the rest is held, and after that is given up."""
        trades = [one for one in provider.control.trades() if one["paid_at"]]
        return sum(one["amount"] for one in trades), sum(one["refunded"] for one in trades)


PROMISING: list[Bench] = [StripeBench(), PaypalBench()]
BENCHES: list[Bench] = [StripeBench(), AlipayBench(), WechatBench(), PaypalBench()]


@contextmanager
def bench_open(bench: Bench, provider: Running) -> Iterator[Any]:
    """The shop has the keys of this gateway alone."""
    provider.control.reset()
    with override_settings(**bench.settings(provider)):
        yield bench
