"""Oscar's stock record, with its promises kept by the database."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractStockRecord


class StockRecord(AbstractStockRecord):
    """Price and stock of one product. Only `supply` changes the two counters.

    ``num_in_stock`` is on hand (NULL: not tracked), ``num_allocated`` is sold and not yet shipped.
    """

    # Oscar's, without an index: nobody looks for it, and each sale would write all indexes of the record.
    date_updated = models.DateTimeField(_("Date updated"), auto_now=True)

    class Meta(AbstractStockRecord.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(num_in_stock__isnull=True)
                | Q(num_allocated__isnull=True)
                | Q(num_allocated__gte=0, num_allocated__lte=F("num_in_stock")),
                name="stock_allocated_within_on_hand",
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gte=0), name="stock_price_not_negative"
            ),
        ]


from oscar.apps.partner.models import *  # noqa: E402,F403
