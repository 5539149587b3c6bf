"""Reading returns, and what of an order may come back until when."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from catalog.models import Category, Product
from catalog.pictures.selectors import product_images
from orders.fulfilment.models import Shipment, ShipmentLine
from orders.life.selectors import has_left
from orders.models import Line, Order
from orders.returns.models import (
    Complaint,
    ComplaintLine,
    LinkedOrder,
    Return,
    ReturnLine,
    ReturnPolicy,
)
from orders.returns.states import FAULTS, REPAIRABLE, UNCLAIMED, VOID, ReturnReason
from orders.states import HOLDING, OrderState
from shop.core.prepared import TEXT, Prepared

#: Orders that have left in whole.
LEFT = (OrderState.SHIPPED, OrderState.DELIVERED)
CLAIMED = F("quantity") - F("not_received")


@dataclass(frozen=True)
class Returnable:
    """One order line: how many units may come back, and by which policy.

    ``arrived``: the local day of delivery; None while nobody said that it came.
    """

    line: Line
    shipped: int
    left: int
    policy: ReturnPolicy
    arrived: dt.date | None

    def until(self, reason: str) -> dt.date | None:
        """The last day for this reason; None before it has arrived, when every day is early enough."""
        days = self.policy.fault_days if reason in FAULTS else self.policy.days
        return self.arrived + dt.timedelta(days=days) if self.arrived else None

    def reasons(self, today: dt.date) -> list[ReturnReason]:
        """What may still be said on ``today``."""
        return [one for one in ReturnReason if self._holds(one, today)]

    def may_be_repaired(self, today: dt.date) -> bool:
        """Whether the warranty holds for something that a repair can put right."""
        return self.policy.repairs and any(one in REPAIRABLE for one in self.reasons(today))

    def _holds(self, reason: ReturnReason, today: dt.date) -> bool:
        if reason not in FAULTS and not self.policy.days:
            return False
        until = self.until(reason)
        return until is None or today <= until


def returnables_of(order: Order) -> list[Returnable]:
    """Every line of the order that has left, those with nothing left to send back too. Eight queries."""
    if order.status not in (*LEFT, *HOLDING) or not has_left(order):
        return []
    arrived = order_arrived(order)
    lines = [line for line in _lines_with_units(order) if line.units_shipped]
    policies = policies_of(line.product for line in lines)
    default = policy_default()
    return [
        Returnable(
            line=line,
            shipped=line.units_shipped,
            left=line.units_shipped - line.units_failed - line.units_claimed,
            policy=policies.get(line.product_id, default),
            arrived=arrived,
        )
        for line in lines
    ]


def order_arrived(order: Order) -> dt.date | None:
    """The local day on which the last of its parcels was handed over; None while one is still to come.

    A parcel that failed is waited for no more.
    """
    if order.status not in LEFT:
        return None
    left = Shipment.objects.filter(order=order, shipped_at__isnull=False, failed="")
    days = [parcel.delivered_at for parcel in left]
    known = [day for day in days if day is not None]
    return timezone.localdate(max(known)) if known and len(known) == len(days) else None


def _lines_with_units(order: Order) -> QuerySet[Line]:
    """With ``units_shipped``, ``units_failed`` (in parcels that did not arrive) and ``units_claimed``
    by returns that were not refused or cancelled.
    """
    shipped = ShipmentLine.objects.filter(
        order_line=OuterRef("pk"), shipment__shipped_at__isnull=False
    ).order_by()
    claimed = ReturnLine.objects.filter(order_line=OuterRef("pk")).exclude(
        back__state__in=UNCLAIMED
    )
    return (
        Line.objects.filter(order=order)
        .select_related("product__parent")
        .prefetch_related(
            Prefetch("product__images", product_images()),
            Prefetch("product__parent__images", product_images()),
        )
        .annotate(
            units_shipped=Coalesce(
                Subquery(shipped.values("order_line").annotate(n=Sum("quantity")).values("n")), 0
            ),
            units_failed=Coalesce(
                Subquery(
                    shipped.exclude(shipment__failed="")
                    .values("order_line")
                    .annotate(n=Sum("quantity"))
                    .values("n")
                ),
                0,
            ),
            units_claimed=Coalesce(
                Subquery(
                    claimed.order_by().values("order_line").annotate(n=Sum(CLAIMED)).values("n")
                ),
                0,
            ),
        )
        .order_by("pk")
    )


def policy_default() -> ReturnPolicy:
    """What holds where no category says otherwise."""
    return ReturnPolicy.objects.filter(category=None).first() or ReturnPolicy()


def policies_of(products: Iterable[Product | None]) -> dict[int, ReturnPolicy]:
    """By product id: the policy of the deepest category that has one. Two queries at most."""
    products = [one for one in products if one is not None]
    rules = list(ReturnPolicy.objects.exclude(category=None).select_related("category"))
    if not rules or not products:
        return {}
    rules.sort(key=lambda rule: -rule.category.depth)
    families = {one.pk: one.parent_id or one.pk for one in products}
    paths: dict[int, list[str]] = {}
    rows = Category.objects.filter(product__in=set(families.values()))
    for family, path in rows.values_list("product", "path"):
        paths.setdefault(family, []).append(path)
    found = {}
    for pk, family in families.items():
        rule = next((one for one in rules if _covers(one, paths.get(family, []))), None)
        if rule:
            found[pk] = rule
    return found


def _covers(rule: ReturnPolicy, paths: list[str]) -> bool:
    return any(path.startswith(rule.category.path) for path in paths)


def returns_read() -> QuerySet[Return]:
    """Returns with their lines, photos and story, ready for a page. Seven queries."""
    lines = ReturnLine.objects.select_related(
        "order_line__product__parent", "order_line__order", "swap_for__parent"
    ).prefetch_related(
        Prefetch("order_line__product__images", product_images()),
        Prefetch("order_line__product__parent__images", product_images()),
    )
    return Return.objects.select_related(
        "order__facts", "order__user", "order__shipping_address", "refund", "label"
    ).prefetch_related(Prefetch("lines", lines.order_by("pk")), "photos", "moments__by")


def return_of(order: Order, number: str) -> Return | None:
    """The return of this order with this number."""
    return returns_read().filter(order=order, number=number).first()


def returns_of_member(user_id: int) -> QuerySet[Return]:
    """A member's returns, newest first."""
    return returns_read().filter(order__user_id=user_id).order_by("-created_at", "-pk")


