"""Our own page on the way to a wallet."""

import datetime as dt
from decimal import Decimal

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from payments import gateways
from payments.models import IntentState, PaymentIntent
from payments.services import intent_open, intent_refresh
from tests.payments.benches import AlipayBench, WechatBench, bench_open
from tests.payments.localprovider.support import Running

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16", "S7.03")]

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 15) Mobile Safari/537.36"}


def opened(code: str, language: str = "en") -> PaymentIntent:
    intent = PaymentIntent.objects.create(
        order_number=f"P-{code}",
        gateway=code,
        amount=Decimal("12.50"),
        currency="CNY",
        language=language,
        expires_at=timezone.now() + dt.timedelta(minutes=35),
    )
    return intent_open(intent=intent)


def pages(intent: PaymentIntent) -> tuple[str, str, str]:
    names = ("pay", "pay-state", "pay-code")
    return tuple(reverse(f"payments:{name}", args=[intent.key]) for name in names)


def test_wechat_shows_a_code_until_it_is_paid(provider_process: Running, client: Client):
    bench = WechatBench()
    with bench_open(bench, provider_process):
        intent = opened("wechat", language="zh-hans")
        page, state, code = pages(intent)

        shown = client.get(page)
        html = shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        assert "打开微信支付扫描二维码" in html
        assert f'hx-get="{state}"' in html
        assert "12.50" in html
        assert b"<svg" in client.get(code).content
        assert client.get(state).status_code == 204

        answer = client.post(page, headers=PHONE)
        assert answer.status_code == 303
        phone = httpx.get(answer["Location"], trust_env=False)
        assert "P-wechat" in phone.text
        paid = httpx.post(answer["Location"], data={"answer": "yes"}, trust_env=False)
        assert paid.headers["Location"].endswith(reverse("payment-return", args=[intent.key]))

        assert intent_refresh(intent=intent, source="webhook").state == IntentState.CAPTURED
        gone_on = reverse("payment-return", args=[intent.key])
        assert client.get(state)["HX-Redirect"] == gone_on
        assert client.get(page)["Location"] == gone_on


def test_a_wallet_that_does_not_answer_says_so_and_keeps_the_code(
    provider_process: Running, client: Client
):
    bench = WechatBench()
    with bench_open(bench, provider_process), bench.hurried():
        intent = opened("wechat")
        provider_process.control.fault("error", "wechat.h5")
        answer = client.post(pages(intent)[0], headers=PHONE)
    assert answer.status_code == 503
    assert "scan the code" in answer.content.decode()


def test_alipay_is_left_for_with_an_address_for_the_device(
    provider_process: Running, client: Client
):
    with bench_open(AlipayBench(), provider_process):
        page, state, _code = pages(opened("alipay"))
        assert "alipay.trade.page.pay" in client.get(page)["Location"]
        assert "alipay.trade.wap.pay" in client.get(page, headers=PHONE)["Location"]

        PaymentIntent.objects.update(expires_at=timezone.now())
        assert "return" in client.get(page)["Location"]
        assert "HX-Redirect" in client.get(state).headers


def test_what_readers_pay_with_at_home_stands_first(settings):
    settings.STRIPE_SECRET_KEY = settings.ALIPAY_APP_ID = settings.WECHAT_MCH_ID = "x"
    settings.ALIPAY_APP_PRIVATE_KEY = settings.WECHAT_PRIVATE_KEY = "x"
    settings.PAYPAL_CLIENT_ID = settings.PAYPAL_SECRET = "x"

    def offered(currency: str, language: str) -> str:
        found = gateways.gateways_offered(currency=currency, language=language)
        return " ".join(one.code for one in found)

    assert offered("CNY", "zh-hans") == "alipay wechat stripe transfer cod"
    assert offered("CNY", "en") == "stripe alipay wechat transfer cod"
    assert offered("EUR", "zh-hans") == "stripe paypal transfer cod"
    assert offered("HUF", "en") == "stripe transfer cod"
