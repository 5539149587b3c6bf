"""Oscar's order, with what it promises kept by the database."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from oscar.apps.address.abstract_models import AbstractShippingAddress
from oscar.apps.address.models import Country
from oscar.apps.order.abstract_models import AbstractLine, AbstractOrder
from oscar.apps.order.signals import order_status_changed

from shop.core.inserting import row_insert, row_update
from shop.core.planned import planned_cursor
from shop.core.prepared import TEXT, Prepared


class Order(AbstractOrder):
    """One sale. States and their steps are in `orders.states`."""

    #: What it is to be paid with, oldest first, where it has just been placed; None: ask.
    payments_made: list[Any] | None = None

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

    def set_status(self, new_status: str) -> None:
        """Oscar's: its lines follow, and the change is kept. By statements that are put together once;
        of the lines nothing but their state is written. Raises ``InvalidOrderStatus``."""
        if new_status == self.status or new_status not in self.available_statuses():
            super().set_status(new_status)
            return
        old_status, self.status = self.status, new_status
        if new_status in self.cascade:
            self._lines_follow(self.cascade[new_status])
        row_update(self)
        order_status_changed.send(
            sender=self, order=self, old_status=old_status, new_status=new_status
        )
        self._create_order_status_change(old_status, new_status)

    set_status.alters_data = True  # type: ignore[attr-defined]

    def _create_order_status_change(self, old_status: str, new_status: str) -> None:
        changes = self.status_changes
        row_insert(changes.model(order=self, old_status=old_status, new_status=new_status))

    def _lines_follow(self, status: str) -> None:
        before = [one for one, then in Line.pipeline.items() if status in then]
        with planned_cursor() as cursor:
            cursor.execute(LINES_FOLLOW_SQL, [status, str(self.pk), before])
        for line in getattr(self, "_prefetched_objects_cache", {}).get("lines", ()):
            if line.status in before:
                line.status = status


LINES_FOLLOW_SQL = "UPDATE order_line SET status = %s WHERE order_id = %s AND status = ANY(%s)"


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
