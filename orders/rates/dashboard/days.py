"""Working days, holidays and surcharges: one page, three short lists."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from orders.rates.dashboard.forms import HolidayForm, SurchargeForm, WeekForm
from orders.rates.dashboard.tabs import delivery_tabs
from orders.rates.models import Holiday, Surcharge, WorkingWeek
from shop.core.office import may
from supply.models import Warehouse

MAX_ID = 2**63 - 1


def day_list(request: HttpRequest) -> HttpResponse:
    return _desk(request)


def week_set(request: HttpRequest) -> HttpResponse:
    form = WeekForm(request.POST, auto_id="week_%s")
    if not form.is_valid():
        return _desk(request, week_form=form)
    data = form.cleaned_data
    WorkingWeek.objects.update_or_create(
        mover=data["mover"],
        code=data["code"],
        defaults={"days": sorted(set(data["days"])), "cut_off": data["cut_off"]},
    )
    messages.success(request, _("Saved. Shoppers see it at once."))
    return redirect("dashboard:delivery-days")


def week_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """From then on the week of all holds there."""
    return _removed(request, WorkingWeek.objects.filter(pk=min(pk, MAX_ID)).first())


def holiday_add(request: HttpRequest) -> HttpResponse:
    form = HolidayForm(request.POST, auto_id="holiday_%s")
    if not form.is_valid():
        return _desk(request, holiday_form=form)
    form.save()
    messages.success(request, _("Saved. Shoppers see it at once."))
    return redirect("dashboard:delivery-days")


def holiday_remove(request: HttpRequest, pk: int) -> HttpResponse:
    return _removed(request, Holiday.objects.filter(pk=pk).first())


def surcharge_add(request: HttpRequest) -> HttpResponse:
    form = SurchargeForm(request.POST, auto_id="surcharge_%s")
    if not form.is_valid():
        return _desk(request, surcharge_form=form)
    form.save()
    messages.success(request, _("Saved. Shoppers see it at once."))
    return redirect("dashboard:delivery-days")


def surcharge_remove(request: HttpRequest, pk: int) -> HttpResponse:
    return _removed(request, Surcharge.objects.filter(pk=pk).first())


def _removed(request: HttpRequest, row: Any) -> HttpResponse:
    """What somebody else removed already is gone all the same."""
    if row is not None:
        row.delete()
        messages.success(request, _("It is gone. Orders keep what they were promised."))
    return redirect("dashboard:delivery-days")


def _desk(request: HttpRequest, **forms: Any) -> HttpResponse:
    today = timezone.localdate()
    weeks = [
        {"week": one, "days": " ".join(str(WEEKDAYS_ABBR[day]) for day in one.days)}
        for one in WorkingWeek.objects.all()
    ]
    asked = request.GET.get("week", "")
    shown = next((row["week"] for row in weeks if str(row["week"].pk) == asked), None)
    context = {
        "weeks": weeks,
        "holidays": Holiday.objects.filter(day__gte=today)[:200],
        "surcharges": Surcharge.objects.all(),
        "week_form": WeekForm(auto_id="week_%s", instance=shown),
        "houses": Warehouse.objects.order_by("-is_default", "rank", "name"),
        "holiday_form": HolidayForm(auto_id="holiday_%s"),
        "surcharge_form": SurchargeForm(auto_id="surcharge_%s"),
        "currency": settings.OSCAR_DEFAULT_CURRENCY,
        "tabs": delivery_tabs(request.user, "delivery-days"),
        "may_week": may(request.user, "delivery-week-set", "POST"),
        "may_unweek": may(request.user, "delivery-week-remove", "POST"),
        "may_house": may(request.user, "warehouse-edit"),
        "may_add": may(request.user, "delivery-holiday-add", "POST"),
        "may_remove": may(request.user, "delivery-holiday-remove", "POST"),
        "may_charge": may(request.user, "delivery-surcharge-add", "POST"),
        "may_uncharge": may(request.user, "delivery-surcharge-remove", "POST"),
        **forms,
    }
    return render(request, "rates/office/days.html", context, status=422 if forms else 200)
