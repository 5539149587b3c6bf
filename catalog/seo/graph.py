"""Structured data (schema.org) as one JSON-LD script: a block of data, which no policy forbids."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from catalog.seo.addresses import HREFLANG, absolute

Node = dict[str, Any]
CONTEXT = "https://schema.org"

#: What could end the script or open another; the same as Django's ``json_script``, and line ends.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def graph_script(nodes: Iterable[Node]) -> SafeString | str:
    """The content of the script; "" for no nodes. Nothing in it can leave it."""
    found = [node for node in nodes if node]
    if not found:
        return ""
    data = {"@context": CONTEXT, "@graph": found}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(text)  # noqa: S308  escaped above


def breadcrumbs(trail: Sequence[Any], *, name: str, path: str) -> Node:
    """Home, what lies between, and this page. ``trail``: nodes or dicts with ``name`` and ``url``."""
    steps = [(gettext("Home"), reverse("home"))]
    steps += [(_get(step, "name"), _get(step, "url")) for step in trail]
    steps.append((name, path))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": str(said), "item": absolute(url)}
            for place, (said, url) in enumerate(steps, start=1)
        ],
    }


def _get(step: Any, name: str) -> str:
    return step[name] if isinstance(step, dict) else getattr(step, name)


def item_list(pages: Sequence[tuple[str, str]], *, first: int = 1) -> Node:
    """Names and paths in their order; ``first`` is the place of the first of them. Lean on purpose."""
    if not pages:
        return {}
    return {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "url": absolute(path)}
            for place, (name, path) in enumerate(pages, start=first)
        ],
    }


def organization() -> Node:
    return {
        "@type": "OnlineStore",
        "@id": absolute("/") + "#shop",
        "name": str(settings.OSCAR_SHOP_NAME),
        "url": absolute("/"),
        "logo": absolute(static("img/favicon.svg")),
    }


def website() -> Node:
    """The shop with its search box."""
    search = absolute(reverse("search:search")) + "?q={search_term_string}"
    return {
        "@type": "WebSite",
        "@id": absolute("/") + "#site",
        "name": str(settings.OSCAR_SHOP_NAME),
        "url": absolute(reverse("home")),
        "inLanguage": HREFLANG.get(get_language() or "", "en"),
        "publisher": {"@id": absolute("/") + "#shop"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }
