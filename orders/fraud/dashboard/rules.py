"""How the rules are set and how often they were right; who is blocked and who is trusted."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from orders.fraud import settings
from orders.fraud.dashboard.forms import LineForm, ListedForm, RuleForm
from orders.fraud.models import FraudLine, FraudRule, Listed
from orders.fraud.rules import RULES
from orders.fraud.scoring import line_now, rules_set
from orders.fraud.selectors import figures
from shop.core.finding import FindForm
from shop.core.office import may

DAYS = 90
PAGE_SIZE = 40


def fraud_rules(
    request: HttpRequest,
    *,
    bound: RuleForm | None = None,
    line_form: LineForm | None = None,
) -> HttpResponse:
    whole, each = figures(days=DAYS)
    forms = {one.rule.code: RuleForm(one=one) for one in rules_set()}
    if bound is not None:
        forms[bound.one.rule.code] = bound
    context = {
        "whole": whole,
        "each": [(one, forms.get(one.rule.rule.code) if one.rule else None) for one in each],
        "line_form": line_form or LineForm(initial={"score": line_now()}, auto_id="line_%s"),
        "days": DAYS,
        "may_set": may(request.user, "fraud-rule", "POST"),
        "changed": set(FraudRule.objects.values_list("code", flat=True)),
        "has_line": FraudLine.objects.exists(),
    }
    status = 422 if bound or line_form else 200
    return render(request, "fraud/office/rules.html", context, status=status)


def fraud_rule(request: HttpRequest, code: str) -> HttpResponse:
    if code not in RULES:
        raise Http404
    one = next(one for one in rules_set() if one.rule.code == code)
    form = RuleForm(request.POST, one=one)
    if not form.is_valid():
        return fraud_rules(request, bound=form)
    settings.rule_set(
        code=code,
        is_on=form.cleaned_data["is_on"],
        weight=form.cleaned_data["weight"],
        params=form.params(),
        user=request.user,
    )
    messages.success(request, _("Saved. It holds for orders from now on."))
    return redirect("dashboard:fraud-rules")


def fraud_line(request: HttpRequest) -> HttpResponse:
    form = LineForm(request.POST, auto_id="line_%s")
    if not form.is_valid():
        return fraud_rules(request, line_form=form)
    settings.line_set(score=form.cleaned_data["score"])
    messages.success(request, _("Saved. It holds for orders from now on."))
    return redirect("dashboard:fraud-rules")


def fraud_listed(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _lists(request, ListedForm(auto_id="listed_%s"))
    form = ListedForm(request.POST, auto_id="listed_%s")
    if not form.is_valid():
        return _lists(request, form, status=422)
    data = form.cleaned_data
    settings.listed_add(
        kind=data["kind"],
        value=data["value"],
        shown=data["shown"],
        verdict=data["verdict"],
        reason=data["reason"],
        user=request.user,
    )
    messages.success(request, _("Noted."))
    return redirect("dashboard:fraud-listed")


def listed_remove(request: HttpRequest, pk: int) -> HttpResponse:
    if settings.listed_remove(pk=pk):
        messages.success(request, _("Removed."))
    return redirect("dashboard:fraud-listed")


def _lists(request: HttpRequest, form: ListedForm, *, status: int = 200) -> HttpResponse:
    find = FindForm(request.GET or None)
    rows = Listed.objects.select_related("added_by").order_by("-pk")
    if text := find.text():
        rows = rows.filter(shown__icontains=text)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "form": form,
        "find": find,
        "page_obj": page,
        "may_set": may(request.user, "fraud-listed", "POST"),
    }
    return render(request, "fraud/office/lists.html", context, status=status)
