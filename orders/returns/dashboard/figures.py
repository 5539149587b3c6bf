"""Why things come back: by reason and by product, each figure a way to its returns."""

import datetime as dt
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from orders.returns.selectors import reasons_counted, units_shipped_since
from orders.returns.states import ReturnReason

PERIODS = {30: _("30 days"), 90: _("90 days"), 365: _("A year")}
PRODUCTS = 50  # of the table, those that come back most


def return_reasons(request: HttpRequest) -> HttpResponse:
    """Of one period: what was asked back, beside what left in it."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else 90
    since = timezone.now() - dt.timedelta(days=days)
    counted = reasons_counted(since=since)
    here = reverse("dashboard:return-reasons")
    context = {
        "tabs": [
            {"name": name, "url": f"{here}?days={one}", "is_current": one == days}
            for one, name in PERIODS.items()
        ],
        "reasons": _by_reason(counted),
        "products": _by_product(counted, since),
        "units": sum(row["units"] for row in counted),
    }
    return render(request, "returns/office/reasons.html", context)


def _by_reason(counted: list[dict]) -> list[dict]:
    total = sum(row["units"] for row in counted)
    rows = []
    for reason in ReturnReason:
        units = sum(row["units"] for row in counted if row["reason"] == reason)
        if units:
            row = {"name": reason.label, "units": units, "share": round(100 * units / total)}
            rows.append(row | {"url": _url(reason=reason.value)})
    return sorted(rows, key=lambda row: -row["units"])


def _by_product(counted: list[dict], since: dt.datetime) -> list[dict]:
    """Those that come back most, with the share of what left and the reasons, the first one first."""
    units: dict[int, int] = {}
    for row in counted:
        units[row["family"]] = units.get(row["family"], 0) + row["units"]
    most = sorted(units, key=lambda pk: (-units[pk], pk or 0))[:PRODUCTS]
    products = Product.objects.in_bulk([pk for pk in most if pk])
    left = units_shipped_since(since=since, families=[pk for pk in most if pk])
    labels = dict(ReturnReason.choices)
    rows = []
    for pk in most:
        if pk not in products:
            continue
        sold = left.get(pk, 0)
        rows.append(
            {
                "title": products[pk].get_title(),
                "units": units[pk],
                "sold": sold,
                "share": f"{100 * units[pk] / sold:.1f}" if sold else "",
                "url": _url(product=pk),
                "reasons": [
                    {
                        "name": labels[row["reason"]],
                        "units": row["units"],
                        "url": _url(product=pk, reason=row["reason"]),
                    }
                    for row in counted
                    if row["family"] == pk
                ],
            }
        )
    return rows


def _url(**query: object) -> str:
    return f"{reverse('dashboard:return-list')}?{urlencode({'view': 'all', **query})}"
