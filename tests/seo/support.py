"""Reading the head of a page as a search engine would."""

import json
import re
from html import unescape
from typing import Any

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def html_of(response: Any) -> str:
    return response.content.decode()


def title_of(html: str) -> str:
    (title,) = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
    return unescape(title)


def meta_of(html: str, name: str) -> str | None:
    """The one content of a meta element, by its name or property; None where there is none."""
    found = re.findall(rf'<meta (?:name|property)="{re.escape(name)}" content="([^"]*)"', html)
    assert len(found) < 2, found
    return unescape(found[0]) if found else None


def canonical_of(html: str) -> str | None:
    found = re.findall(r'<link rel="canonical" href="([^"]+)"', html)
    assert len(found) < 2, found
    return unescape(found[0]) if found else None


def alternates_of(html: str) -> dict[str, str]:
    pairs = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', html)
    assert len(pairs) == len(dict(pairs))
    return {language: unescape(url) for language, url in pairs}


def graph_of(html: str) -> list[dict[str, Any]]:
    found = SCRIPT.findall(html)
    assert len(found) < 2
    if not found:
        return []
    data = json.loads(found[0])
    assert data["@context"] == "https://schema.org"
    return data["@graph"]


def node_of(html: str, kind: str) -> dict[str, Any]:
    (node,) = [node for node in graph_of(html) if node["@type"] == kind]
    return node


def has_node(html: str, kind: str) -> bool:
    return any(node["@type"] == kind for node in graph_of(html))
