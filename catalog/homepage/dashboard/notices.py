"""Notices at the top of every page."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.homepage import services
from catalog.homepage.dashboard.forms import NoticeForm
from catalog.homepage.exceptions import ChangedMeanwhile
from catalog.homepage.models import Notice
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1


def notice_list(request: HttpRequest) -> HttpResponse:
    rows = Notice.objects.order_by("position", "pk")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "now": timezone.now(),
        "may_add": may(request.user, "notice-add"),
        "may_change": may(request.user, "notice-detail"),
    }
    return render(request, "homepage/office/notice_list.html", context)


def notice_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, Notice())


def notice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    notice = Notice.objects.filter(pk=min(pk, MAX_ID)).first()
    if notice is None:
        messages.error(request, _("This notice is gone; somebody deleted it."))
        return redirect("dashboard:notice-list")
    return _edit(request, notice)


def notice_delete(request: HttpRequest, pk: int) -> HttpResponse:
    notice = services.notice_delete(pk=min(pk, MAX_ID))
    if notice is not None:
        messages.success(request, _("“%(name)s” is gone.") % {"name": notice})
    return redirect("dashboard:notice-list")


def _edit(request: HttpRequest, notice: Notice) -> HttpResponse:
    form = NoticeForm(request.POST or None, instance=notice)
    changed, status = None, 200
    if request.method == "POST" and form.is_valid():
        try:
            services.notice_save(
                form.save(commit=False), seen=form.seen_version(), user_id=request.user.pk
            )
        except ChangedMeanwhile:
            changed = Notice.objects.select_related("updated_by").filter(pk=notice.pk).first()
            if changed is None:
                return notice_detail(request, notice.pk)
            data = request.POST.copy()
            data["seen"] = str(changed.version)
            form, status = NoticeForm(data, instance=Notice.objects.get(pk=notice.pk)), 409
        else:
            messages.success(request, _("Saved."))
            return redirect("dashboard:notice-list")
    delete_url = ""
    if notice.pk and may(request.user, "notice-delete", "POST"):
        delete_url = reverse("dashboard:notice-delete", kwargs={"pk": notice.pk})
    context = {
        "title": _("Notice") if notice.pk else _("New notice"),
        "form": form,
        "notice": notice,
        "changed": changed,
        "delete_url": delete_url,
    }
    status = status if status != 200 else 422 if form.errors else 200
    return render(request, "homepage/office/notice.html", context, status=status)
