"""Oscar's hooks for writing an order, ours around them."""

import secrets
from collections import Counter
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.sites.models import Site
from django.db import transaction
from django.db.models import Model
from oscar.apps.order import utils as core
from oscar.apps.order.signals import order_placed

from catalog.partner.models import StockRecord
from orders.discount_words import discount_words
from orders.models import Line, LinePrice, Order, OrderDiscount, OrderLineDiscount
from promotions.exceptions import OfferExhausted
from shop.core.inserting import row_insert_once, rows_insert
from shop.core.money import ZERO
from supply.services import stock_allocate

# No 0/O, 1/I/L, 5/S, 2/Z, 8/B: read over the phone without a mistake.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
GROUP = 4
NUMBERS_TRIED = 5


class OrderNumberGenerator(core.OrderNumberGenerator):
    """Random numbers such as ``K7F3-9QPM``: they cannot be guessed and tell nothing of the volume."""

    def order_number(self, basket=None) -> str:
        """One of 150 thousand millions; whether another order has it, writing it finds out."""
        drawn, letters = secrets.randbelow(len(ALPHABET) ** (2 * GROUP)), ""
        while len(letters) < 2 * GROUP:
            drawn, place = divmod(drawn, len(ALPHABET))
            letters += ALPHABET[place]
        return f"{letters[:GROUP]}-{letters[GROUP:]}"


def order_write(order: Order) -> Order:
    """Write a new order under a number that no other has. One query, no signals."""
    for _try in range(NUMBERS_TRIED):
        order.number = OrderNumberGenerator().order_number(order.basket)
        if row_insert_once(order, by="number"):
            return order
    raise RuntimeError("every order number that was tried is taken")


def stock_take(basket, *, tracked: Collection[int]) -> None:
    """Take what the basket holds: the row that everybody waits for, so nothing but the commit may follow.

    ``tracked``: the stock records among them that count their stock. Raises ``OutOfStock``; the caller's transaction must then roll back.
    """
    wanted: Counter[int] = Counter()
    for line in basket.all_lines():
        wanted[line.stockrecord_id] += line.quantity
    stock_allocate(wanted=dict(wanted), tracked=tracked, is_last=True)


def partner_columns(record: StockRecord) -> dict[str, Any]:
    """What an order line keeps of who sells it, as it is now: a later change is no change of the order."""
    return {
        "partner": record.partner,
        "partner_name": record.partner.name,
        "partner_sku": record.partner_sku,
        "stockrecord": record,
    }


