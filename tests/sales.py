"""Short ways to a basket, an order and a paid order, for tests about stock and money."""

from typing import Any

from orders.basket.models import Basket
from orders.models import Order
from orders.quotes import quote_make
from orders.services import Checkout, order_place
from payments.bank.payouts import payout_send, payouts_open
from payments.models import PaymentIntent, Refund
from payments.selectors import intent_of_order
from payments.services import (
    intent_open,
    intent_refresh,
    is_by_hand,
    refund_send,
    refunds_resume,
)
from shop.core.outbox import relay
from tests.factories import CountryFactory, ProductFactory
from tests.payments.localprovider.support import Running

LANGUAGE = "en"  # of the buyers; a test about another one changes it
ADDRESS = {
    "first_name": "Mei",
    "last_name": "Lin",
    "line1": "Torstraße 1",
    "line4": "Berlin",
    "postcode": "10119",
    "country_id": "DE",
}


def basket_with(products: dict[Any, int], *, owner: Any = None, vouchers: Any = ()) -> Basket:
    """A basket with these units of these products, in their order. Throws no stock at anybody."""
    CountryFactory()
    basket = Basket.open.get_or_create(owner=owner)[0] if owner else Basket.objects.create()
    for product, quantity in products.items():
        record = product.stockrecords.get()
        basket.lines.create(
            product=product,
            stockrecord=record,
            quantity=quantity,
            line_reference=f"{product.pk}_{record.pk}",
            price_currency=record.price_currency,
            price_incl_tax=record.price,
        )
    basket.vouchers.set(vouchers)
    return basket


def checkout_of(
    basket: Basket,
    *,
    user: Any = None,
    payment: str = "transfer",
    wallet_ids: tuple[int, ...] = (),
    invoice_fields: dict[str, str] | None = None,
) -> Checkout:
    """What the checkout pages gathered and showed."""
    quote = quote_make(
        basket=Basket.objects.get(pk=basket.pk),
        user=user,
        shipping_fields=ADDRESS,
        invoice_fields=invoice_fields,
        shipping_code="standard",
        payment_method=payment,
        wallet_ids=wallet_ids,
    )
    assert quote is not None
    if not quote.to_pay:
        quote.payment_method = payment = ""
    return Checkout(
        basket_id=basket.pk,
        email="mei@example.com",
        language=LANGUAGE,
        shipping_code="standard",
        payment_method=payment,
        shown=quote.fingerprint(),
        user=user,
        wallet_ids=wallet_ids,
        shipping_fields=ADDRESS,
        invoice_fields=invoice_fields or {},
    )


def order_of(
    product: Any = None, *, quantity: int = 1, user: Any = None, payment: str = "transfer"
) -> Order:
    """A placed order that waits for its money; the gateway knows of it."""
    basket = basket_with({product or ProductFactory(): quantity}, owner=user)
    order = order_place(checkout=checkout_of(basket, user=user, payment=payment))
    intent_open(intent=intent_of(order))
    return order


def intent_of(order: Order) -> PaymentIntent:
    intent = intent_of_order(order.number)
    assert intent is not None
    return intent


def pay(order: Order, provider: Running) -> PaymentIntent:
    """The shopper pays on the hosted page and comes back; the news has not been relayed."""
    intent = intent_of(order)
    provider.control.pay(intent.reference)
    return intent_refresh(intent=intent, source="return")


def paid_order(provider: Running, product: Any = None, *, quantity: int = 1) -> Order:
    """An order that was paid by card."""
    order = order_of(product, quantity=quantity, payment="stripe")
    pay(order, provider)
    relay()
    order.refresh_from_db()
    return order


def refund_finish(refund: Refund) -> Refund:
    """By its provider, or by the hand of somebody who says how."""
    refund_send(refund=refund)
    if is_by_hand(refund):
        payout_send(refund=refund, note="sent at the bank")
    refund.refresh_from_db()
    return refund


def refunds_finish() -> None:
    """All that is due: providers are asked, and somebody sends the rest."""
    refunds_resume()
    for refund in payouts_open():
        payout_send(refund=refund, note="sent at the bank")
