"""What the shell of the back office asks for: the lines of its side, and the keys that open pages."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from shop.core.office import may
from shop.dashboard.selectors import count_shown

register = template.Library()


@register.inclusion_tag("components/office/keys.html", takes_context=True)
def desk_keys(context: dict[str, Any]) -> dict[str, Any]:
    """Only for pages that the reader may open, under the names of the side."""
    user = context["request"].user
    names = {entry["url_name"]: entry["label"] for entry in _links()}
    keys = [
        {"key": key, "label": names[f"dashboard:{page}"], "url": reverse(f"dashboard:{page}")}
        for key, page in settings.OFFICE_KEYS.items()
        if f"dashboard:{page}" in names and may(user, page)
    ]
    return {"keys": keys}


@register.simple_tag(takes_context=True)
def side_link(context: dict[str, Any], item: Any, office_url: str = "") -> SafeString:
    """One line of the side: ``item`` has `label`, `url` and perhaps `count`, the work that waits there.

    ``office_url``, the start page, is marked only when it is this very page. Seventy of them stand on
    each page; as a template of its own each they took a third of its time.
    """
    path, url = context["request"].path, item.url
    current = ""
    if path == url:
        current = ' aria-current="page"'
    elif url != office_url and path.startswith(url) and not _is_nearer(path, url):
        current = ' aria-current="true"'
    count = getattr(item, "count", 0)
    waits = f'<span class="side__count">{count_shown(count)}</span>' if count else ""
    label = f"<span>{escape(item.label)}</span>"
    return SafeString(f'<a class="side__link" href="{escape(url)}"{current}>{label}{waits}</a>')


def _is_nearer(path: str, url: str) -> bool:
    """Whether another line of the side leads closer to this page than ``url``: complaints, in returns."""
    known = _addresses(get_language() or "")
    return any(len(one) > len(url) and path.startswith(one) for one in known)


@lru_cache(maxsize=8)
def _addresses(_language: str) -> tuple[str, ...]:
    return tuple(reverse(entry["url_name"]) for entry in _links())


def _links() -> Iterable[dict[str, Any]]:
    for entry in settings.OSCAR_DASHBOARD_NAVIGATION:
        yield from entry.get("children", [entry])
