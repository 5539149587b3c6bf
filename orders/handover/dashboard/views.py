"""Work that was paid for, and who may fetch which file."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.exceptions import ImpossibleStep
from orders.handover import services
from orders.handover.models import DownloadGrant, ServiceJob
from orders.handover.selectors import grants_shown, jobs_shown
from shop.core.levels import sees
from shop.core.office import may
from shop.core.redirects import next_path

PAGE_SIZE = 40
MAX_ID = 2**63 - 1


class GrantFilterForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": gettext_lazy("Order, e-mail or file")}
        ),
    )


def job_list(request: HttpRequest) -> HttpResponse:
    is_open = request.GET.get("view") != "all"
    link = reverse("dashboard:job-list")
    context = {
        "page_obj": Paginator(jobs_shown(is_open=is_open), PAGE_SIZE).get_page(
            request.GET.get("page")
        ),
        "tabs": [
            {"name": _("To be done"), "url": link, "is_current": is_open},
            {"name": _("All"), "url": f"{link}?view=all", "is_current": not is_open},
        ],
        "may_change": may(request.user, "job-done", "POST"),
        "may_see_orders": may(request.user, "order-list"),
    }
    return render(request, "kinds/office/job_list.html", context)


def job_done(request: HttpRequest, pk: int) -> HttpResponse:
    rows = ServiceJob.objects.select_related("order_line__order")
    job = get_object_or_404(rows, pk=min(pk, MAX_ID))
    try:
        services.job_done(job=job, user=request.user)
    except ImpossibleStep:
        messages.error(request, _("This work was cancelled with its order."))
    else:
        messages.success(request, _("Done."))
    return redirect(_back(request, "job-list"))


def grant_list(request: HttpRequest) -> HttpResponse:
    form = GrantFilterForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    rows = grants_shown()
    if text:
        person = Q(order_line__order__guest_email__icontains=text) | Q(
            order_line__order__user__email__icontains=text
        )
        rows = rows.filter(
            Q(order_line__order__number__iexact=text)
            | (person if sees("email") else Q())
            | Q(file__name__icontains=text)
        )
    context = {
        "form": form,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_change": may(request.user, "grant-renew", "POST"),
        "may_see_orders": may(request.user, "order-list"),
    }
    return render(request, "kinds/office/grant_list.html", context)


def grant_renew(request: HttpRequest, pk: int) -> HttpResponse:
    grant = get_object_or_404(DownloadGrant.objects.select_related("file"), pk=min(pk, MAX_ID))
    if services.grant_renew(grant=grant):
        messages.success(
            request, _("The buyer may fetch %(name)s anew.") % {"name": grant.file.name}
        )
    else:
        messages.error(request, _("It was taken back with its order, or renewed too often."))
    return redirect(_back(request, "grant-list"))


def _back(request: HttpRequest, fallback: str) -> str:
    there = reverse(f"dashboard:{fallback}")
    return next_path(request, request.POST.get("next", ""), there)
