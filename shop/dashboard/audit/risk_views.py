"""The list of risks with its last answers and those before."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.accounts.models import User
from shop.core.audit.models import Action, RiskRun
from shop.core.audit.services import entry_write
from shop.core.office import may
from shop.core.throttle import client_address
from shop.dashboard.audit.risks import RISKS, risks_run

RUNS = 14  # shown of the past


def risk_list(request: HttpRequest) -> HttpResponse:
    runs = list(RiskRun.objects.prefetch_related("results").order_by("-at", "-pk")[:RUNS])
    answers = [{one.code: one for one in run.results.all()} for run in runs]
    names = User.objects.in_bulk({run.by for run in runs if run.by})
    rows: list[dict[str, Any]] = [
        {
            "risk": risk,
            "answer": answers[0].get(risk.code) if answers else None,
            "past": [one[risk.code] for one in reversed(answers) if risk.code in one],
            "url": reverse(f"dashboard:{risk.page}")
            if risk.page and may(request.user, risk.page)
            else "",
        }
        for risk in RISKS
    ]
    context = {
        "rows": rows,
        "last": runs[0] if runs else None,
        "by": names.get(runs[0].by) if runs and runs[0].by else None,
        "may_run": may(request.user, "risk-run", "POST"),
        "may_review": may(request.user, "roles-reviewed", "POST"),
    }
    return render(request, "oscar/dashboard/audit/risks.html", context)


def risk_run(request: HttpRequest) -> HttpResponse:
    run = risks_run(by=request.user.pk)
    bad = run.results.exclude(state="good").count()
    messages.success(request, _("Checked: %(number)s to look at.") % {"number": bad})
    return redirect("dashboard:risk-list")


def roles_reviewed(request: HttpRequest) -> HttpResponse:
    """An owner says that roles and people were gone through."""
    entry_write(
        action=Action.REVIEW,
        actor=request.user.pk,
        place="roles-reviewed",
        address=client_address(request),
        label="auth.group",
        subject="auth.group",
    )
    messages.success(request, _("Noted: roles and people were reviewed today."))
    return redirect("dashboard:risk-list")
