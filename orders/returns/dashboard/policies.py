"""The rules of what may come back, and how long."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from orders.returns import services
from orders.returns.dashboard.forms import PolicyForm
from orders.returns.models import ReturnPolicy
from orders.returns.words import policy_sentences
from shop.core.office import may

MAX_ID = 2**63 - 1


def policy_list(request: HttpRequest) -> HttpResponse:
    rules = ReturnPolicy.objects.select_related("category").order_by("category__path")
    rows = [{"policy": one, "sentences": policy_sentences(one)} for one in rules]
    rows.sort(key=lambda row: row["policy"].category_id is not None)
    context = {
        "rows": rows,
        "may_add": may(request.user, "return-policy-add", "POST"),
        "may_change": may(request.user, "return-policy-detail", "POST"),
    }
    return render(request, "returns/office/policy_list.html", context)


def policy_add(request: HttpRequest) -> HttpResponse:
    return _edit(request, ReturnPolicy(free_reasons=["damaged", "wrong", "broken", "described"]))


def policy_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, _policy(pk))


def policy_delete(request: HttpRequest, pk: int) -> HttpResponse:
    if services.policy_delete(policy=_policy(pk)):
        messages.success(request, _("Deleted. The rule above it holds."))
    else:
        messages.error(request, _("The rule of everything else stays."))
    return redirect("dashboard:return-policy-list")


def _policy(pk: int) -> ReturnPolicy:
    return get_object_or_404(ReturnPolicy.objects.select_related("category"), pk=min(pk, MAX_ID))


def _edit(request: HttpRequest, policy: ReturnPolicy) -> HttpResponse:
    name = str(policy) if policy.pk else _("New rule")
    form = PolicyForm(request.POST or None, instance=policy)
    if request.method == "POST" and form.is_valid():
        services.policy_save(policy=form.save(commit=False))
        messages.success(request, _("Saved."))
        return redirect("dashboard:return-policy-list")
    context = {
        "form": form,
        "policy": policy,
        "name": name,
        "may_delete": policy.category_id is not None
        and policy.pk is not None
        and may(request.user, "return-policy-delete", "POST"),
    }
    status = 422 if form.errors else 200
    return render(request, "returns/office/policy_form.html", context, status=status)
