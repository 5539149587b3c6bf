"""Oscar's order, with what it promises kept by the database."""

from typing import Any

from django.db import DatabaseError, models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractBillingAddress, AbstractShippingAddress
from oscar.apps.address.models import Country
from oscar.apps.order.abstract_models import AbstractLine, AbstractOrder
from oscar.apps.order.signals import order_status_changed

from orders.states import HOLDING
from shop.core.nearby import Nearby
from shop.core.planned import planned_run, untyped

COUNTRIES_SECONDS = 300


class Order(AbstractOrder):
    """One sale. States and their steps are in `orders.states`."""

    # Oscar's fields. An index of their own would be written twice for each order and read by nobody:
    # there is one site, and the other two begin an index that is below.
    site = models.ForeignKey(
        "sites.Site",
        verbose_name=_("Site"),
        null=True,
        on_delete=models.SET_NULL,
        db_index=False,
    )
    basket = models.ForeignKey(
        "basket.Basket",
        verbose_name=_("Basket"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,
    )
    date_placed = models.DateTimeField()

    #: What it is to be paid with, oldest first, where it has just been placed; None: ask.
    payments_made: list[Any] | None = None
    #: ISO code of where it goes, where that was read without its address.
    country_known: str = ""

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
            models.Index(
                fields=["-date_placed", "-id"], condition=Q(status__in=HOLDING), name="order_here"
            ),
            # As ``guest_email__iexact`` compares them.
            models.Index(Upper("guest_email"), "id", name="order_by_guest"),
        ]

    def set_status(self, new_status: str) -> None:
        """Oscar's: its lines follow, and the change is kept. One statement; nothing but the states is
        written. Raises ``InvalidOrderStatus``."""
        if new_status == self.status or new_status not in self.available_statuses():
            super().set_status(new_status)
            return
        old_status, self.status = self.status, new_status
        of_lines = self.cascade.get(new_status, "")
        before = [one for one, then in Line.pipeline.items() if of_lines in then]
        values = [of_lines, self.pk, before, self.pk, old_status, new_status, timezone.now()]
        _rows, count = planned_run(STATUS_SQL, [*map(untyped, values), new_status, str(self.pk)])
        if count != 1:
            raise DatabaseError(f"order {self.pk} is gone")
        for line in getattr(self, "_prefetched_objects_cache", {}).get("lines", ()):
            if line.status in before:
                line.status = of_lines
        order_status_changed.send(
            sender=self, order=self, old_status=old_status, new_status=new_status
        )

    set_status.alters_data = True  # type: ignore[attr-defined]


STATUS_SQL = """
WITH lines AS (
    UPDATE order_line SET status = %s WHERE order_id = %s AND status = ANY (%s)
), change AS (
    INSERT INTO order_orderstatuschange (order_id, old_status, new_status, date_created)
    VALUES (%s, %s, %s, %s)
)
UPDATE order_order SET status = %s WHERE id = %s
"""


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


class _Searched:
    """An address that is written without its ``save``."""

    country_id: str

    def search_text_renew(self) -> None:
        """What the list of orders looks through; ``save`` does it by itself."""
        if country := _countries.get().get(self.country_id):
            self.country = country
        self._update_search_text()  # type: ignore[attr-defined]


class ShippingAddress(_Searched, AbstractShippingAddress):
    """Where one order goes; a copy, so that a later move changes no old order."""


class BillingAddress(_Searched, AbstractBillingAddress):
    """Whom the invoice of one order is for, where that is not who gets the parcel. Nobody calls there."""

    company = models.CharField(_("Company"), max_length=120, blank=True)
    base_fields = ["company", *AbstractBillingAddress.base_fields]
    search_fields = ["company", *AbstractBillingAddress.search_fields]
    hash_fields = ["company", *AbstractBillingAddress.hash_fields]


from oscar.apps.order.models import *  # noqa: E402,F403

_countries: Nearby[dict[str, Country]] = Nearby(
    "orders.countries",
    lambda: {one.pk: one for one in Country.objects.all()},
    seconds=COUNTRIES_SECONDS,
    by_language=False,
)
