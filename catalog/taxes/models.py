"""What is due on goods, by country or state of delivery, kind of goods and day."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.models import TaxClass


class TaxName(models.TextChoices):
    """What the country calls it."""

    VAT = "vat", _("VAT")
    SALES = "sales", _("Sales tax")
    CONSUMPTION = "consumption", _("Consumption tax")
    GST = "gst", _("GST")


class TaxCountry(models.Model):
    """How a country taxes what is sent there. Without a row, the shop's own rates hold.

    ``is_added``: prices are shown without it, as in the United States; else it is in the price.
    """

    code = models.CharField(_("Country"), max_length=2, primary_key=True)
    name = models.CharField(
        _("Name of the tax"), max_length=12, choices=TaxName.choices, default=TaxName.VAT
    )
    is_added = models.BooleanField(_("Prices are shown without it"), default=False)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[A-Z]{2}$"), name="tax_country_code_is_iso"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class TaxRate(models.Model):
    """A share of the net price: 0.19 for 19 %. Of one kind of goods, from a day on.

    ``region``: as addresses name it, empty for the whole country. The newest ``valid_from`` that
    has come counts, until ``valid_until``, that day included.
    """

    country = models.ForeignKey(TaxCountry, on_delete=models.CASCADE, related_name="rates")
    region = models.CharField(pgettext_lazy("place", "State"), max_length=40, blank=True)
    tax_class = models.CharField(
        _("Tax class"), max_length=20, choices=TaxClass.choices, default=TaxClass.STANDARD
    )
    rate = models.DecimalField(pgettext_lazy("tax", "Rate"), max_digits=7, decimal_places=6)
    on_delivery = models.BooleanField(
        _("Delivery is taxed too"), default=True, help_text=_("At the standard rate.")
    )
    valid_from = models.DateField(_("From"))
    valid_until = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        ordering = ("country", "region", "tax_class", "-valid_from")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "region", "tax_class", "valid_from"],
                name="tax_rate_once_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0, rate__lt=1), name="tax_rate_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="tax_rate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country_id} {self.region} {self.tax_class}: {self.rate}"
