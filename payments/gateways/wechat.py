"""WeChat Pay, API v3: a code on our own page, or the app on a phone (H5). CNY only.

Source: pay.weixin.qq.com/doc/v3/merchant; signatures and encryption by wechatpayv3.
"""

import contextlib
import datetime as dt
import functools
import json
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wechatpayv3 import WeChatPay, WeChatPayType

from payments.exceptions import GatewayRefused, GatewayUnavailable, WebhookInvalid
from payments.gateways import wire
from payments.gateways.base import Opened, ProviderState, Refunded, WebhookNews
from payments.models import PaymentIntent, RefundState
from shop.core.money import from_minor, to_minor

OLDEST_NOTICE_SECONDS = 300  # WeChat's own rule
MOMENT_DIGITS = 12  # of seconds since 1970; more could not be read as a number
REFUSALS = frozenset({400, 404})  # 401 and 403: a key or a right is being changed
STATES = {
    "SUCCESS": "captured",
    "REFUND": "captured",
    "CLOSED": "cancelled",
    "REVOKED": "cancelled",
}
Said = tuple[int, str | bytes]


class WechatGateway:
    code = "wechat"
    label = _("WeChat Pay")
    help = _("Scan a code with WeChat, or open WeChat on your phone.")
    icon = "qr"
    currencies = frozenset({"CNY"})
    home_language = "zh"
    webhook_answer = ""
    is_hosted = True
    ships_before_capture = False

    @property
    def is_ready(self) -> bool:
        return bool(settings.WECHAT_MCH_ID and settings.WECHAT_PRIVATE_KEY)

    @property
    def hold_minutes(self) -> int:
        return settings.PAYMENT_HOLD_MINUTES

    def open(self, intent: PaymentIntent) -> Opened:
        """The same number with the same amount gives the same order."""
        said = self._call(lambda: self._client.pay(pay_type=WeChatPayType.NATIVE, **_order(intent)))
        return Opened(
            reference=wire.trade_number(intent),
            pay_url=wire.pay_page_url(intent),
            pay_code=said["code_url"],
        )

    def visit(self, intent: PaymentIntent, *, is_phone: bool, address: str) -> str:
        """The address that opens WeChat on this phone and leads back to the shop."""
        scene = {"payer_client_ip": address, "h5_info": {"type": "Wap"}}
        said = self._call(
            lambda: self._client.pay(pay_type=WeChatPayType.H5, scene_info=scene, **_order(intent))
        )
        return f"{said['h5_url']}&redirect_url={quote(wire.back_url(intent), safe='')}"

    def fetch(self, intent: PaymentIntent) -> ProviderState:
        said = self._call(lambda: self._client.query(out_trade_no=wire.trade_number(intent)))
        return _state_of(said, intent)

    def look(self, intent: PaymentIntent) -> ProviderState:
        """As ``fetch``, and what went back: WeChat tells that refund by refund."""
        said = self._call(lambda: self._client.query(out_trade_no=wire.trade_number(intent)))
        units = 0
        for refund in intent.refunds.filter(state=RefundState.DONE):
            number = wire.refund_number(intent, refund.key)
            units += self._refund_told(number)["amount"]["refund"]
        return _state_of(said, intent, from_minor(units, intent.currency))

    def capture(self, intent: PaymentIntent, amount: Decimal) -> ProviderState:
        """WeChat takes the money itself when the shopper says yes."""
        return self.fetch(intent)

    def cancel(self, intent: PaymentIntent) -> ProviderState:
        # It may be paid or closed in between; fetch says which.
        with contextlib.suppress(GatewayRefused):
            self._call(lambda: self._client.close(out_trade_no=wire.trade_number(intent)))
        return self.fetch(intent)

    def refund(self, intent: PaymentIntent, *, amount: Decimal, key: str) -> Refunded:
        """WeChat pays one ``out_refund_no`` back once, and answers before it has."""
        number = wire.refund_number(intent, key)
        sums = {
            "refund": to_minor(amount, intent.currency),
            "total": to_minor(intent.amount_captured, intent.currency),
            "currency": intent.currency,
        }
        said = self._call(
            lambda: self._client.refund(
                out_refund_no=number, amount=sums, out_trade_no=wire.trade_number(intent)
            )
        )
        if said["status"] == "PROCESSING":
            said = self._refund_told(number)
        if said["status"] in {"CLOSED", "ABNORMAL"}:
            raise GatewayRefused(f"refund {said['status'].lower()}")
        return Refunded(reference=said["refund_id"], is_done=said["status"] == "SUCCESS")

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> WebhookNews:
        if not self.is_ready:
            raise WebhookInvalid("no keys are set, so nobody can have signed this")
        # Asked for another key, the library would fetch certificates: at anybody's wish.
        if headers.get("Wechatpay-Serial") != settings.WECHAT_PUBLIC_KEY_ID:
            raise WebhookInvalid("signed with a key that we do not know")
        at = headers.get("Wechatpay-Timestamp", "")
        is_moment = at.isdecimal() and len(at) <= MOMENT_DIGITS
        if not is_moment or abs(int(at) - time.time()) > OLDEST_NOTICE_SECONDS:
            raise WebhookInvalid("signed too long ago, or in the future")
        try:
            notice = self._client.callback(headers, body)
            told = notice["resource"] if notice else {}
            news = (notice["id"], notice["event_type"], told["out_trade_no"]) if told else ()
            is_ours = told.get("mchid") == settings.WECHAT_MCH_ID
        except Exception as error:  # the library raises this very class
            raise WebhookInvalid(f"not a notice: {type(error).__name__}") from error
        if not news or not is_ours:
            raise WebhookInvalid("signature")
        event_id, kind, number = map(wire.kept, news)
        return WebhookNews(event_id=event_id, kind=kind, reference=number)

    @property
    def _client(self) -> WeChatPay:
        return _client(
            settings.WECHAT_MCH_ID,
            settings.WECHAT_APP_ID,
            settings.WECHAT_CERT_SERIAL,
            settings.WECHAT_PRIVATE_KEY,
            settings.WECHAT_API_V3_KEY,
            settings.WECHAT_PUBLIC_KEY,
            settings.WECHAT_PUBLIC_KEY_ID,
            settings.WECHAT_API_BASE,
            wire.TIMEOUT_SECONDS,
        )

    def _refund_told(self, number: str) -> dict[str, Any]:
        return self._call(lambda: self._client.query_refund(out_refund_no=number))

    def _call(self, call: Callable[[], Said]) -> dict[str, Any]:
        """The verified answer. Raises our two errors."""

        def asked() -> Said:
            status, text = call()
            if status >= 500:
                raise wire.NoAnswer(f"answered {status}")
            return status, text

        try:
            status, text = wire.ask(asked, lost=(requests.RequestException, wire.NoAnswer))
        except GatewayUnavailable:
            raise
        except Exception as error:  # the library raises this very class for a wrong signature
            raise GatewayUnavailable(f"{type(error).__name__}: {error}"[:200]) from error
        if status in REFUSALS:
            raise GatewayRefused(str(text)[:200])
        if not 200 <= status < 300:
            raise GatewayUnavailable(f"answered {status}: {text!s}"[:200])
        return json.loads(text) if text else {}


