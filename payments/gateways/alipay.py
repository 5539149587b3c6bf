"""Alipay: the shopper pays in its cashier, on a computer or in the app on a phone. CNY only.

Source: opendocs.alipay.com/open/270 (page.pay), /203 (wap.pay), RSA2 by python-alipay-sdk.
"""

import binascii
import datetime as dt
import functools
from collections.abc import Mapping
from decimal import Decimal
from http.client import HTTPException
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError
from alipay.utils import AliPayConfig
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from payments.exceptions import GatewayRefused, GatewayUnavailable, WebhookInvalid
from payments.gateways import wire
from payments.gateways.base import Opened, ProviderState, Refunded, WebhookNews
from payments.models import PaymentIntent, RefundState

BEIJING = ZoneInfo("Asia/Shanghai")
OLDEST_NOTICE = dt.timedelta(hours=26)  # Alipay tries for 25 hours
CLOCKS_DIFFER = dt.timedelta(minutes=5)
NOTICE_FIELDS = 100

UNKNOWN = "ACQ.TRADE_NOT_EXIST"
NOT_CLOSABLE = "ACQ.TRADE_STATUS_ERROR"
# These say nothing about the money: Alipay is ill, or a key is being changed.
UNCLEAR = (
    "ACQ.SYSTEM_ERROR",
    "aop.ACQ.SYSTEM_ERROR",
    "isp.",
    "isv.invalid-sign",
    "isv.missing-sign",
)
UNCLEAR_CODES = frozenset({"20000", "20001", "40006"})
LOST = (OSError, HTTPException, ValueError, AliPayValidationError)  # ValueError: it is no JSON


