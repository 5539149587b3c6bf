"""``{% page_history %}``: on the page of a thing that has a history, the way there; and
``{% row_history "bank.bankline" line.pk %}`` beside a thing that has no page of its own."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse

from shop.dashboard.audit.histories import PAGES, may_see_histories

register = template.Library()


@register.inclusion_tag("oscar/dashboard/audit/_link.html", takes_context=True)
def page_history(context: dict[str, Any]) -> dict[str, Any]:
    """Told by the address alone, so that it costs no question."""
    request: HttpRequest | None = context.get("request")
    match = getattr(request, "resolver_match", None)
    label, keyword = PAGES.get(getattr(match, "url_name", None) or "", ("", ""))
    if match is None or request is None or not label:
        return {"url": ""}
    if not may_see_histories(request.user, label):
        return {"url": ""}
    key = match.kwargs.get(keyword, "1") if keyword else "1"
    return {"url": reverse("dashboard:object-history", kwargs={"label": label, "key": key})}


@register.inclusion_tag("oscar/dashboard/audit/_row_link.html", takes_context=True)
def row_history(context: dict[str, Any], label: str, key: object) -> dict[str, Any]:
    """For who may read it; no question for each row: permissions are kept with the person."""
    request: HttpRequest | None = context.get("request")
    if request is None or not key or not may_see_histories(request.user, label):
        return {"url": ""}
    return {"url": reverse("dashboard:object-history", kwargs={"label": label, "key": key})}
