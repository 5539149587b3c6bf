"""Differences that finance let go: the list, letting one of a settlement go, and undoing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from payments.gateways import gateways_all
from payments.ledger.exceptions import WriteOffRefused
from payments.ledger.models import WriteOff, WriteOffKind
from payments.ledger.selectors import write_off_limit_of, write_offs
from payments.ledger.services import difference_write_off, write_off_undo
from shop.core.office import may

PAGE_SIZE = 40


def write_off_list(request: HttpRequest) -> HttpResponse:
    """All of them, the newest first. POST ``gateway``, ``reference``, ``currency`` and ``reason``: a
    difference with a provider is let go; ``back`` is the page that it was on."""
    if request.method == "POST":
        return _let_go(request)
    page = Paginator(write_offs(), PAGE_SIZE).get_page(request.GET.get("page"))
    labels = {one.code: str(one.label) for one in gateways_all()}
    for one in page:
        one.provider = labels.get(one.gateway, one.gateway)
        one.is_rest = one.kind == WriteOffKind.REST
    context = {
        "page_obj": page,
        "limit": write_off_limit_of(request.user),
        "may_undo": may(request.user, "book-write-off-undo", "POST"),
        "may_see_books": may(request.user, "book-order"),
    }
    return render(request, "ledger/office/write_offs.html", context)


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """A rest of a bank line is undone on its line, which then waits again."""
    write_off = get_object_or_404(WriteOff.objects.exclude(kind=WriteOffKind.REST), pk=pk)
    write_off_undo(write_off=write_off, user=request.user)
    if write_off.kind == WriteOffKind.SHORT:
        text = _("Undone. The order stays paid, and what was short is missing again.")
    else:
        text = _("Undone. The difference is there again.")
    messages.success(request, text)
    return redirect("dashboard:book-write-offs")


def _let_go(request: HttpRequest) -> HttpResponse:
    said = {
        name: request.POST.get(name, "").replace("\0", "")[:most]
        for name, most in (("gateway", 40), ("reference", 200), ("currency", 3), ("reason", 200))
    }
    codes = {one.code for one in gateways_all() if not hasattr(one, "books_to")}
    try:
        if said["gateway"] not in codes:
            raise WriteOffRefused(_("There is no difference any more."))
        difference_write_off(
            gateway_code=said["gateway"],
            reference=said["reference"],
            currency=said["currency"],
            reason=said["reason"],
            user=request.user,
        )
    except WriteOffRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Written off."))
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours and back else reverse("dashboard:book-settlements"))
