"""Units that came back used: what is being made ready to be sold again, the longest there first."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders.exceptions import StepRefused
from orders.returns import services
from orders.returns.dashboard.forms import RefurbishedForm
from orders.returns.models import ReturnLine
from orders.returns.selectors import lines_refurbishing
from shop.core.office import may

PAGE_SIZE = 40
MAX_ID = 2**63 - 1


def refurbish_list(request: HttpRequest, *, refused: tuple[int, str] | None = None) -> HttpResponse:
    """``refused``: the row whose step was not possible, and why."""
    page = Paginator(lines_refurbishing(), PAGE_SIZE).get_page(request.GET.get("page"))
    for line in page:
        product = line.order_line.product
        line.title = product.get_title() if product else line.order_line.title
        line.refused = refused[1] if refused and refused[0] == line.pk else ""
    context = {
        "page_obj": page,
        "may_take": may(request.user, "refurbish-done", "POST"),
        "may_see_stock": may(request.user, "stock-detail"),
    }
    status = 422 if refused else 200
    return render(request, "returns/office/refurbish.html", context, status=status)


def refurbish_done(request: HttpRequest, pk: int) -> HttpResponse:
    """So many are as new, so many are not to be saved."""
    line = get_object_or_404(ReturnLine.objects.select_related("back"), pk=min(pk, MAX_ID))
    form = RefurbishedForm(request.POST)
    if not form.is_valid():
        return refurbish_list(request, refused=(line.pk, _("How many units?")))
    data = form.cleaned_data
    try:
        is_new = services.units_refurbished(
            line=line,
            good=data["good"] or 0,
            scrap=data["scrap"] or 0,
            left=data["left"],
            user=request.user,
        )
    except StepRefused as refusal:
        return refurbish_list(request, refused=(line.pk, refusal.message))
    if is_new:
        messages.success(request, _("Booked. What is as new is on the shelf."))
    else:
        messages.info(request, _("That was done already."))
    return redirect("dashboard:refurbish-list")
