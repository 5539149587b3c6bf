"""What was agreed with a carrier: until when, what a parcel costs, what it owes when it fails."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MONEY = {"max_digits": 12, "decimal_places": 2}
MOST = Decimal(10) ** 10  # NaN is above every number in PostgreSQL


class Contract(models.Model):
    """Of one carrier, for a time. Amounts in the shop's own currency."""

    carrier = models.SlugField(_("Carrier"), max_length=40)
    reference = models.CharField(_("Number of the contract"), max_length=60)
    valid_from = models.DateField(_("From"))
    valid_until = models.DateField(_("Until"), null=True, blank=True)
    claim_days = models.PositiveSmallIntegerField(
        _("Days to claim"), default=30, help_text=_("After the parcel was handed over.")
    )
    liability = models.DecimalField(_("Pays at most for a parcel"), **MONEY, default=Decimal(500))
    late_percent = models.PositiveSmallIntegerField(
        _("Gives back for a late one, % of its cost"), default=0
    )

    class Meta:
        ordering = ("carrier", "-valid_from")
        constraints = [
            models.UniqueConstraint(fields=["carrier", "valid_from"], name="contract_once_per_day"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="contract_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(liability__gte=0, liability__lt=MOST, late_percent__lte=100)
                & Q(claim_days__lte=365),
                name="contract_amounts_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.reference}"


class CostRate(models.Model):
    """What the carrier bills for a parcel. The lightest bound that holds it counts, the country named
    before all others; ``weight_to`` in grams, None: however heavy."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="rates")
    service = models.SlugField(_("Service"), max_length=40)
    country = models.CharField(pgettext_lazy("place", "Country"), max_length=2, blank=True)
    weight_to = models.PositiveIntegerField(_("Weight to, g"), null=True, blank=True)
    cost = models.DecimalField(_("Cost"), **MONEY)

    class Meta:
        ordering = ("service", "country", F("weight_to").asc(nulls_last=True))
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "service", "country", "weight_to"],
                nulls_distinct=False,
                name="cost_rate_once",
            ),
            models.CheckConstraint(
                condition=Q(cost__gte=0, cost__lt=MOST), name="cost_rate_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.country} {self.cost}"
