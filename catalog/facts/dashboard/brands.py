"""Brands in the back office."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.facts.dashboard.forms import BrandForm
from catalog.facts.models import Brand
from catalog.facts.services import brand_delete as brand_remove
from catalog.facts.services import brand_save
from shop.core.finding import FindForm
from shop.core.office import may

PAGE_SIZE = 40


def brand_list(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET or None, hint=_("Name"))
    text = form.text()
    rows = Brand.objects.annotate(made=Count("products")).order_by("name", "pk")
    if text:
        rows = rows.filter(Q(name_en__icontains=text) | Q(name_zh_hans__icontains=text))
    context = {
        "form": form,
        "text": text,
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "may_add": may(request.user, "brand-create"),
        "may_change": may(request.user, "brand-update"),
    }
    return render(request, "facts/brand_list.html", context)


def brand_create(request: HttpRequest) -> HttpResponse:
    return _edit(request, Brand(), title=_("New brand"))


def brand_update(request: HttpRequest, pk: int) -> HttpResponse:
    brand = get_object_or_404(Brand, pk=pk)
    return _edit(request, brand, title=brand.name)


def brand_delete(request: HttpRequest, pk: int) -> HttpResponse:
    brand = get_object_or_404(Brand, pk=pk)
    brand_remove(brand)
    messages.success(request, _("“%(name)s” is gone; its products stay.") % {"name": brand.name})
    return redirect("dashboard:brand-list")


def _edit(request: HttpRequest, brand: Brand, *, title: str) -> HttpResponse:
    form = BrandForm(request.POST or None, request.FILES or None, instance=brand)
    if request.method == "POST" and form.is_valid():
        brand_save(form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("dashboard:brand-list")
    delete_url = ""
    if brand.pk and may(request.user, "brand-delete", "POST"):
        delete_url = reverse("dashboard:brand-delete", kwargs={"pk": brand.pk})
    context = {
        "title": title,
        "form": form,
        "back_url": reverse("dashboard:brand-list"),
        "back_name": _("Brands"),
        "shop_url": reverse("catalogue:brand", kwargs={"slug": brand.slug}) if brand.pk else "",
        "delete_url": delete_url,
        "delete_text": _("Its products stay, without a brand."),
        "about": _("Who makes it"),
        "about_text": _(
            "The name stands on the product and beside lists; the text and the picture stand on the"
            " brand's own page."
        ),
    }
    return render(request, "facts/texts_form.html", context, status=422 if form.errors else 200)
