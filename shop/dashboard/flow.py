"""From supplier to doorstep: what stands at each stage right now, on one page that keeps itself fresh.

Every stage is the list that it opens: the same rows, counted up to ``MOST_COUNTED`` as beside the menu.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.vary import vary_on_headers

from orders.carriers.selectors import parcels_here, parcels_of_view
from orders.fulfilment.models import (
    PARCEL_KINDS,
    Consignment,
    ConsignmentLine,
    ConsignmentState,
    ShipmentLine,
    Trouble,
    TroubleKind,
)
from orders.fulfilment.selectors import orders_unrouted
from orders.models import Line
from shop.core.office import FLOW, may
from shop.dashboard.selectors import MOST_COUNTED, count_shown
from supply.models import Transfer, TransferLine, TransferState
from supply.selectors import arrivals_due

Rows = Callable[[], QuerySet[Any]]


@dataclass(frozen=True)
class Stage:
    """``rows`` with their ``units``, the name of what counts them, and ``since``: the moment or the day
    by which the oldest is known.

    ``page`` and ``view``: the list that it opens. ``is_hot``: what stands here should not.
    """

    code: str
    name: str | Promise
    rows: Rows
    page: str
    view: str = ""
    units: str = "units"
    is_hot: bool = False
    is_day: bool = False


def _units(lines: Any, of: str, amount: Any) -> Subquery:
    """The units behind one row, added up from its lines."""
    its = lines.objects.filter(**{of: OuterRef("pk")}).order_by().values(of)
    return Subquery(its.annotate(n=Sum(amount)).values("n"))


def _consignments(state: ConsignmentState) -> Rows:
    units = _units(ConsignmentLine, "consignment", F("quantity") - F("left"))
    return lambda: Consignment.objects.filter(state=state).annotate(
        units=units, since=F("routed_at")
    )


def _parcels(rows: Rows, since: str) -> Rows:
    units = _units(ShipmentLine, "shipment", F("quantity"))
    return lambda: rows().annotate(units=units, since=F(since))


def _arrivals() -> QuerySet[Any]:
    return arrivals_due().annotate(since=F("day"))


def _transfers() -> QuerySet[Any]:
    units = _units(TransferLine, "transfer", F("sent"))
    return Transfer.objects.filter(state=TransferState.SENT).annotate(
        units=units, since=F("sent_at")
    )


def _unrouted() -> QuerySet[Any]:
    units = _units(Line, "order", F("num_allocated"))
    return orders_unrouted().annotate(units=units, since=F("date_placed"))


def _failed(kind: TroubleKind) -> Rows:
    """Until a clerk has sent it again or paid it back."""
    lines = ShipmentLine.objects.filter(shipment=OuterRef("shipment")).order_by()
    lines = lines.values("shipment").annotate(n=Sum("quantity")).values("n")
    return lambda: Trouble.objects.filter(kind=kind, closed_at__isnull=True).annotate(
        failed=Subquery(lines), since=F("opened_at")
    )


IN, FLOOR, ROAD = "in", "floor", "road"
GROUPS: dict[str, tuple[str | Promise, tuple[Stage, ...]]] = {
    IN: (
        gettext_lazy("Coming in"),
        (
            Stage(
                "expected",
                gettext_lazy("Expected from suppliers"),
                _arrivals,
                "arrival-list",
                is_day=True,
            ),
            Stage(
                "transfer",
                gettext_lazy("Between warehouses"),
                _transfers,
                "transfer-list",
                TransferState.SENT.value,
            ),
        ),
    ),
    FLOOR: (
        gettext_lazy("In the warehouse"),
        (
            Stage("unrouted", gettext_lazy("To route"), _unrouted, "sending-list", "unrouted"),
            *(
                Stage(state.value, name, _consignments(state), "sending-list", state.value)
                for state, name in (
                    (ConsignmentState.ROUTED, gettext_lazy("To pick")),
                    (ConsignmentState.PICKING, gettext_lazy("Being picked")),
                    (ConsignmentState.PICKED, gettext_lazy("To pack")),
                )
            ),
            Stage(
                "here",
                gettext_lazy("To hand over"),
                _parcels(parcels_here, "packed_at"),
                "parcel-list",
                "here",
            ),
        ),
    ),
    ROAD: (
        gettext_lazy("To the door"),
        (
            Stage(
                "moving",
                pgettext_lazy("parcels", "On their way"),
                _parcels(lambda: parcels_of_view("moving"), "shipped_at"),
                "parcel-list",
                "moving",
            ),
            Stage(
                "late",
                gettext_lazy("Late"),
                _parcels(lambda: parcels_of_view("late"), "shipped_at"),
                "parcel-list",
                "late",
                is_hot=True,
            ),
            *(
                Stage(
                    kind.value,
                    kind.label,
                    _failed(kind),
                    "trouble-list",
                    kind.value,
                    units="failed",
                    is_hot=True,
                )
                for kind in PARCEL_KINDS
            ),
            Stage(
                "today",
                gettext_lazy("Delivered today"),
                _parcels(lambda: parcels_of_view("today"), "delivered_at"),
                "parcel-list",
                "today",
            ),
        ),
    ),
}


@dataclass(frozen=True)
class Standing:
    """``number`` of rows, their ``units``, and the moment or day of the oldest."""

    number: int = 0
    units: int = 0
    since: dt.datetime | None = None


@vary_on_headers("HX-Request")
def flow(request: HttpRequest) -> HttpResponse:
    """The board; for htmx its inside alone, which asks again by itself."""
    counts = flow_counts()
    today = timezone.localdate()
    groups = [
        {
            "name": name,
            "stages": [
                _shown(stage, counts.get(stage.code, Standing()), today)
                for stage in stages
                if may(request.user, stage.page)
            ],
        }
        for name, stages in GROUPS.values()
    ]
    context = {"groups": [one for one in groups if one["stages"]], "now": timezone.localtime()}
    template = "_flow.html" if request.htmx else "flow.html"
    return render(request, f"oscar/dashboard/{template}", context)


def flow_counts() -> dict[str, Standing]:
    """By stage. One statement, kept for all who watch; a change in the back office drops it."""
    seconds = settings.FLOW_KEPT_SECONDS
    counts: dict[str, Standing] | None = cache.get(FLOW) if seconds else None
    if counts is None:
        counts = _counted()
        if seconds:
            cache.set(FLOW, counts, seconds)
    return counts


def _counted() -> dict[str, Standing]:
    statements: list[str] = []
    values: list[object] = []
    for _name, stages in GROUPS.values():
        for stage in stages:
            rows = stage.rows().order_by(F("since").asc(nulls_last=True))
            rows = rows.values_list(stage.units, "since")[:MOST_COUNTED]
            with suppress(EmptyResultSet):
                statement, wanted = rows.query.sql_with_params()
                statements.append(
                    "SELECT %s::text, count(*), coalesce(sum(units), 0), min(since)::timestamptz"  # noqa: S608  Django's own
                    f" FROM ({statement}) AS stage(units, since)"
                )
                values += [stage.code, *wanted]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        return {code: Standing(n, int(units), at) for code, n, units, at in cursor.fetchall()}


def _shown(stage: Stage, standing: Standing, today: dt.date) -> dict[str, Any]:
    """A line of `oscar/dashboard/_flow.html`."""
    query = f"?view={stage.view}" if stage.view else ""
    number, units = standing.number, standing.units
    is_overdue = False
    words = ""
    if standing.since and stage.is_day:
        day = standing.since.date()
        is_overdue = day < today
        said = _("due since %(day)s") if is_overdue else _("next on %(day)s")
        words = said % {"day": date_format(day, "SHORT_DATE_FORMAT")}
    elif standing.since:
        words = _("oldest: %(time)s") % {"time": timesince(standing.since, depth=1)}
    return {
        "code": stage.code,
        "name": stage.name,
        "url": reverse(f"dashboard:{stage.page}") + query,
        "number": count_shown(number),
        "is_empty": not number,
        "units": ngettext("%(units)s unit", "%(units)s units", units) % {"units": units},
        "age": words,
        "is_hot": bool(number) and (stage.is_hot or is_overdue),
    }
