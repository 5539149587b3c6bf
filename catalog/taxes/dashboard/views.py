"""Tax tables: countries, their rates and from when they hold."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalog.delivery import country_name
from catalog.taxes import services
from catalog.taxes.dashboard.forms import CountryForm, TaxRateForm
from catalog.taxes.models import TaxCountry
from catalog.taxes.selectors import percent_shown, tax_countries, tax_rates
from shop.core.office import may


def tax_list(request: HttpRequest) -> HttpResponse:
    return _list(request)


def country_add(request: HttpRequest) -> HttpResponse:
    form = CountryForm(request.POST, auto_id="add_%s")
    if not form.is_valid() or not _saved(form):
        return _list(request, form=form)
    messages.success(request, _("Saved. Now give it rates."))
    return redirect("dashboard:tax-detail", code=form.instance.pk)


def _saved(form: CountryForm) -> bool:
    """False when somebody added the country at the same moment."""
    try:
        with transaction.atomic():
            form.instance.save(force_insert=True)
    except IntegrityError:
        form.add_error("code", _("This country is there already."))
        return False
    return True


def shipped_load(request: HttpRequest) -> HttpResponse:
    """The rates that came with the shop, for countries that have none."""
    count = services.taxes_load()
    text = ngettext("%(n)d rate was written.", "%(n)d rates were written.", count)
    messages.success(request, text % {"n": count})
    return redirect("dashboard:tax-list")


def tax_detail(request: HttpRequest, code: str) -> HttpResponse:
    country = get_object_or_404(TaxCountry, pk=code)
    if request.method != "POST":
        return _detail(request, country)
    form = CountryForm(request.POST, instance=country)
    if not form.is_valid():
        return _detail(request, country, form=form)
    form.save()
    messages.success(request, _("Saved. The prices follow at once."))
    return redirect("dashboard:tax-detail", code=code)


def rate_set(request: HttpRequest, code: str) -> HttpResponse:
    country = get_object_or_404(TaxCountry, pk=code)
    form = TaxRateForm(request.POST, auto_id="rate_%s")
    if not form.is_valid():
        return _detail(request, country, rate_form=form)
    services.tax_rate_set(country=country.pk, **form.facts())
    messages.success(request, _("The rate is set."))
    return redirect("dashboard:tax-detail", code=code)


def rate_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    get_object_or_404(TaxCountry, pk=code)
    if services.tax_rate_remove(country=code, rate_id=pk):
        messages.success(request, _("The rate is gone. Orders keep what they were charged."))
    return redirect("dashboard:tax-detail", code=code)


def _list(request: HttpRequest, **forms: Any) -> HttpResponse:
    rows = [
        {
            "shown": one,
            "standard": percent_shown(one.taxes.rate("standard")) if one.taxes.rates else "",
            "reduced": percent_shown(one.taxes.rate("reduced")) if one.taxes.rates else "",
        }
        for one in tax_countries(language=get_language() or "en")
    ]
    context = {
        "rows": rows,
        "form": CountryForm(auto_id="add_%s"),
        "may_add": may(request.user, "tax-country-add", "POST"),
        **forms,
    }
    return render(request, "taxes/office/list.html", context, status=422 if forms else 200)


def _detail(request: HttpRequest, country: TaxCountry, **forms: Any) -> HttpResponse:
    context = {
        "country": country,
        "name": country_name(country.pk, get_language() or "en"),
        "rows": tax_rates(country),
        "form": CountryForm(instance=country),
        "rate_form": TaxRateForm(auto_id="rate_%s"),
        "may_change": may(request.user, "tax-detail", "POST"),
        "may_add": may(request.user, "tax-rate-set", "POST"),
        "may_remove": may(request.user, "tax-rate-remove", "POST"),
        **forms,
    }
    return render(request, "taxes/office/detail.html", context, status=422 if forms else 200)
