"""Oscar's hooks for writing an order, ours around them."""

import secrets
from collections import Counter

from django.db import transaction
from oscar.apps.order import utils as core

from orders.models import Order
from promotions.exceptions import OfferExhausted
from supply.services import stock_allocate

# No 0/O, 1/I/L, 5/S, 2/Z, 8/B: read over the phone without a mistake.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
GROUP = 4


class OrderNumberGenerator(core.OrderNumberGenerator):
    """Random numbers such as ``K7F3-9QPM``: they cannot be guessed and tell nothing of the volume."""

    def order_number(self, basket=None) -> str:
        while True:
            letters = "".join(secrets.choice(ALPHABET) for _ in range(2 * GROUP))
            number = f"{letters[:GROUP]}-{letters[GROUP:]}"
            if not Order.objects.filter(number=number).exists():
                return number


def stock_take(basket) -> None:
    """Take what the basket holds: the row that everybody waits for, so nothing but the commit may follow.

    Raises ``OutOfStock``; the caller's transaction must then roll back.
    """
    wanted: Counter[int] = Counter()
    for line in basket.all_lines():
        wanted[line.stockrecord_id] += line.quantity
    stock_allocate(wanted=dict(wanted))


class OrderCreator(core.OrderCreator):
    """Writes the order."""

    @transaction.atomic
    def place_order(self, basket, total, *args, **kwargs):
        """As Oscar's, but its stock is not taken yet: whoever calls it does so last of all
        (`stock_take`). Raises ``OfferExhausted``; nothing is then written.

        ``before_stock`` is called with the order's number after vouchers and offers were taken: the
        order of locks has wallets there.
        """
        before_stock = kwargs.pop("before_stock", None)
        kwargs.setdefault("order_number", OrderNumberGenerator().order_number(basket))
        order = super().place_order(basket, total, *args, **kwargs)
        self._check_uses_per_customer(order)
        if before_stock is not None:
            before_stock(order.number)
        return order

    def create_line_models(self, order, basket_line, extra_line_fields=None):
        """What is neither sent nor counted is held by nobody and goes in no parcel.

        The basket noted the rate of tax when the product was added; where it goes was chosen later.
        """
        basket_line.tax_code = basket_line.purchase_info.price.tax_code
        own = dict(extra_line_fields or {})
        kind = basket_line.product.get_product_class()
        if not kind.requires_shipping and not kind.track_stock:
            own["num_allocated"] = 0
        return super().create_line_models(order, basket_line, own)

    def update_stock_records(self, line) -> None:
        """Oscar adds to the allocation without looking; `stock_take` does it with a condition."""

    def record_discount(self, discount) -> None:
        """What offers and vouchers gave altogether is counted in the shop's own currency."""
        discount["offer"].record_usage(discount)
        if voucher := discount.get("voucher"):
            own = discount["offer"].in_own_currency(discount["discount"])
            voucher.record_discount({**discount, "discount": own})

    def record_voucher_usage(self, order, voucher, user) -> None:
        """Oscar's, but a voucher that gave nothing is not used up."""
        if order.discounts.filter(voucher_id=voucher.pk).exists():
            super().record_voucher_usage(order, voucher, user)

    def _check_uses_per_customer(self, order) -> None:
        """The offer's row is locked by now, so two orders of one customer cannot both pass."""
        for discount in order.discounts.all():
            offer = discount.offer
            if offer is None or not offer.max_user_applications or order.user is None:
                continue
            if offer.get_num_user_applications(order.user) > offer.max_user_applications:
                raise OfferExhausted(offer.name)
