"""Placing an order: one short transaction (T1). The provider is called after it."""

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.basket.models import Basket, Line
from orders.exceptions import CheckoutRefused, PriceChanged
from orders.fulfilment.models import OrderFacts
from orders.locks import basket_lock
from orders.models import BillingAddress, Order, ShippingAddress
from orders.quotes import Quote, can_pay_with, is_all_sent, quote_make
from orders.selectors import order_of_basket
from orders.services.addresses import address_remember
from orders.services.paying import order_settle_without_money
from orders.services.taking import is_to_be_taken_at_shipment
from orders.services.tendering import tenders_book
from orders.sums.models import OrderSums
from orders.utils import OrderCreator, stock_take
from payments.gateways import gateway
from payments.models import WHOLE, PaymentIntent, tender
from payments.services import intent_new
from payments.wallets.exceptions import WalletShort
from payments.wallets.services import tenders_take
from promotions.exceptions import OfferExhausted
from promotions.locks import vouchers_lock
from shop.core.events import OrderPlaced
from shop.core.inserting import row_insert
from shop.core.locks import retry_on_conflict
from shop.core.outbox import emit
from shop.core.planned import planned_rows
from supply.exceptions import OutOfStock
from supply.selectors import stock_short


@dataclass(frozen=True)
class Checkout:
    """All that a checkout gathered. ``shown``: the fingerprint of the quote on the page.

    ``currency`` is that of the order from now on; left out, the reader's. ``country``: whose taxes
    hold where nothing is sent. ``network``: the address that the browser came from. ``wallet_ids``: gift
    cards, credit and points to be used up first. ``invoice_fields``: where the invoice has an address of its own.
    """

    basket_id: int
    email: str
    language: str
    shipping_code: str
    payment_method: str
    shown: str
    user: Any = None
    network: str = ""
    currency: str = ""
    country: str = ""
    wallet_ids: tuple[int, ...] = ()
    shipping_fields: dict[str, Any] = field(default_factory=dict)
    invoice_fields: dict[str, Any] = field(default_factory=dict)


@retry_on_conflict
def order_place(*, checkout: Checkout) -> Order:
    """Write the order as pending, hold its stock, and write the payment intent. All or nothing.

    A basket makes one order: a second call returns the first one's. Raises ``PriceChanged`` if
    anything differs from what was shown, ``OutOfStock`` naming every short record,
    ``CheckoutRefused`` if the basket cannot be ordered.
    """
    basket = basket_lock(checkout.basket_id)
    # One that is open has no order, for placing it submits it; others may be waiting for either.
    if basket.status != Basket.OPEN and (existing := order_of_basket(basket.pk)):
        return existing
    lines = basket.lines_ahead()
    if not basket.can_be_edited or not lines:
        raise CheckoutRefused(_("Your basket is empty."))
    # Who comes too late is told before all the work; who passes is still asked under the lock, last.
    wanted, free = _holds(lines)
    if short := stock_short(wanted, free):
        raise OutOfStock(short)
    if lines[0].has_coupons:
        _vouchers_keep_usable(basket, checkout.user or AnonymousUser())
    else:
        basket.vouchers_known([])
    quote = quote_make(
        basket=basket,
        user=checkout.user,
        shipping_fields=checkout.shipping_fields or None,
        invoice_fields=checkout.invoice_fields,
        shipping_code=checkout.shipping_code,
        payment_method=checkout.payment_method,
        currency=checkout.currency,
        country=checkout.country,
        wallet_ids=checkout.wallet_ids,
        with_others=False,
    )
    if quote is None or not quote.is_what_was_shown(checkout.shown):
        raise PriceChanged(_("Something changed since you looked. Please check and confirm again."))
    _refuse_what_cannot_be_sold(quote)
    _refuse_what_cannot_be_paid(quote)
    order = _order_write(checkout, quote)
    basket.submit()
    if quote.tenders:
        order.payments_made = tenders_book(
            order=order, tenders=quote.tenders, email=checkout.email, language=checkout.language
        )
        # After theirs, so that the newest payment is the first to go back.
        order.payments_made += [row_insert(one) for one in _intents_of(checkout, quote, order)]
    # Who goes on to a page of the provider's gets no mail before the money, which then rings.
    waits_for_money = bool(quote.to_pay) and gateway(checkout.payment_method).is_hosted
    emit(
        OrderPlaced(order_id=order.pk, order_number=order.number, network=checkout.network),
        rings=not waits_for_money,
    )
    if not quote.to_pay:
        order_settle_without_money(order)
    stock_take(quote.basket, tracked=free)
    return order


def _holds(lines: list[Line]) -> tuple[dict[int, int], dict[int, int]]:
    """By stock record the units in the basket, and how many are free of those that count their stock.

    Without a lock on them: what is free may be gone a moment later.
    """
    wanted: Counter[int] = Counter()
    free: dict[int, int] = {}
    for line in lines:
        record = line.stockrecord
        wanted[record.pk] += line.quantity
        if line.product.get_product_class().track_stock:
            free[record.pk] = (record.num_in_stock or 0) - (record.num_allocated or 0)
    return wanted, free


