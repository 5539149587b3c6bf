"""Oscar's order, with what it promises kept by the database."""

from django.db import models
from django.db.models import F, Q
from oscar.apps.address.abstract_models import AbstractShippingAddress
from oscar.apps.address.models import Country
from oscar.apps.order.abstract_models import AbstractLine, AbstractOrder

from shop.core.prepared import TEXT, Prepared


class Order(AbstractOrder):
    """One sale. States and their steps are in `orders.states`."""

    class Meta(AbstractOrder.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["basket"], name="order_once_per_basket"),
            models.CheckConstraint(
                condition=Q(total_excl_tax__gte=0)
                & Q(total_incl_tax__gte=F("total_excl_tax"))
                & Q(shipping_excl_tax__gte=0)
                & Q(shipping_incl_tax__gte=F("shipping_excl_tax")),
                name="order_total_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-date_placed"], name="order_by_status"),
            models.Index(fields=["-date_placed", "-id"], name="order_by_moment"),
            models.Index(fields=["total_incl_tax", "id"], name="order_by_total"),
        ]


class Line(AbstractLine):
    """What was sold, at the price that was shown."""

    class Meta(AbstractLine.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_line_of_something"),
            models.CheckConstraint(
                condition=Q(line_price_excl_tax__gte=0)
                & Q(line_price_incl_tax__gte=F("line_price_excl_tax"))
                & Q(line_price_incl_tax__lte=F("line_price_before_discounts_incl_tax")),
                name="order_line_parts_in_order",
            ),
            models.CheckConstraint(
                condition=Q(num_allocated__gte=0, num_allocated__lte=F("quantity")),
                name="order_line_allocated_within_quantity",
            ),
        ]
        indexes = [
            models.Index(
                fields=["order"], condition=Q(num_allocated__gt=0), name="order_line_waiting"
            ),
        ]


class ShippingAddress(AbstractShippingAddress):
    """Where one order goes; a copy, so that a later move changes no old order."""

    def search_text_renew(self) -> None:
        """What the list of orders looks through; ``save`` does it by itself."""
        for country in _country.read(code=self.country_id):
            self.country = country
        self._update_search_text()


from oscar.apps.order.models import *  # noqa: E402,F403

_country: Prepared[Country] = Prepared(
    lambda code: Country.objects.filter(pk=code).order_by(), code=TEXT
)
