"""Price lists and their prices."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.pricing import list_services as services
from catalog.pricing.dashboard import selectors
from catalog.pricing.dashboard.forms import EntryForm, ImportForm, PriceListForm
from catalog.pricing.dashboard.tabs import price_tabs
from catalog.pricing.models import PriceList
from shop.core.finding import FindForm
from shop.core.office import csv_response, may

PAGE_SIZE = 40


def price_list_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(selectors.price_lists_find(), PAGE_SIZE)
    page_obj = page.get_page(request.GET.get("page"))
    context = {
        "page_obj": page_obj,
        "rows": [{"list": one, **state_shown(one)} for one in page_obj],
        "may_add": may(request.user, "price-list-create"),
        "tabs": price_tabs(request.user, "price-list-list"),
    }
    return render(request, "pricing/dashboard/list_list.html", context)


def state_shown(price_list: PriceList) -> dict[str, str]:
    """Whether it counts now, in a word and a tone."""
    now = timezone.now()
    if not price_list.is_active:
        return {"state": _("Out of use"), "tone": ""}
    if price_list.ends_at and price_list.ends_at <= now:
        return {"state": _("Has ended"), "tone": ""}
    if price_list.starts_at and price_list.starts_at > now:
        return {"state": _("Planned"), "tone": "info"}
    return {"state": _("Running"), "tone": "good"}


def price_list_create(request: HttpRequest) -> HttpResponse:
    form = PriceListForm(request.POST or None, instance=PriceList())
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        messages.success(request, _("Saved. Now give it prices."))
        return redirect("dashboard:price-list-detail", pk=form.instance.pk)
    status = 422 if form.errors else 200
    return render(request, "pricing/dashboard/list_form.html", {"form": form}, status=status)


def price_list_detail(request: HttpRequest, pk: int) -> HttpResponse:
    price_list = get_object_or_404(PriceList, pk=pk)
    if request.method != "POST":
        return _detail(request, price_list)
    form = PriceListForm(request.POST, instance=price_list)
    if not form.is_valid() or not _saved(request, form):
        return _detail(request, get_object_or_404(PriceList, pk=pk), form=form)
    messages.success(request, _("Saved. The prices follow at once."))
    return redirect("dashboard:price-list-detail", pk=pk)


def _saved(request: HttpRequest, form: PriceListForm) -> bool:
    """False when somebody took the code at the same moment; the form says so."""
    try:
        services.price_list_save(price_list=form.instance, user_id=request.user.pk)
    except IntegrityError:
        form.add_error("code", _("Another list has this code."))
        return False
    return True


def entry_set(request: HttpRequest, pk: int) -> HttpResponse:
    price_list = get_object_or_404(PriceList, pk=pk)
    form = EntryForm(request.POST, currency=price_list.currency)
    if not form.is_valid():
        return _detail(request, price_list, entry_form=form)
    services.entries_set(list_id=pk, rows=[form.row()], user_id=request.user.pk)
    messages.success(request, _("The price of %(sku)s is set.") % {"sku": form.cleaned_data["sku"]})
    return redirect("dashboard:price-list-detail", pk=pk)


def entry_remove(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    get_object_or_404(PriceList, pk=pk)
    services.entry_remove(list_id=pk, entry_id=entry_pk, user_id=request.user.pk)
    messages.success(request, _("The price is out of the list."))
    return redirect("dashboard:price-list-detail", pk=pk)


def prices_import(request: HttpRequest, pk: int) -> HttpResponse:
    """All rows or none; errors name their rows."""
    price_list = get_object_or_404(PriceList, pk=pk)
    form = ImportForm(request.POST, request.FILES, currency=price_list.currency)
    if not form.is_valid():
        return _detail(request, price_list, import_form=form)
    done = services.entries_set(list_id=pk, rows=form.rows, user_id=request.user.pk)
    added = ngettext("%(n)d price is new", "%(n)d prices are new", done.added) % {"n": done.added}
    changed = ngettext("%(n)d changed", "%(n)d changed", done.changed) % {"n": done.changed}
    messages.success(request, _("%(added)s, %(changed)s.") % {"added": added, "changed": changed})
    return redirect("dashboard:price-list-detail", pk=pk)


def prices_export(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The same table that can be brought in again."""
    price_list = get_object_or_404(PriceList, pk=pk)
    rows = selectors.entries_find(price_list).values_list(
        "stock_record__partner_sku", "min_quantity", "price"
    )
    return csv_response(
        name=f"prices-{price_list.code}",
        head=["sku", "min_quantity", "price"],
        rows=rows.iterator(chunk_size=1000),
    )


def _detail(request: HttpRequest, price_list: PriceList, **forms: Any) -> HttpResponse:
    find = FindForm(
        request.GET if request.method == "GET" and request.GET else None, hint=_("Product or SKU")
    )
    text = find.text()
    page = Paginator(selectors.entries_find(price_list, text=text), PAGE_SIZE)
    page_obj = page.get_page(request.GET.get("page"))
    words = {
        "above": _("above the product's own price"),
        "tier": _("no less than for fewer"),
    }
    may_change = may(request.user, "price-list-detail", "POST")
    blank = {
        "form": PriceListForm(instance=price_list),
        "entry_form": EntryForm(currency=price_list.currency, auto_id="entry_%s"),
        "import_form": ImportForm(currency=price_list.currency, auto_id="import_%s"),
    }
    context = {
        "price_list": price_list,
        "page_obj": page_obj,
        "rows": selectors.entry_warnings(list(page_obj), words),
        "find": find,
        "text": text,
        "may_change": may_change,
        "may_see_history": may(request.user, "price-history"),
        **state_shown(price_list),
        **blank,
        **forms,
    }
    status = 422 if forms else 200
    return render(request, "pricing/dashboard/list_detail.html", context, status=status)
