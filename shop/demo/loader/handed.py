"""Two orders that need no parcel, so that downloads, services and gift vouchers show their lives."""

import datetime as dt
import random
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
from orders.services import Checkout, order_mark_paid, order_place
from orders.utils import ALPHABET
from payments.models import PaymentIntent
from payments.services import intent_capture, intent_open
from promotions.gifts.models import GiftState, GiftVoucher
from promotions.gifts.services import GiftWishes
from shop.core.models import OutboxDelivery

NO_PARCEL = "no-shipping-required"
GUEST = "rosa.brandt@mail.example"
IN_DAYS = 12  # until the second voucher is due
FETCHED = 2


def handed_load(*, shopper: Any, seed: int) -> None:
    """The shopper's pattern and lesson; a guest's two gift vouchers, one sent and one to come."""
    numbers = random.Random(f"handed-{seed}")
    basket = _basket(shopper)
    for slug in ("harbour-scarf-pattern", "first-chords-lesson"):
        line_add(basket=basket, product=Product.objects.get(slug=slug), quantity=1)
    _bought(basket, email=shopper.email, user=shopper, number=_number(numbers))
    DownloadGrant.objects.update(used=FETCHED, last_used_at=timezone.now())

    basket = _basket(None)
    later = timezone.localdate() + dt.timedelta(days=IN_DAYS)
    gifts = (
        (
            "gift-voucher-50",
            GiftWishes("Lena", "lena@mail.example", "Rosa", "For your flat.", None),
        ),
        ("gift-voucher-25", GiftWishes("Jonas", "jonas@mail.example", "Rosa", "", later)),
    )
    for slug, wishes in gifts:
        product = Product.objects.select_related("parent__product_class").get(slug=slug)
        gift_add(basket=basket, product=product, quantity=1, wishes=wishes_pack(wishes))
    _bought(basket, email=GUEST, user=None, number=_number(numbers))
    now = timezone.now()
    GiftVoucher.objects.filter(send_at__lte=now).update(state=GiftState.SENT, sent_at=now, mails=1)


def _basket(owner: Any) -> Basket:
    basket = Basket.objects.create(owner=owner)
    basket.strategy = Selector().strategy()
    return basket


def _bought(basket: Basket, *, email: str, user: Any, number: str) -> None:
    """Placed and paid by transfer through the same services as any order."""
    basket = Basket.objects.get(pk=basket.pk)
    quote = quote_make(basket=basket, user=user, shipping_code=NO_PARCEL, payment_method="transfer")
    if quote is None:
        raise RuntimeError("a basket without goods must need no parcel")
    order = order_place(
        checkout=Checkout(
            basket_id=basket.pk,
            email=email,
            language="en",
            shipping_code=NO_PARCEL,
            payment_method="transfer",
            shown=quote.fingerprint(),
            user=user,
        )
    )
    # The number of an order is random; the demo's is the same for the same seed.
    PaymentIntent.objects.filter(order_number=order.number).update(order_number=number)
    Order.objects.filter(pk=order.pk).update(number=number)
    intent = intent_open(intent=PaymentIntent.objects.get(order_number=number))
    intent_capture(intent=intent)
    order_mark_paid(order_number=number, intent_id=intent.pk)
    order_hand_over(order_number=number)
    # Long told: nobody is written to when the demo starts.
    OutboxDelivery.objects.filter(delivered_at__isnull=True).update(delivered_at=timezone.now())


def _number(numbers: random.Random) -> str:
    letters = "".join(numbers.choices(ALPHABET, k=8))
    return f"{letters[:4]}-{letters[4:]}"
