"""Sets: what they are made of, what they cost, and whether they can be had."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from catalog.kinds import services
from catalog.kinds.dashboard.forms import PartForm, SetForm
from catalog.kinds.exceptions import KindRefused
from catalog.kinds.models import ProductSet
from catalog.kinds.selectors import set_views
from catalog.models import Kind, Product, ProductClass
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1


def set_list(request: HttpRequest) -> HttpResponse:
    rows = Product.objects.filter(product_class__kind=Kind.SET).order_by("-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    views = {view.set_id: view for view in set_views([one.pk for one in page.object_list])}
    context = {
        "page_obj": page,
        "rows": [{"product": one, "view": views.get(one.pk)} for one in page.object_list],
        "classes": ProductClass.objects.filter(kind=Kind.SET),
        "may_add": may(request.user, "catalogue-product-create"),
    }
    return render(request, "kinds/office/set_list.html", context)


def set_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The price of a set; its parts have forms of their own."""
    product = _product(pk)
    if request.method != "POST":
        return _detail(request, product)
    form = SetForm(request.POST)
    if not form.is_valid():
        return _detail(request, product, form=form)
    data = form.cleaned_data
    try:
        services.set_save(
            product=product, price=data["price"], percent=data["percent"], pick=data["pick"]
        )
    except KindRefused as refusal:
        form.add_error(None, refusal.message)
        return _detail(request, product, form=form)
    messages.success(request, _("Saved."))
    return redirect("dashboard:set-detail", pk=pk)


def part_add(request: HttpRequest, pk: int) -> HttpResponse:
    product = _product(pk)
    product_set = ProductSet.objects.filter(product=product).first()
    form = PartForm(request.POST, auto_id="part_%s")
    if product_set is None:
        form.add_error(None, _("First say what the set costs."))
    if not form.is_valid() or product_set is None:
        return _detail(request, product, part_form=form)
    try:
        services.part_save(
            product_set=product_set, product=form.product, quantity=form.cleaned_data["quantity"]
        )
    except KindRefused as refusal:
        form.add_error("q", refusal.message)
        return _detail(request, product, part_form=form)
    name = form.product.get_title()
    messages.success(request, _("%(name)s is in the set.") % {"name": name})
    return redirect("dashboard:set-detail", pk=pk)


def part_remove(request: HttpRequest, pk: int, part_pk: int) -> HttpResponse:
    product_set = get_object_or_404(ProductSet, pk=min(pk, MAX_ID))
    if services.part_remove(product_set=product_set, part_id=min(part_pk, MAX_ID)):
        messages.success(request, _("The part is taken out."))
    else:
        messages.info(request, _("This part is not in the set any more."))
    return redirect("dashboard:set-detail", pk=product_set.pk)


def _product(pk: int) -> Product:
    rows = Product.objects.select_related("product_class").filter(product_class__kind=Kind.SET)
    return get_object_or_404(rows, pk=min(pk, MAX_ID))


def _detail(
    request: HttpRequest,
    product: Product,
    *,
    form: SetForm | None = None,
    part_form: PartForm | None = None,
) -> HttpResponse:
    view = next(iter(set_views([product.pk], with_pictures=True)), None)
    rule = view.rule if view else None
    known = {"price": rule.price, "percent": rule.percent, "pick": rule.pick} if rule else {}
    context: dict[str, Any] = {
        "product": product,
        "view": view,
        "form": form or SetForm(initial=known),
        "part_form": part_form or PartForm(auto_id="part_%s"),
        "may_change": may(request.user, "set-detail", "POST"),
        "may_edit_product": may(request.user, "catalogue-product"),
    }
    status = 422 if form or part_form else 200
    return render(request, "kinds/office/set_detail.html", context, status=status)