class OrderCreator(core.OrderCreator):
    """Writes the order: Oscar's steps in Oscar's order, each row by one statement that is put together
    once. Nobody else sees the order before the commit, so there are no savepoints."""

    @transaction.atomic(savepoint=False)
    def place_order(
        self,
        basket,
        total,
        *,
        shipping_method,
        shipping_charge,
        user=None,
        shipping_address=None,
        before_stock=None,
        with_lines=None,
        beside=None,
        **columns,
    ):
        """As Oscar's, but its stock is not taken yet: whoever calls it does so last of all
        (`stock_take`). The basket's vouchers must be locked. Raises ``OfferExhausted``; the
        caller's transaction must then roll back.

        ``before_stock`` is called with the order's number after vouchers and offers were taken: the
        order of locks has wallets there. ``with_lines`` and ``beside`` are called with the order and give
        rows that belong to it; they are written with its lines, and with the last ones of its own.
        ``columns``: others of the order.
        """
        order = order_write(
            Order(
                basket=basket,
                site=Site.objects.get_current(),
                status=settings.OSCAR_INITIAL_ORDER_STATUS,
                user=user if user and user.is_authenticated else None,
                currency=total.currency,
                total_incl_tax=total.incl_tax,
                total_excl_tax=total.excl_tax,
                shipping_incl_tax=shipping_charge.incl_tax,
                shipping_excl_tax=shipping_charge.excl_tax,
                shipping_tax_code=shipping_charge.tax_code,
                shipping_method=str(shipping_method.name),
                shipping_code=shipping_method.code,
                shipping_address=shipping_address,
                **columns,
            )
        )
        discounts = self._discounts_taken(order, basket, shipping_method)
        for voucher in basket.vouchers.all():
            self.record_voucher_usage(voucher, order, user, discounts)
        bought = list(basket.all_lines())
        lines = [self._line(order, one) for one in bought]
        rows_insert([*lines, *discounts, *(with_lines(order) if with_lines else ())])
        parts = [
            part
            for line, one in zip(lines, bought, strict=True)
            for part in self._line_parts(line, one, discounts)
        ]
        rows_insert([*parts, *(beside(order) if beside else ())])
        order_placed.send(sender=self, order=order, user=user)
        self._check_uses_per_customer(order, basket, discounts)
        if before_stock is not None:
            before_stock(order.number)
        return order

    def _discounts_taken(self, order, basket, shipping_method) -> list[OrderDiscount]:
        """What offers gave, to be written; their uses are counted here, in the order in which they were
        applied."""
        taken = []
        for application in basket.offer_applications:
            offer, result = application["offer"], application["result"]
            application["message"] = offer.apply_deferred_benefit(basket, order, application)
            if result.affects_shipping:
                application["discount"] = shipping_method.discount(basket)
                if application["discount"] <= ZERO:
                    continue
            taken.append(self._discount(order, application))
            self.record_discount(application)
        return taken

    def _discount(self, order, application) -> OrderDiscount:
        offer, result = application["offer"], application["result"]
        discount = OrderDiscount(
            order=order,
            message=application["message"] or "",
            offer_id=offer.pk,
            offer_name=offer.name,
            frequency=application["freq"],
            amount=application["discount"],
        )
        if result.affects_shipping:
            discount.category = OrderDiscount.SHIPPING
        elif result.affects_post_order:
            discount.category = OrderDiscount.DEFERRED
        if voucher := application.get("voucher"):
            discount.voucher_id, discount.voucher_code = voucher.pk, voucher.code
            discount.offer_name = discount_words(offer.name, voucher.code)
        return discount

    def _line(self, order, basket_line) -> Line:
        """A line, to be written.

        What is neither sent nor counted is held by nobody and goes in no parcel. The basket noted the
        rate of tax when the product was added; where it goes was chosen later.
        """
        product, record = basket_line.product, basket_line.stockrecord
        kind = product.get_product_class()
        is_held = kind.requires_shipping or kind.track_stock
        return Line(
            order=order,
            status=settings.OSCAR_INITIAL_LINE_STATUS,
            **partner_columns(record),
            product=product,
            title=product.get_title(),
            upc=product.upc,
            quantity=basket_line.quantity,
            line_price_excl_tax=basket_line.line_price_excl_tax_incl_discounts,
            line_price_incl_tax=basket_line.line_price_incl_tax_incl_discounts,
            line_price_before_discounts_excl_tax=basket_line.line_price_excl_tax,
            line_price_before_discounts_incl_tax=basket_line.line_price_incl_tax,
            unit_price_incl_tax=basket_line.unit_price_incl_tax,
            unit_price_excl_tax=basket_line.unit_price_excl_tax,
            tax_code=basket_line.purchase_info.price.tax_code,
            num_allocated=basket_line.quantity if is_held else 0,
        )

    def _line_parts(self, line, basket_line, discounts) -> list[Model]:
        """Prices and discounts of a line that was written, to be written; its choices are written here."""
        rows: list[Model] = [
            LinePrice(
                order_id=line.order_id,
                line=line,
                quantity=units,
                price_incl_tax=incl_tax,
                price_excl_tax=excl_tax,
                tax_code=line.tax_code,
            )
            for incl_tax, excl_tax, units in basket_line.get_price_breakdown()
        ]
        for one in basket_line.attributes.all():
            line.attributes.create(option=one.option, type=one.option.code, value=one.value)
        by_offer = {one.offer_id: one for one in reversed(discounts)}
        for one in basket_line.discounts:
            if one.offer and (discount := by_offer.get(one.offer.pk)):
                rows.append(
                    OrderLineDiscount(
                        line=line,
                        order_discount=discount,
                        is_incl_tax=one.incl_tax,
                        amount=one.amount,
                    )
                )
        return rows

    def record_discount(self, discount) -> None:
        """What offers and vouchers gave altogether is counted in the shop's own currency."""
        discount["offer"].record_usage(discount)
        if voucher := discount.get("voucher"):
            own = discount["offer"].in_own_currency(discount["discount"])
            voucher.record_discount({**discount, "discount": own})

    def record_voucher_usage(self, voucher, order, user, discounts) -> None:
        """Oscar's, but a voucher that gave nothing is not used up."""
        if any(one.voucher_id == voucher.pk for one in discounts):
            voucher.record_usage(order, user)

    def _check_uses_per_customer(self, order, basket, discounts) -> None:
        """The offer's row is locked by now, so two orders of one customer cannot both pass."""
        gave = {one.offer_id for one in discounts}
        for application in basket.offer_applications if order.user_id else ():
            offer = application["offer"]
            if offer.pk not in gave or not offer.max_user_applications:
                continue
            if offer.get_num_user_applications(order.user) > offer.max_user_applications:
                raise OfferExhausted(offer.name)