class AlipayGateway:
    code = "alipay"
    label = _("Alipay")
    help = _("Scan with Alipay, or pay in the app on your phone. You come back here.")
    icon = "wallet"
    currencies = frozenset({"CNY"})
    home_language = "zh"
    webhook_answer = "success"
    is_hosted = True
    ships_before_capture = False

    @property
    def is_ready(self) -> bool:
        return bool(settings.ALIPAY_APP_ID and settings.ALIPAY_APP_PRIVATE_KEY)

    @property
    def hold_minutes(self) -> int:
        return settings.PAYMENT_HOLD_MINUTES

    def open(self, intent: PaymentIntent) -> Opened:
        """Nothing is sent: the trade begins when the shopper arrives with a signed address."""
        return Opened(reference=wire.trade_number(intent), pay_url=wire.pay_page_url(intent))

    def visit(self, intent: PaymentIntent, *, is_phone: bool, address: str) -> str:
        """The signed address of the cashier, good until the hold ends."""
        content = {
            "out_trade_no": wire.trade_number(intent),
            "total_amount": f"{intent.amount:.2f}",
            "subject": wire.title_of(intent),
            "product_code": "QUICK_WAP_WAY" if is_phone else "FAST_INSTANT_TRADE_PAY",
        }
        if intent.expires_at:
            content["time_expire"] = _beijing(intent.expires_at)
        signed = self._client.client_api(
            "alipay.trade.wap.pay" if is_phone else "alipay.trade.page.pay",
            content,
            timestamp=_beijing(timezone.now()),
            return_url=wire.back_url(intent),
            notify_url=wire.webhook_url(self.code),
        )
        return f"{settings.ALIPAY_GATEWAY_URL}?{signed}"

    def fetch(self, intent: PaymentIntent) -> ProviderState:
        answer = self._call("alipay.trade.query", intent)
        return _state_of(answer, intent)

    def look(self, intent: PaymentIntent) -> ProviderState:
        """As ``fetch``, and what went back: Alipay tells that refund by refund."""
        answer = self._call("alipay.trade.query", intent)
        refunded = Decimal(0)
        for refund in intent.refunds.exclude(state=RefundState.REFUSED):
            number = wire.refund_number(intent, refund.key)
            told = self._call("alipay.trade.fastpay.refund.query", intent, out_request_no=number)
            if told.get("refund_status") == "REFUND_SUCCESS":
                refunded += Decimal(told["refund_amount"])
        return _state_of(answer, intent, refunded)

    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        """Alipay takes the money itself when the shopper says yes."""
        return self.fetch(intent)

    def cancel(self, intent: PaymentIntent) -> ProviderState:
        answer = self._call("alipay.trade.close", intent)
        if answer.get("sub_code") == UNKNOWN:  # nobody has been there
            return ProviderState(state="cancelled", currency=intent.currency)
        return self.fetch(intent)  # closed, or paid in between

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        """Alipay pays one ``out_request_no`` back once; if nothing moved now, it says when it did."""
        number = wire.refund_number(intent, key)
        answer = self._call(
            "alipay.trade.refund", intent, refund_amount=f"{amount:.2f}", out_request_no=number
        )
        if "sub_code" in answer:
            raise GatewayRefused(_words(answer))
        is_done = answer.get("fund_change") == "Y"
        if not is_done:
            told = self._call("alipay.trade.fastpay.refund.query", intent, out_request_no=number)
            is_done = told.get("refund_status") == "REFUND_SUCCESS"
        return Refunded(reference=number, is_done=is_done)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        if not self.is_ready:
            raise WebhookInvalid("no keys are set, so nobody can have signed this")
        try:
            pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=NOTICE_FIELDS)
            fields = dict(pairs)
            signature = fields.pop("sign")
            known = {name: fields[name] for name in ("app_id", "notify_id", "out_trade_no")}
            sent_at = dt.datetime.strptime(fields["notify_time"] + "+0800", "%Y-%m-%d %H:%M:%S%z")
            kind = fields.get("trade_status", "")
            is_genuine = self._client.verify(fields, signature)
        except (ValueError, KeyError, AliPayException, binascii.Error) as error:
            raise WebhookInvalid("not a notice") from error
        if not is_genuine or known["app_id"] != settings.ALIPAY_APP_ID:
            raise WebhookInvalid("signature")
        age = timezone.now() - sent_at
        if not -CLOCKS_DIFFER < age < OLDEST_NOTICE:
            raise WebhookInvalid("signed too long ago, or in the future")
        return WebhookNews(
            event_id=wire.kept(known["notify_id"]),
            kind=wire.kept(kind or "notice"),
            reference=wire.kept(known["out_trade_no"]),
        )

    @property
    def _client(self) -> AliPay:
        return _client(
            settings.ALIPAY_APP_ID,
            settings.ALIPAY_APP_PRIVATE_KEY,
            settings.ALIPAY_PUBLIC_KEY,
            settings.ALIPAY_GATEWAY_URL,
            wire.TIMEOUT_SECONDS,
        )

    def _call(self, method: str, intent: PaymentIntent, **content: str) -> dict[str, Any]:
        """The verified answer, a business no (``sub_code``) included. Raises our two errors."""

        def call() -> dict[str, Any]:
            return self._client.server_api(
                method,
                {"out_trade_no": wire.trade_number(intent), **content},
                timestamp=_beijing(timezone.now()),
            )

        try:
            answer = wire.ask(call, lost=LOST)
        except AliPayException as error:  # unsigned, so anybody may have said it
            raise GatewayUnavailable(str(error)[:200]) from error
        if answer.get("code") == "10000":
            return answer
        sub_code = str(answer.get("sub_code", ""))
        if answer.get("code") in UNCLEAR_CODES or sub_code.startswith(UNCLEAR):
            raise GatewayUnavailable(_words(answer))
        if sub_code not in {UNKNOWN, NOT_CLOSABLE} or method == "alipay.trade.refund":
            raise GatewayRefused(_words(answer))
        return answer


def _state_of(
    answer: dict[str, Any], intent: PaymentIntent, refunded: Decimal = Decimal(0)
) -> ProviderState:
    """A trade is closed when nobody paid in time, and also when all of its money went back."""
    status = answer.get("trade_status", "")
    is_paid = status in {"TRADE_SUCCESS", "TRADE_FINISHED"} or "send_pay_date" in answer
    if not is_paid:
        state = "cancelled" if status == "TRADE_CLOSED" else "open"
        return ProviderState(state=state, currency=intent.currency)
    amount = Decimal(answer["total_amount"])
    return ProviderState(
        state="captured",
        currency="CNY",
        amount_authorised=amount,
        amount_captured=amount,
        amount_refunded=refunded,
        reference=answer["trade_no"],
    )


def _words(answer: dict[str, Any]) -> str:
    return f"{answer.get('sub_code') or answer.get('code')}: {answer.get('sub_msg', '')}"[:200]


def _beijing(moment: dt.datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


@functools.lru_cache(maxsize=4)
def _client(app_id: str, private: str, public: str, url: str, timeout: float) -> AliPay:
    client = AliPay(
        appid=app_id,
        app_private_key_string=wire.pem(private, "PRIVATE KEY"),
        alipay_public_key_string=wire.pem(public, "PUBLIC KEY"),
        sign_type="RSA2",
        config=AliPayConfig(timeout=timeout),
    )
    client._gateway = url  # the library knows two addresses and has no parameter for a third
    return client