def _order(intent: PaymentIntent) -> dict[str, Any]:
    ends = intent.expires_at or timezone.now() + dt.timedelta(hours=2)
    return {
        "description": wire.title_of(intent),
        "out_trade_no": wire.trade_number(intent),
        "amount": {"total": to_minor(intent.amount, intent.currency), "currency": intent.currency},
        "time_expire": ends.isoformat(timespec="seconds"),
        "notify_url": wire.webhook_url(WechatGateway.code),
    }


def _state_of(
    said: dict[str, Any], intent: PaymentIntent, refunded: Decimal = Decimal(0)
) -> ProviderState:
    state = STATES.get(said["trade_state"], "open")
    if state != "captured":
        return ProviderState(state=state, currency=intent.currency)
    currency = said["amount"]["currency"]
    amount = from_minor(said["amount"]["total"], currency)
    return ProviderState(
        state=state,
        currency=currency,
        amount_authorised=amount,
        amount_captured=amount,
        amount_refunded=refunded,
        reference=said["transaction_id"],
    )


@functools.lru_cache(maxsize=4)
def _client(
    mch_id: str,
    app_id: str,
    serial: str,
    private: str,
    api_v3_key: str,
    public: str,
    public_id: str,
    base: str,
    timeout: float,
) -> WeChatPay:
    client = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=mch_id,
        private_key=wire.pem(private, "PRIVATE KEY"),
        cert_serial_no=serial,
        appid=app_id,
        apiv3_key=api_v3_key,
        notify_url=wire.webhook_url(WechatGateway.code),
        timeout=timeout,
        public_key=wire.pem(public, "PUBLIC KEY"),
        public_key_id=public_id,
    )
    client._core._gate_way = base  # the library knows one address and has no parameter for another
    return client
