"""What was agreed with carriers, and what parcels cost beside it."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.carriers import services
from orders.carriers.costs import BY, costs_by, parcels_costed
from orders.carriers.exceptions import RowsRefused
from orders.carriers.models import Contract
from orders.carriers.registry import carrier_name, carriers_all
from orders.carriers.selectors import promises_kept
from orders.carriers.services.contracts import COLUMNS
from orders.shipping.repository import method_name
from shop.core.office import csv_response, may

MAX_ID = 2**63 - 1
MOST_BYTES = 1_000_000
WEEKS = 12
SCORE_WEEKS = 52
BY_NAMES = {
    "carrier": gettext_lazy("By carrier"),
    "service": gettext_lazy("By service"),
    "method": gettext_lazy("By delivery"),
    "country": gettext_lazy("By country"),
    "week": gettext_lazy("By week"),
}
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ContractForm(forms.ModelForm):
    carrier = forms.ChoiceField(label=gettext_lazy("Carrier"))

    class Meta:
        model = Contract
        fields = (
            "carrier",
            "reference",
            "valid_from",
            "valid_until",
            "claim_days",
            "liability",
            "late_percent",
        )
        widgets = {"valid_from": DAY, "valid_until": DAY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["carrier"].choices = [(one.code, one.name) for one in carriers_all()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        begin, end = data.get("valid_from"), data.get("valid_until")
        if begin and end and end < begin:
            self.add_error("valid_until", _("Not before the first day."))
        if (data.get("claim_days") or 0) > 365:
            self.add_error("claim_days", _("A year at most."))
        if (data.get("late_percent") or 0) > 100:
            self.add_error("late_percent", _("100 at most."))
        if (data.get("liability") or 0) < 0:
            self.add_error("liability", _("Not below nothing."))
        return data


class RatesForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Table of costs, CSV"),
        help_text=gettext_lazy(
            "Columns service, country, weight_to, cost. It takes the place of the table before; "
            "all rows are taken or none."
        ),
    )

    def text(self) -> str:
        """Raises ``RowsRefused``."""
        content = self.cleaned_data["file"].read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise RowsRefused([_("The file is larger than 1 MB.")])
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise RowsRefused([_("This is not a CSV file in UTF-8.")]) from error
        if "\0" in text:
            raise RowsRefused([_("This is not a CSV file.")])
        return text


def contract_list(request: HttpRequest) -> HttpResponse:
    rows = Contract.objects.annotate(rows=Count("rates")).order_by("carrier", "-valid_from")
    today = timezone.localdate()
    context = {
        "rows": [
            {
                "contract": one,
                "name": carrier_name(one.carrier),
                "is_now": services.contract_of(one.carrier, today) == one,
            }
            for one in rows
        ],
        "currency": settings.OSCAR_DEFAULT_CURRENCY,
        "may_add": may(request.user, "contract-add"),
    }
    return render(request, "carriers/office/contract_list.html", context)


def contract_add(request: HttpRequest) -> HttpResponse:
    form = ContractForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        messages.success(request, _("Saved."))
        return redirect("dashboard:contract-detail", pk=made.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "contract": None}
    return render(request, "carriers/office/contract.html", context, status=status)


def contract_detail(
    request: HttpRequest, pk: int, *, rates_form: RatesForm | None = None
) -> HttpResponse:
    contract = get_object_or_404(Contract, pk=min(pk, MAX_ID))
    data = request.POST if request.method == "POST" and rates_form is None else None
    form = ContractForm(data, instance=contract)
    if data is not None and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("dashboard:contract-detail", pk=pk)
    context = {
        "form": form,
        "contract": contract,
        "name": carrier_name(contract.carrier),
        "rates": list(contract.rates.all()),
        "rates_form": rates_form or RatesForm(auto_id="rates_%s"),
        "currency": settings.OSCAR_DEFAULT_CURRENCY,
        "may_change": may(request.user, "contract-rates", "POST"),
        **_score(contract, request.user),
    }
    status = 422 if form.errors or (rates_form is not None) else 200
    return render(request, "carriers/office/contract.html", context, status=status)


def _score(contract: Contract, user: Any) -> dict[str, Any]:
    """How the carrier did while this contract held, at most in the last `SCORE_WEEKS`; one query."""
    today = timezone.localdate()
    until = min(contract.valid_until or today, today)
    since = max(contract.valid_from, until - dt.timedelta(weeks=SCORE_WEEKS))
    if since > until:
        return {}
    kept = promises_kept(by="carrier", since=since, until=until)
    query = {"view": "all", "since": since, "until": until, "carrier": contract.carrier}
    return {
        "score": next((one for one in kept if one.key == contract.carrier), None),
        "since": since,
        "until": until,
        "parcels_url": f"{reverse('dashboard:parcel-list')}?{urlencode(query)}"
        if may(user, "parcel-list")
        else "",
    }


def contract_rates(request: HttpRequest, pk: int) -> HttpResponse:
    """A whole table in the place of the one before."""
    contract = get_object_or_404(Contract, pk=min(pk, MAX_ID))
    form = RatesForm(request.POST, request.FILES, auto_id="rates_%s")
    if not form.is_valid():
        return contract_detail(request, pk, rates_form=form)
    try:
        count = services.cost_rates_import(contract=contract, text=form.text())
    except RowsRefused as refusal:
        for error in refusal.errors[:20]:
            form.add_error("file", error)
        return contract_detail(request, pk, rates_form=form)
    messages.success(request, _("%(n)d rows taken.") % {"n": count})
    return redirect("dashboard:contract-detail", pk=pk)


def contract_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The table as it can be taken in again."""
    contract = get_object_or_404(Contract, pk=min(pk, MAX_ID))
    rows = contract.rates.all().values_list(*COLUMNS)
    return csv_response(
        name=f"costs-{contract.carrier}-{contract.valid_from}",
        head=list(COLUMNS),
        rows=(["" if value is None else value for value in row] for row in rows),
    )


def parcel_costs(request: HttpRequest) -> HttpResponse:
    """What parcels cost beside what was agreed and what shoppers paid; a row opens its parcels."""
    by = request.GET.get("by", "")
    by = by if by in BY else "carrier"
    only = request.GET.get("only", "")[:60]
    until = timezone.localdate()
    since = until - dt.timedelta(weeks=WEEKS)
    link = reverse("dashboard:parcel-costs")
    context = {
        "rows": [
            {"row": one, "name": _named(by, one.key), "url": f"{link}?by={by}&only={one.key}"}
            for one in costs_by(by=by, since=since, until=until)
        ],
        "parcels": parcels_costed(by=by, key=only, since=since, until=until)[:100] if only else [],
        "only": _named(by, only) if only else "",
        "since": since,
        "currency": settings.OSCAR_DEFAULT_CURRENCY,
        "tabs": [
            {"name": name, "url": f"{link}?by={code}", "is_current": code == by}
            for code, name in BY_NAMES.items()
        ],
    }
    return render(request, "carriers/office/costs.html", context)


def _named(by: str, key: str) -> str:
    if by == "carrier":
        return carrier_name(key)
    if by == "method":
        return method_name(key, default=key)
    return key or _("not known")