def returns_of_order(order: Order) -> QuerySet[Return]:
    return Return.objects.filter(order=order).order_by("created_at", "pk")


def paid_units_before(back: Return) -> dict[int, int]:
    """By order line: how many of its units other returns were paid for."""
    units: dict[int, int] = {}
    rows = ReturnLine.objects.filter(back__order=back.order_id, back__refund__isnull=False)
    for row in rows.exclude(back=back):
        units[row.order_line_id] = units.get(row.order_line_id, 0) + units_paid(row)
    return units


def units_paid(line: ReturnLine) -> int:
    """Units that are paid for: what is scrap only where the shopper is not the cause."""
    scrap = line.scrap if line.reason in FAULTS else 0
    return line.restock + line.refurbish + scrap


def is_all_back(back: Return) -> bool:
    """Whether with this return every unit that arrived came back, and nothing more of it is to leave."""
    if Line.objects.filter(order=back.order_id, num_allocated__gt=0).exists():
        return False
    paid = {row.order_line_id: row.received for row in back.lines.all()}
    rows = ReturnLine.objects.filter(back__order=back.order_id, back__refund__isnull=False)
    for row in rows.exclude(back=back):
        paid[row.order_line_id] = paid.get(row.order_line_id, 0) + row.received
    left = ShipmentLine.objects.filter(
        shipment__order=back.order_id, shipment__shipped_at__isnull=False, shipment__failed=""
    ).order_by()
    shipped = dict(left.values_list("order_line").annotate(n=Sum("quantity")))
    return bool(shipped) and all(paid.get(pk, 0) >= units for pk, units in shipped.items())


def lines_refurbishing() -> QuerySet[ReturnLine]:
    """Lines with units being refurbished, the longest there first. Safe to slice."""
    rows = ReturnLine.objects.filter(refurbish__gt=F("refurbished") + F("given_up"))
    return rows.select_related(
        "back__warehouse", "order_line__product__parent", "order_line__stockrecord"
    ).order_by("inspected_at", "pk")


def reasons_counted(*, since: dt.datetime) -> list[dict]:
    """By product family and reason: units asked back since then, the most first."""
    family = Coalesce("order_line__product__parent_id", "order_line__product_id")
    rows = ReturnLine.objects.filter(back__created_at__gte=since).exclude(back__state__in=VOID)
    return list(
        rows.annotate(family=family)
        .order_by()
        .values("family", "reason")
        .annotate(units=Sum("quantity"), returns=Count("back", distinct=True))
        .order_by("-units", "family", "reason")
    )


def units_shipped_since(*, since: dt.datetime, families: Iterable[int]) -> dict[int, int]:
    """By product family: units that left since then."""
    family = Coalesce("order_line__product__parent_id", "order_line__product_id")
    rows = ShipmentLine.objects.filter(shipment__shipped_at__gte=since).annotate(family=family)
    rows = rows.filter(Q(family__in=set(families))).order_by()
    return dict(rows.values_list("family").annotate(units=Sum("quantity")))


def links_of(order: Order) -> list[LinkedOrder]:
    """Orders that follow from this one, and that from which it follows. One query."""
    rows = LinkedOrder.objects.filter(Q(of=order) | Q(order=order))
    return list(rows.select_related("order", "of", "back").order_by("pk"))


def link_to(order_number: str) -> LinkedOrder | None:
    """From what this order follows, if from anything. One query."""
    return next(iter(_link_to.read(number=order_number)), None)


_link_to: Prepared[LinkedOrder] = Prepared(
    lambda number: LinkedOrder.objects.filter(order__number=number).select_related("back"),
    number=TEXT,
)


def complaints_read() -> QuerySet[Complaint]:
    """Complaints with their orders, lines and what became of them. Two queries."""
    lines = ComplaintLine.objects.select_related("order_line__product__parent").order_by("pk")
    return Complaint.objects.select_related(
        "order__facts",
        "order__user",
        "order__shipping_address",
        "parcel",
        "back",
        "again__order",
        "refund",
        "closed_by",
    ).prefetch_related(Prefetch("lines", lines))


def complaints_of(order: Order) -> list[Complaint]:
    """Of one order, the newest first."""
    return list(complaints_read().filter(order=order).order_by("-made_at", "-pk"))
