"""The tax report: by country and rate, from the ledger, proven against the papers."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language

from catalog.delivery import country_name
from orders.papers.vat import vat_rows, vat_totals
from payments.ledger.dashboard.forms import PeriodForm
from shop.core.office import csv_response
from shop.core.sheets import xlsx_response

HEAD = [
    "place",
    "rate",
    "currency",
    "net sold",
    "tax sold",
    "net returned",
    "tax returned",
    "net",
    "tax",
]


def vat_report(request: HttpRequest) -> HttpResponseBase:
    """A period's tax; ``as=csv`` or ``as=xlsx`` for the accountant."""
    since, until = PeriodForm(request.GET).picked()
    rows = vat_rows(since=since, until=until)
    wanted = request.GET.get("as")
    if wanted in ("csv", "xlsx"):
        cells = [
            [
                row.place,
                "gift cards" if row.rate is None else row.rate,
                row.currency,
                row.sold,
                row.tax_sold,
                row.returned,
                row.tax_returned,
                row.net,
                row.tax,
            ]
            for row in rows
        ]
        answer = xlsx_response if wanted == "xlsx" else csv_response
        return answer(name=f"tax-{since:%Y-%m-%d}-{until:%Y-%m-%d}", head=HEAD, rows=cells)
    context = {
        "form": PeriodForm(initial={"since": since, "until": until}),
        "since": since,
        "until": until,
        "rows": [(row, place_words(row.place)) for row in rows],
        "totals": vat_totals(rows, since=since, until=until),
    }
    return render(request, "papers/office/vat_report.html", context)


def place_words(place: str) -> str:
    """``DE`` as Germany, ``US-New York`` as United States, New York."""
    country, _dash, region = place.partition("-")
    name = country_name(country, get_language() or "en") if country else ""
    return ", ".join(filter(None, [name, region]))