def _vouchers_keep_usable(basket: Basket, user: Any) -> None:
    """Lock the vouchers, and take out what others used up: it gives nothing and blocks nothing.

    They are read once, under their locks; whoever asks the basket for them from now on gets these.
    Others may have held the locks for a while, so the lines are read anew after it.
    """
    kept = []
    keys = [pk for (pk,) in planned_rows(VOUCHERS_SQL, [basket.pk])]
    for voucher in vouchers_lock(keys).values() if keys else ():
        is_usable, _message = voucher.is_available_to_user(user=user)
        if is_usable and voucher.is_active():
            kept.append(voucher)
        else:
            basket.vouchers.remove(voucher)
    basket.vouchers_known(kept)
    basket.lines_forget()


VOUCHERS_SQL = "SELECT voucher_id FROM basket_basket_vouchers WHERE basket_id = %s"


def _refuse_what_cannot_be_sold(quote: Quote) -> None:
    if quote.basket.is_shipping_required() and not quote.shipping_fields:
        raise CheckoutRefused(_("Please tell us where to send your order."))
    for line in quote.basket.all_lines():
        if not line.purchase_info.price.exists or not line.product.is_public:
            raise CheckoutRefused(
                _("“%(product)s” is no longer sold.") % {"product": line.product.get_title()}
            )


def _refuse_what_cannot_be_paid(quote: Quote) -> None:
    basket = quote.basket
    can_pay = not quote.to_pay or can_pay_with(
        quote.payment_method, basket.currency, is_all_sent=is_all_sent(basket)
    )
    if not can_pay:
        raise CheckoutRefused(_("Please choose how you want to pay."))


def _order_write(checkout: Checkout, quote: Quote) -> Order:
    address = None
    if checkout.shipping_fields:
        address = ShippingAddress(**checkout.shipping_fields)
        address.search_text_renew()
        row_insert(address)
    billed = None
    if checkout.invoice_fields:
        billed = BillingAddress(**checkout.invoice_fields)
        billed.search_text_renew()
        row_insert(billed)
    user = checkout.user or AnonymousUser()
    try:
        order = OrderCreator().place_order(
            quote.basket,
            quote.total,
            shipping_method=quote.shipping_method,
            shipping_charge=quote.shipping_charge,
            user=user,
            shipping_address=address,
            billing_address=billed,
            guest_email="" if checkout.user else checkout.email,
            date_placed=timezone.now(),
            before_stock=partial(_wallets_take, quote),
            with_lines=partial(_facts_of, checkout, quote),
            beside=partial(_payments_of, checkout, quote),
        )
    except OfferExhausted as error:
        raise PriceChanged(
            _("An offer or voucher in your basket has just been used up.")
        ) from error
    except WalletShort as error:
        raise PriceChanged(
            _("Somebody has just paid with a gift card or credit of this order.")
        ) from error
    if checkout.user and address:
        address_remember(checkout.user, address)
    return order


def _facts_of(checkout: Checkout, quote: Quote, order: Order) -> list[Model]:
    """What it promises, and its sums in the shop's own currency."""
    is_sent = order.shipping_address_id is not None
    first, last = quote.shipping_method.promise() if is_sent else (None, None)
    facts = OrderFacts(
        order=order,
        language=checkout.language,
        payment_method=checkout.payment_method,
        promised_from=first,
        promised_until=last,
    )
    exchange = quote.basket.strategy.exchange
    sums = OrderSums(
        order=order,
        own_currency=exchange.base,
        rate=exchange.rate,
        rate_day=exchange.day,
        total_own=exchange.back(order.total_incl_tax),
        tax_country=quote.taxes.country,
        tax_region=quote.taxes.region,
        tax_name=quote.taxes.name,
        is_tax_added=quote.taxes.is_added,
    )
    return [facts, sums]


def _payments_of(checkout: Checkout, quote: Quote, order: Order) -> list[Model]:
    """Its payment, where there is only one: with gift cards and credit it is written after theirs."""
    order.payments_made = [] if quote.tenders else _intents_of(checkout, quote, order)
    return [*order.payments_made]


def _intents_of(checkout: Checkout, quote: Quote, order: Order) -> list[PaymentIntent]:
    """The payment that is asked for what gift cards, credit and points leave, to be written."""
    if not quote.to_pay:
        return []
    return [
        intent_new(
            order_number=order.number,
            part=tender(len(quote.tenders) + 1) if quote.tenders else WHOLE,
            gateway_code=checkout.payment_method,
            amount=quote.to_pay,
            currency=order.currency,
            email=checkout.email,
            language=checkout.language,
            is_taken_at_shipment=is_to_be_taken_at_shipment(
                checkout.payment_method, quote.basket.all_lines()
            ),
        )
    ]


def _wallets_take(quote: Quote, order_number: str) -> None:
    tenders_take(tenders=quote.tenders, order_number=order_number)
