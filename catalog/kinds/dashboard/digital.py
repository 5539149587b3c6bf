"""Downloads and services: the files that buyers may fetch, and the words about what happens next."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from catalog.kinds import services
from catalog.kinds.dashboard.forms import FileForm, NextStepsForm
from catalog.kinds.exceptions import KindRefused
from catalog.kinds.models import NextSteps, ProductFile
from catalog.models import Kind, Product, ProductClass
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1
KINDS = (Kind.DOWNLOAD, Kind.SERVICE)


def digital_list(request: HttpRequest) -> HttpResponse:
    rows = (
        Product.objects.filter(product_class__kind__in=KINDS)
        .select_related("product_class")
        .annotate(files=Count("files_sold", filter=Q(files_sold__is_offered=True)))
        .order_by("-pk")
    )
    context = {
        "page_obj": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "classes": ProductClass.objects.filter(kind__in=KINDS).order_by("pk"),
        "may_add": may(request.user, "catalogue-product-create"),
    }
    return render(request, "kinds/office/digital_list.html", context)


def digital_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a service: what happens next, in both languages. Of a download: its files."""
    product = _product(pk)
    if request.method != "POST":
        return _detail(request, product)
    form = NextStepsForm(request.POST)
    if not form.is_valid():
        return _detail(request, product, steps_form=form)
    services.next_steps_save(product=product, texts=form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("dashboard:digital-detail", pk=pk)


def file_add(request: HttpRequest, pk: int) -> HttpResponse:
    product = _product(pk)
    form = FileForm(request.POST, request.FILES, auto_id="file_%s")
    if not form.is_valid():
        return _detail(request, product, file_form=form)
    data = form.cleaned_data
    try:
        file = services.file_add(
            product=product, upload=data["file"], downloads=data["downloads"], days=data["days"]
        )
    except KindRefused as refusal:
        form.add_error("file", refusal.message)
        return _detail(request, product, file_form=form)
    messages.success(request, _("%(name)s is there for new buyers.") % {"name": file.name})
    return redirect("dashboard:digital-detail", pk=pk)


def file_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to new buyers, or not any more."""
    file = get_object_or_404(ProductFile, pk=min(pk, MAX_ID))
    services.file_offer(file=file, is_offered=request.POST.get("offer") == "1")
    messages.success(request, _("Saved."))
    return redirect("dashboard:digital-detail", pk=file.product.parent_id or file.product_id)


def _product(pk: int) -> Product:
    rows = Product.objects.select_related("product_class").filter(product_class__kind__in=KINDS)
    return get_object_or_404(rows, pk=min(pk, MAX_ID))


def _detail(
    request: HttpRequest,
    product: Product,
    *,
    file_form: FileForm | None = None,
    steps_form: NextStepsForm | None = None,
) -> HttpResponse:
    steps = NextSteps.objects.filter(product=product).first()
    known = {"text_en": steps.text_en, "text_zh_hans": steps.text_zh_hans} if steps else {}
    files = ProductFile.objects.filter(Q(product=product) | Q(product__parent=product))
    context: dict[str, Any] = {
        "product": product,
        "is_download": product.product_class.kind == Kind.DOWNLOAD,
        "files": files.annotate(sold=Count("grants")),
        "file_form": file_form or FileForm(auto_id="file_%s"),
        "steps_form": steps_form or NextStepsForm(initial=known),
        "may_change": may(request.user, "digital-detail", "POST"),
        "may_edit_product": may(request.user, "catalogue-product"),
    }
    status = 422 if file_form or steps_form else 200
    return render(request, "kinds/office/digital_detail.html", context, status=status)
