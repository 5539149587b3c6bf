"""Other currencies with a month of rates, the tax tables, and a few orders from other countries."""

import datetime as dt
import random
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import timezone

from catalog.exchange.models import Currency, Ending
from catalog.exchange.rows import RateRow
from catalog.exchange.services import rates_add
from catalog.models import Kind
from catalog.partner.models import StockRecord
from catalog.partner.strategy import Selector
from catalog.taxes.services import taxes_load
from orders.basket.models import Basket
from orders.basket.services import line_add
from orders.fulfilment.models import OrderFacts
from orders.models import Order
from orders.quotes import quote_make
from orders.services import Checkout, order_mark_paid, order_place
from orders.utils import ALPHABET
from payments.gateways.base import ProviderState
from payments.models import IntentState, PaymentIntent
from payments.services import intent_capture, intent_move, intent_open
from shop.core.models import OutboxDelivery
from shop.core.nearby import nearby_forget
from shop.demo.loader.money import PAST

DAYS = 30
PLENTY = 12  # units that are free, so that nothing sells out here
CURRENCIES = {
    "CNY": ("8.2240", Ending.WHOLE),
    "GBP": ("0.8735", Ending.NINETY_FIVE),
    "JPY": ("178.45", Ending.TENS),
    "USD": ("1.1590", Ending.NINETY_NINE),
}
BUYERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "USD",
        "grace.hall@mail.example",
        {
            "first_name": "Grace",
            "last_name": "Hall",
            "line1": "350 Fifth Avenue",
            "line4": "New York",
            "state": "NY",
            "postcode": "10118",
            "country_id": "US",
        },
    ),
    (
        "USD",
        "noah.price@mail.example",
        {
            "first_name": "Noah",
            "last_name": "Price",
            "line1": "1 Ferry Building",
            "line4": "San Francisco",
            "state": "CA",
            "postcode": "94111",
            "country_id": "US",
        },
    ),
    (
        "JPY",
        "sato.yui@mail.example",
        {
            "last_name": "佐藤",
            "first_name": "結衣",
            "line1": "丸の内1-9-1",
            "line4": "千代田区",
            "state": "東京都",
            "postcode": "100-0005",
            "country_id": "JP",
        },
    ),
    (
        "GBP",
        "harriet.webb@mail.example",
        {
            "first_name": "Harriet",
            "last_name": "Webb",
            "line1": "12 Bold Street",
            "line4": "Liverpool",
            "postcode": "L1 4DS",
            "country_id": "GB",
        },
    ),
    (
        "CNY",
        "chen.hao@mail.example",
        {
            "last_name": "陈",
            "first_name": "浩",
            "line1": "南京西路1266号",
            "line3": "静安区",
            "line4": "上海市",
            "state": "上海市",
            "postcode": "200040",
            "country_id": "CN",
        },
    ),
    (
        "CNY",
        "lin.xia@mail.example",
        {
            "last_name": "林",
            "first_name": "夏",
            "line1": "天府三街199号",
            "line3": "武侯区",
            "line4": "成都市",
            "state": "四川省",
            "postcode": "610041",
            "country_id": "CN",
        },
    ),
)
PAID_BY = {  # who did not send a bank transfer
    "noah.price@mail.example": "paypal",
    "sato.yui@mail.example": "paypal",
    "chen.hao@mail.example": "alipay",
    "lin.xia@mail.example": "wechat",
}


def rates_load(*, seed: int) -> None:
    """A rate a day and currency, each near the one before; and the taxes that came with the shop."""
    rng, today = random.Random(f"rates-{seed}"), timezone.localdate()
    for code, (_rate, ending) in CURRENCIES.items():
        Currency.objects.create(code=code, ending=ending)
    rows = []
    for code, (text, _ending) in CURRENCIES.items():
        rate = Decimal(text)
        for back in range(DAYS, -1, -1):
            rate *= 1 + Decimal(rng.randint(-35, 35)) / 10_000
            day = today - dt.timedelta(days=back)
            rows.append(RateRow(day, code, rate.quantize(Decimal("0.0001"))))
    rates_add(rows=rows, source="Demo")
    taxes_load()
    nearby_forget()


def abroad_load(*, seed: int) -> None:
    """One paid order of each buyer, through the same services as any order."""
    rng = random.Random(f"abroad-{seed}")
    records = list(
        StockRecord.objects.filter(
            product__is_public=True, num_in_stock__gt=F("num_allocated") + PLENTY
        )
        .exclude(product__structure="parent")
        .select_related("product__product_class", "product__parent__product_class")
        .order_by("partner_sku")
    )
    goods = [one for one in records if one.product.get_product_class().kind == Kind.GOODS]
    for currency, email, address in BUYERS:
        basket = Basket.objects.create()
        basket.strategy = Selector().strategy(currency=currency)
        for record in rng.sample(goods, k=2):
            line_add(basket=basket, product=record.product, quantity=rng.randint(1, 2))
        letters = "".join(rng.choices(ALPHABET, k=8))
        _bought(basket, currency, email, address, f"{letters[:4]}-{letters[4:]}")


def _bought(
    basket: Basket, currency: str, email: str, address: dict[str, Any], number: str
) -> None:
    quote = quote_make(
        basket=Basket.objects.get(pk=basket.pk),
        shipping_fields=address,
        shipping_code="standard",
        payment_method="transfer",
        currency=currency,
    )
    if quote is None:
        raise RuntimeError("goods can be sent to every country of the demo")
    order = order_place(
        checkout=Checkout(
            basket_id=basket.pk,
            email=email,
            language="zh-hans" if address["country_id"] == "CN" else "en",
            shipping_code="standard",
            payment_method="transfer",
            shown=quote.fingerprint(),
            currency=currency,
            shipping_fields=address,
        )
    )
    # The number of an order is random; the demo's is the same for the same seed.
    PaymentIntent.objects.filter(order_number=order.number).update(order_number=number)
    Order.objects.filter(pk=order.pk).update(number=number)
    intent = intent_open(intent=PaymentIntent.objects.get(order_number=number))
    if email in PAID_BY:
        _paid_by(intent, PAID_BY[email])
    else:
        intent_capture(intent=intent)
    order_mark_paid(order_number=number, intent_id=intent.pk)
    # Long told: nobody is written to when the demo starts.
    OutboxDelivery.objects.filter(delivered_at__isnull=True).update(delivered_at=timezone.now())


def _paid_by(intent: PaymentIntent, code: str) -> None:
    """As if ``code`` had been chosen. While the demo is made there is no provider to ask."""
    reference = f"{PAST}{intent.key.hex}"
    PaymentIntent.objects.filter(pk=intent.pk).update(gateway=code, reference=reference)
    OrderFacts.objects.filter(order__number=intent.order_number).update(payment_method=code)
    paid = ProviderState(
        state=IntentState.CAPTURED,
        currency=intent.currency,
        amount_authorised=intent.amount,
        amount_captured=intent.amount,
        reference=reference,
    )
    intent_move(intent_id=intent.pk, provider=paid, source="return")
