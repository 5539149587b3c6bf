"""Answers the catalogue's questions about sales (`catalog.sales`)."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import CharField, Sum
from django.db.models.functions import Cast, Coalesce

from catalog.sales import SoldLine
from orders.models import Line
from orders.states import SOLD

FAMILY = Coalesce("product__parent_id", "product_id")


class OrderSales:
    """Orders that were paid and not cancelled."""

    def lines(self, *, since: dt.datetime) -> Iterator[SoldLine]:
        rows = (
            Line.objects.filter(
                order__date_placed__gte=since, order__status__in=SOLD, product__isnull=False
            )
            .annotate(
                family=FAMILY,
                buyer=Coalesce(
                    Cast("order__user_id", CharField()),
                    "order__guest_email",
                    output_field=CharField(),
                ),
            )
            .order_by("order__date_placed", "order_id", "pk")
            .values_list("order_id", "buyer", "family", "quantity", "order__date_placed")
        )
        return (SoldLine(*row) for row in rows.iterator(chunk_size=5000))

    def units(self, *, since: dt.datetime, families: Sequence[int] | None = None) -> dict[int, int]:
        rows = Line.objects.filter(
            order__date_placed__gte=since, order__status__in=SOLD, product__isnull=False
        ).annotate(family=FAMILY)
        if families is not None:
            rows = rows.filter(family__in=families)
        return dict(
            rows.values("family").annotate(sold=Sum("quantity")).values_list("family", "sold")
        )

    def has_bought(self, *, user_id: int, family_id: int) -> bool:
        rows = Line.objects.annotate(family=FAMILY)
        return rows.filter(
            order__user_id=user_id, order__status__in=SOLD, family=family_id
        ).exists()

    def variant_bought(self, *, user_id: int, family_id: int) -> int | None:
        rows = Line.objects.filter(
            order__user_id=user_id, order__status__in=SOLD, product__parent=family_id
        )
        return rows.order_by("-order__date_placed", "-pk").values_list("product", flat=True).first()

    def families_of(self, *, user_id: int, limit: int) -> list[int]:
        rows = (
            Line.objects.filter(
                order__user_id=user_id, order__status__in=SOLD, product__isnull=False
            )
            .annotate(family=FAMILY)
            .order_by("-order__date_placed", "-pk")
            .values_list("family", flat=True)
        )
        return list(dict.fromkeys(rows[: limit * 4]))[:limit]
