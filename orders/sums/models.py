"""In which money an order was reckoned, kept as it was on that day."""

from django.db import models
from django.db.models import Q

from catalog.taxes.models import TaxName


class OrderSums(models.Model):
    """One row beside each order. ``total_own`` is its total in the shop's own currency.

    Sums of the order itself are in ``order.currency``; ``rate`` is what one unit of the shop's own
    was worth in it, ``rate_day`` the day of that rate (None: it is the shop's own).

    ``is_tax_added``: prices and discounts were shown without tax; it stands in the sums with tax.
    """

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="sums")
    own_currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=8, default=1)
    rate_day = models.DateField(null=True, blank=True)
    total_own = models.DecimalField(max_digits=12, decimal_places=2)
    tax_country = models.CharField(max_length=2, blank=True)
    tax_region = models.CharField(max_length=40, blank=True)
    tax_name = models.CharField(max_length=12, choices=TaxName.choices, default=TaxName.VAT)
    is_tax_added = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(rate__gt=0), name="order_rate_above_nothing"),
            models.CheckConstraint(condition=Q(total_own__gte=0), name="order_own_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.total_own} {self.own_currency}"
