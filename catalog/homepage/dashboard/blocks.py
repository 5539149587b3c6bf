"""One block of the draft: written in both languages, planned, bound to whom it is for."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog.homepage import services
from catalog.homepage.dashboard.forms import BlockForm
from catalog.homepage.dashboard.kinds import KINDS
from catalog.homepage.exceptions import ChangedMeanwhile, HomeRefused
from catalog.homepage.models import Block
from shop.core.office import may

MAX_ID = 2**63 - 1


@csp_update({"frame-src": [SELF]})
def block_add(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    form = BlockForm(request.POST or None, request.FILES or None, instance=Block(kind=kind))
    if request.method == "POST" and form.is_valid():
        try:
            block = services.block_add(form.save(commit=False), user_id=request.user.pk)
        except HomeRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("“%(name)s” stands at the end.") % {"name": block})
            return redirect("dashboard:home-board")
    return _page(request, Block(kind=kind), form)


@csp_update({"frame-src": [SELF]})
def block_detail(request: HttpRequest, pk: int) -> HttpResponse:
    block = Block.objects.filter(pk=min(pk, MAX_ID), edition=None).first()
    if block is None:
        return _gone(request)
    form = BlockForm(request.POST or None, request.FILES or None, instance=block)
    if request.method == "POST" and form.is_valid():
        try:
            services.block_save(
                form.save(commit=False), seen=form.seen_version(), user_id=request.user.pk
            )
        except ChangedMeanwhile:
            return _changed(request, pk)
        messages.success(request, _("Saved. Readers see it once it is published."))
        return redirect("dashboard:home-board")
    return _page(request, block, form)


def block_delete(request: HttpRequest, pk: int) -> HttpResponse:
    block = services.block_delete(pk=min(pk, MAX_ID))
    if block is not None:
        messages.success(request, _("“%(name)s” is off the board.") % {"name": block})
    return redirect("dashboard:home-board")


def _changed(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing was written: what was typed is shown again, and saving once more replaces the other."""
    now = Block.objects.select_related("updated_by").filter(pk=pk, edition=None).first()
    if now is None:
        return _gone(request)
    data = request.POST.copy()
    data["seen"] = str(now.version)
    form = BlockForm(data, instance=Block.objects.get(pk=pk))
    form.is_valid()
    return _page(request, now, form, changed=now, status=409)


def _gone(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("This block is no longer on the board; somebody took it off."))
    return redirect("dashboard:home-board")


def _page(
    request: HttpRequest,
    block: Block,
    form: BlockForm,
    *,
    changed: Block | None = None,
    status: int = 0,
) -> HttpResponse:
    kind = KINDS[block.kind]
    context: dict[str, Any] = {
        "title": Block.objects.get(pk=block.pk) if block.pk else kind.name,
        "item": block,
        "kind": kind,
        "form": form,
        "changed": changed,
        "may_delete": bool(block.pk) and may(request.user, "home-block-delete", "POST"),
    }
    status = status or (422 if form.errors else 200)
    return render(request, "homepage/office/block.html", context, status=status)
