"""Gift vouchers that were bought: who gets how much, when, and what became of it."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from oscar.apps.offer.results import ZERO_DISCOUNT, ApplicationResult, BasketDiscount

from catalog.exchange.rates import Exchange
from catalog.models import Kind
from promotions.offer.models import Benefit, Condition
from shop.core.money import ZERO, shares


class GiftState(models.TextChoices):
    WAITING = "waiting", _("Waits for its day")
    SENT = "sent", pgettext_lazy("gift voucher", "Sent")
    USED = "used", pgettext_lazy("gift voucher", "Used")
    VOID = "void", pgettext_lazy("gift voucher", "Void")


class GiftVoucher(models.Model):
    """One unit of an order line. ``initial`` is its amount, in major units of ``currency``.

    The code works from the moment of payment; the mail goes out at ``send_at``. ``voided_at`` on a
    used one: it was taken back after it had been used, and stays void if that use is undone.
    """

    order_line = models.ForeignKey(
        "order.Line", on_delete=models.PROTECT, related_name="gift_vouchers"
    )
    place = models.PositiveSmallIntegerField(help_text="which unit of the line, from 1")
    voucher = models.OneToOneField("voucher.Voucher", on_delete=models.PROTECT, related_name="gift")
    initial = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=20, choices=GiftState.choices, default=GiftState.WAITING)
    recipient_name = models.CharField(max_length=80, blank=True)
    recipient_email = models.EmailField()
    sender_name = models.CharField(max_length=80, blank=True)
    message = models.TextField(max_length=500, blank=True)
    language = models.CharField(max_length=12, default="en")
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    mails = models.PositiveSmallIntegerField(default=0, help_text="how often it was mailed")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=["state", "send_at"], name="gift_due")]
        constraints = [
            models.UniqueConstraint(fields=["order_line", "place"], name="gift_once_per_unit"),
            models.CheckConstraint(condition=Q(initial__gt=0), name="gift_is_worth_something"),
        ]

    def __str__(self) -> str:
        return f"{self.initial} {self.currency}"

    @property
    def code(self) -> str:
        return self.voucher.code


class GiftCondition(Condition):
    """There is something in the basket that a gift voucher may pay."""

    proxy_path = "promotions.gifts.models.GiftCondition"

    @property
    def name(self) -> str:
        """Text and not a promise of it: Oscar's ``__str__`` returns it as it is."""
        return gettext("Anything but gift vouchers")

    description = name

    class Meta:
        proxy = True
        app_label = "gifts"

    def is_satisfied(self, offer: Any, basket: Any) -> bool:
        return bool(_payable(basket))

    def is_partially_satisfied(self, offer: Any, basket: Any) -> bool:
        return False


class GiftBenefit(Benefit):
    """Takes ``value`` off what is left after all offers; other gift vouchers are not paid with it."""

    proxy_path = "promotions.gifts.models.GiftBenefit"

    @property
    def name(self) -> str:
        """Text and not a promise of it: Oscar's ``__str__`` returns it as it is."""
        return gettext("The amount of a gift voucher")

    description = name

    class Meta:
        proxy = True
        app_label = "gifts"

    def worth(self, offer: Any, basket: Any) -> Decimal:
        """In the basket's currency. One query for the currency in which the voucher was bought."""
        gift = GiftVoucher.objects.filter(voucher__offers=offer.pk).first()
        return (self.value or ZERO) if gift is None else gift_worth(gift, basket.strategy.exchange)

    def apply(self, basket: Any, condition: Any, offer: Any, **kwargs: Any) -> ApplicationResult:
        lines = _payable(basket)
        values = [line.shown_price for line in lines]
        less = min(self.worth(offer, basket), sum(values, ZERO))
        if less <= ZERO:
            return ZERO_DISCOUNT
        parts = shares(less, values, basket.currency)
        for line, part in zip(lines, parts, strict=True):
            line.discount(part, line.quantity, incl_tax=True, offer=offer)
        return BasketDiscount(less)


def gift_worth(gift: GiftVoucher, exchange: Exchange) -> Decimal:
    """What a gift voucher pays in a basket's currency, at the rate of the day; smallest coin."""
    return exchange.from_currency(gift.initial, gift.currency)


def _payable(basket: Any) -> list[Any]:
    return [
        line
        for line in basket.all_lines()
        if line.purchase_info.price.exists
        and line.product.get_product_class().kind != Kind.VOUCHER
        and line.shown_price > ZERO
    ]
