"""The rules for titles and descriptions, each with what it would look like."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.vary import vary_on_headers

from catalog.seo import services
from catalog.seo.dashboard.forms import RuleForm
from catalog.seo.dashboard.previews import rule_snippets, rules_now
from catalog.seo.dashboard.tabs import desk_tabs
from catalog.seo.kinds import KINDS, MEANINGS
from catalog.seo.models import PageKind, PageRule
from shop.core.office import may


def rule_list(request: HttpRequest) -> HttpResponse:
    own = set(PageRule.objects.values_list("kind", flat=True))
    rows = [
        {
            "kind": kind,
            "name": PageKind(kind).label,
            "rules": rules_now(kind),
            "is_own": kind in own,
        }
        for kind in KINDS
    ]
    context = {
        "rows": [row | {"rules": list(row["rules"].values())} for row in rows],
        "tabs": desk_tabs(request.user, "seo-rules"),
        "may_change": may(request.user, "seo-rule", "POST"),
    }
    return render(request, "seo/rule_list.html", context)


@vary_on_headers("HX-Request")
def rule_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """POST keeps the rule; with ``action=preview`` it only shows it (htmx: the preview alone)."""
    if kind not in KINDS:
        raise Http404
    kept = PageRule.objects.filter(kind=kind).first()
    form = RuleForm(request.POST or None, instance=kept or PageRule(kind=kind))
    is_preview = request.POST.get("action") == "preview"
    is_fine = form.is_bound and form.is_valid()
    if is_fine and not is_preview:
        services.rule_save(form.save(commit=False))
        messages.success(request, _("Saved. Every page of this kind says so from now on."))
        return redirect("dashboard:seo-rules")
    context = {
        "form": form,
        "kind": kind,
        "name": PageKind(kind).label,
        "words": [(f"{{{word}}}", MEANINGS[word]) for word in KINDS[kind].words],
        "snippets": rule_snippets(kind, form.rules() if is_fine else rules_now(kind)),
        "problems": list(dict.fromkeys(error for found in form.errors.values() for error in found)),
        "may_reset": kept is not None,
    }
    is_fragment = is_preview and request.headers.get("HX-Request") == "true"
    template = "seo/_snippets.html" if is_fragment else "seo/rule_form.html"
    status = 422 if form.errors and not is_fragment else 200
    return render(request, template, context, status=status)


def rule_reset(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    if services.rule_reset(kind=kind):
        messages.success(request, _("The usual rule holds again."))
    return redirect("dashboard:seo-rules")
