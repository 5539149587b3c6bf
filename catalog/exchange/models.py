"""Currencies beside the shop's own, what they are worth each day, and prices set in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Ending(models.TextChoices):
    """How a converted price ends. See `catalog.exchange.rounding`."""

    EXACT = "exact", _("As converted")
    NINETY_NINE = "99", _("Ends in .99")
    NINETY_FIVE = "95", _("Ends in .95")
    WHOLE = "whole", _("Whole units")
    TENS = "tens", _("Whole tens")
    NINES = "nines", _("Whole, ends in 9")


class Currency(models.Model):
    """One that shoppers may choose, once there is a rate. The shop's own has no row."""

    code = models.CharField(_("Currency"), max_length=3, primary_key=True)
    ending = models.CharField(
        _("Converted prices"), max_length=8, choices=Ending.choices, default=Ending.EXACT
    )
    is_offered = models.BooleanField(_("Shoppers may choose it"), default=True)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z]{3}$"), name="currency_code_is_iso"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ExchangeRate(models.Model):
    """What one unit of the shop's own currency was worth on a day. Rows are added, never changed.

    The newest day that has come is in force. The database refuses UPDATE and DELETE.
    """

    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="rates")
    day = models.DateField(_("Day"))
    rate = models.DecimalField(
        _("Rate"), max_digits=18, decimal_places=8, help_text="units for one of the shop's own"
    )
    source = models.CharField(_("Source"), max_length=60)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-day", "currency")
        constraints = [
            models.UniqueConstraint(fields=["currency", "day"], name="exchange_rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gt=0), name="exchange_rate_above_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.currency_id} {self.day}: {self.rate}"


class CurrencyPrice(models.Model):
    """A product's own price in another currency; the rate does not matter to it."""

    stock_record = models.ForeignKey(
        "partner.StockRecord", on_delete=models.CASCADE, related_name="currency_prices"
    )
    currency = models.ForeignKey(Currency, on_delete=models.PROTECT, related_name="prices")
    price = models.DecimalField(_("Price"), max_digits=12, decimal_places=2)

    class Meta:
        ordering = ("stock_record", "currency")
        constraints = [
            models.UniqueConstraint(
                fields=["stock_record", "currency"], name="currency_price_once"
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="currency_price_above_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.price} {self.currency_id}"


class MemberCurrency(models.Model):
    """What a member chose last, for devices on which nothing was chosen yet."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="currency_chosen",
    )
    currency = models.CharField(max_length=3)

    def __str__(self) -> str:
        return self.currency
