"""Pieces of the catalogue that stand on every page."""

import datetime as dt
from dataclasses import dataclass

import nh3
from django import template
from django.http import HttpRequest
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from catalog.selectors import departments
from shop.core.dates import day_shown
from shop.core.fragments import fragment

register = template.Library()
NAV_VIEWS = {f"catalogue:{name}" for name in ("on-offer", "new", "index", "category")}


@dataclass(frozen=True)
class NavLink:
    name: str
    url: str


@register.simple_tag(takes_context=True)
def department_nav(context: template.Context) -> SafeString:
    """The departments under the header, `components/site_nav.html`."""
    request = context.get("request")
    trail = context.get("trail") or ()
    return fragment(
        "components/site_nav.html",
        {
            "departments": tuple(NavLink(node.name, node.url) for node in departments()),
            "path": request.path if request and _is_in_nav(request) else "",
            "section": getattr(trail[0], "url", "") if trail else "",
        },
    )


def _is_in_nav(request: HttpRequest) -> bool:
    """Whether the page may be one that the navigation leads to; of all others it looks the same."""
    match = request.resolver_match
    return match is not None and match.view_name in NAV_VIEWS


@register.filter
def weekday(day: dt.date | None) -> str:
    """``Thu 26 Nov``: the day a parcel comes."""
    return day_shown(day, get_language() or "en")


@register.filter
def prose(text: str) -> SafeString:
    """Paragraphs of a description: plain text, or HTML with all that is harmful taken out."""
    html = text if "<" in text else linebreaks(text, autoescape=True)
    return mark_safe(nh3.clean(html))  # noqa: S308  nh3 leaves only harmless tags
