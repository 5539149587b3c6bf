"""Two orders that need no parcel, so that downloads, services and gift cards show their lives."""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.utils import timezone

from catalog.models import Product
from catalog.partner.strategy import Selector
from orders.basket.kinds import gift_add
from orders.basket.models import Basket
from orders.basket.services import line_add
from orders.handover.models import DownloadGrant
from orders.handover.services import order_hand_over
from orders.handover.wishes import wishes_pack
from orders.models import Order
from orders.quotes import quote_make
from orders.services import Checkout, order_mark_paid, order_place, order_points_settle
from orders.states import OrderState
from orders.utils import ALPHABET, OrderNumberGenerator
from payments.models import PaymentIntent
from payments.services import intent_capture, intent_open
from payments.wallets.codes import code_said
from payments.wallets.models import GiftCard, Wallet
from payments.wallets.services import GiftWishes, card_keep, credit_give
from shop.core.models import OutboxDelivery

NO_PARCEL = "no-shipping-required"
PATTERN = "harbour-scarf-pattern"
GUEST = "rosa.brandt@mail.example"
IN_DAYS = 12  # until the second voucher is due
FETCHED = 2
EARNED_OF = 3  # of the shopper's orders that arrived
CREDIT = Decimal("15.00")


def handed_load(*, shopper: Any, seed: int) -> None:
    """A guest's three gift cards: one still to be mailed, one spent in part, one kept by the shopper.

    The shopper has store credit and points as well, and pays for a pattern and a lesson with the card
    and a transfer.
    """
    numbers = random.Random(f"handed-{seed}")
    basket = _basket(None)
    later = timezone.localdate() + dt.timedelta(days=IN_DAYS)
    gifts = (
        (50, GiftWishes("Lena", "lena@mail.example", "Rosa", "For your flat.", None)),
        (100, GiftWishes("Jonas", "jonas@mail.example", "Rosa", "", later)),
        (25, GiftWishes("", shopper.email, "Rosa", "Thank you for the lessons.", None)),
    )
    for units, wishes in gifts:
        slug = f"gift-voucher-{units}"
        product = Product.objects.select_related("parent__product_class").get(slug=slug)
        gift_add(basket=basket, product=product, quantity=1, wishes=wishes_pack(wishes))
    _bought(basket, email=GUEST, user=None, number=_number(numbers))
    now = timezone.now()
    GiftCard.objects.filter(send_at__lte=now).update(sent_at=now, mails=1)

    basket, lenas = _basket(None), Wallet.objects.get(card__recipient_name="Lena")
    line_add(basket=basket, product=Product.objects.get(slug=PATTERN), quantity=1)
    number = _number(numbers)
    _bought(basket, email="lena@mail.example", user=None, number=number, wallet_ids=[lenas.pk])

    kept = _stored_value(shopper)
    basket = _basket(shopper)
    for slug in (PATTERN, "first-chords-lesson"):
        line_add(basket=basket, product=Product.objects.get(slug=slug), quantity=1)
    number = _number(numbers)
    _bought(basket, email=shopper.email, user=shopper, number=number, wallet_ids=[kept.pk])
    DownloadGrant.objects.update(used=FETCHED, last_used_at=timezone.now())


def _stored_value(shopper: Any) -> Wallet:
    """Points for what arrived, credit for a late parcel, and the card in the account."""
    past = Order.objects.filter(user=shopper, status=OrderState.DELIVERED).order_by("-pk")
    for order in past[:EARNED_OF]:
        order_points_settle(order_number=order.number)
    credit_give(
        owner_id=shopper.pk,
        amount=CREDIT,
        currency="EUR",
        key="demo:credit",
        note="Your parcel was two days late.",
    )
    card = GiftCard.objects.select_related("wallet").get(recipient_email=shopper.email)
    return card_keep(code=code_said(card.wallet), user=shopper)


def _basket(owner: Any) -> Basket:
    basket = Basket.objects.create(owner=owner)
    basket.strategy = Selector().strategy()
    return basket


def _bought(
    basket: Basket, *, email: str, user: Any, number: str, wallet_ids: Iterable[int] = ()
) -> None:
    """Placed and, as far as wallets leave something, paid by transfer; the same services as any order."""
    basket, wallet_ids = Basket.objects.get(pk=basket.pk), tuple(wallet_ids)
    quote = quote_make(
        basket=basket,
        user=user,
        shipping_code=NO_PARCEL,
        payment_method="transfer",
        wallet_ids=wallet_ids,
    )
    if quote is None:
        raise RuntimeError("a basket without goods must need no parcel")
    if not quote.to_pay:
        quote.payment_method = ""
    with _numbered(number):
        order_place(
            checkout=Checkout(
                basket_id=basket.pk,
                email=email,
                language="en",
                shipping_code=NO_PARCEL,
                payment_method=quote.payment_method,
                shown=quote.fingerprint(),
                user=user,
                wallet_ids=wallet_ids,
            )
        )
    for intent in PaymentIntent.objects.filter(order_number=number, gateway="transfer"):
        intent_capture(intent=intent_open(intent=intent))
        order_mark_paid(order_number=number, intent_id=intent.pk)
    order_hand_over(order_number=number)
    # Long told: nobody is written to when the demo starts.
    OutboxDelivery.objects.filter(delivered_at__isnull=True).update(delivered_at=timezone.now())


@contextmanager
def _numbered(number: str) -> Iterator[None]:
    """The number of an order is random; the demo's is the same for the same seed."""
    kept = OrderNumberGenerator.order_number
    OrderNumberGenerator.order_number = lambda self, basket=None: number
    try:
        yield
    finally:
        OrderNumberGenerator.order_number = kept


def _number(numbers: random.Random) -> str:
    letters = "".join(numbers.choices(ALPHABET, k=8))
    return f"{letters[:4]}-{letters[4:]}"
