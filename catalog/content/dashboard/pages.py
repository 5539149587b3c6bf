"""Pages about the shop in the back office: the words that are worked on, and what was published."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.content import services
from catalog.content.dashboard.forms import PageForm, PublishForm
from catalog.content.exceptions import ContentRefused
from catalog.content.models import Page, PageKind, PageVersion
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID, MAX_NUMBER = 2**63 - 1, 2**31 - 1
PUBLISH = "publish"


def page_list(request: HttpRequest) -> HttpResponse:
    rows = Page.objects.annotate(published=Count("versions")).order_by("position", "pk")
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_add": may(request.user, "page-add"),
        "may_change": may(request.user, "page-detail"),
    }
    return render(request, "content/office/page_list.html", context)


def page_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, Page(), title=_("New page"))


def page_detail(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=min(pk, MAX_ID))
    return _edit(request, page, title=page.title)


def page_delete(request: HttpRequest, pk: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=min(pk, MAX_ID))
    try:
        services.page_delete(page)
    except ContentRefused as refusal:
        messages.error(request, refusal.message)
        return redirect("dashboard:page-detail", pk=pk)
    messages.success(request, _("“%(name)s” is gone.") % {"name": page.title})
    return redirect("dashboard:page-list")


def page_withdraw(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take back a version that was to begin later."""
    rows = PageVersion.objects.filter(page=min(pk, MAX_ID))
    version = get_object_or_404(rows, number=min(number, MAX_NUMBER))
    try:
        services.page_version_withdraw(version)
    except ContentRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The version is taken back."))
    return redirect("dashboard:page-detail", pk=pk)


def _edit(request: HttpRequest, page: Page, *, title: str) -> HttpResponse:
    form = PageForm(request.POST or None, instance=page)
    publish_form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and publish_form.is_valid():
        kept = _keep(request, form, publish_form)
        if kept is not None:
            return redirect("dashboard:page-detail", pk=kept.pk)
    saved = Page.objects.filter(pk=page.pk).first() if page.pk else None
    versions = list(saved.versions.order_by("-valid_from", "-number")) if saved else []
    now = timezone.now()
    is_shown = bool(saved and saved.is_public) and any(one.valid_from <= now for one in versions)
    context = {
        "title": title,
        "page": saved,
        "form": form,
        "publish_form": publish_form,
        "versions": versions,
        "now": now,
        "questions": saved.questions.all() if saved and saved.kind == PageKind.QUESTIONS else None,
        "shop_url": reverse("content:page", kwargs={"slug": saved.slug}) if is_shown else "",
        "preview_url": reverse("dashboard:page-preview"),
        "may_delete": bool(saved) and not versions and may(request.user, "page-delete", "POST"),
    }
    status = 422 if form.errors or publish_form.errors else 200
    return render(request, "content/office/page.html", context, status=status)


def _keep(request: HttpRequest, form: PageForm, publish_form: PublishForm) -> Page | None:
    """Save, and publish if that was asked for; None when it was refused, with the reason in the form."""
    data = publish_form.cleaned_data
    try:
        with transaction.atomic():
            page = services.page_save(form.save(commit=False))
            if request.POST.get("step") != PUBLISH:
                messages.success(request, _("Saved. Readers see it once it is published."))
                return page
            version = services.page_publish(
                page=page, valid_from=data["valid_from"], notes=publish_form.notes()
            )
    except ContentRefused as refusal:
        publish_form.add_error("valid_from", refusal.message)
        return None
    said = {"number": version.number}
    if version.valid_from > timezone.now():
        messages.success(request, _("Version %(number)d takes over by itself.") % said)
    else:
        messages.success(request, _("Version %(number)d is in the shop.") % said)
    return page
