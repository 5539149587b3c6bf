"""Markdown made into clean HTML, once, when it is saved.

A line of its own that names products by SKU or address, ``[[TEAPOT-SAGE]] [[morning-mug]]``, becomes a
mark in the HTML. The page puts their cards there, so that prices are those of the moment.
Raw HTML and pictures from elsewhere are no part of it.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

TEXT_AT_MOST = 40_000  # characters
CONTENTS_FROM = 4  # headings; a shorter text needs no table of contents
GOODS_LINE = re.compile(r"^[ \t]*(?:\[\[[^\[\]\n]{1,120}\]\][ \t]*)+$", re.MULTILINE)
NAME = re.compile(r"\[\[([^\[\]\n]+)\]\]")
MARK = re.compile(r"<!--goods:([\d,]*)-->")
HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
TEXT_TAGS = {"a", "blockquote", "br", "code", "del", "em", "hr", "p", "pre", "s", "strong"}
TABLE_TAGS = {"table", "tbody", "td", "th", "thead", "tr"}
TAGS = TEXT_TAGS | TABLE_TAGS | {"h2", "h3", "h4", "li", "ol", "ul"}
ATTRIBUTES = {"a": {"href", "title"}, "h2": {"id"}, "h3": {"id"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
LATIN_PER_MINUTE, HAN_PER_MINUTE = 220, 400  # words, characters
HAN = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-zÀ-ÿ0-9’']+")

# An instance keeps no state between texts.
_reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_reader.disable("image")


@dataclass(frozen=True)
class Segment:
    """A stretch of text, then the products (family ids) that stand after it."""

    html: SafeString
    goods: tuple[int, ...]


@dataclass(frozen=True)
class Heading:
    anchor: str
    text: str


def names_in(text: str) -> list[str]:
    """What the text calls the products that it shows, each once, in its order."""
    lines = GOODS_LINE.findall(text)
    return list(dict.fromkeys(name.strip() for line in lines for name in NAME.findall(line)))


def html_made(text: str, *, families: Mapping[str, int] | None = None) -> str:
    """Clean HTML. ``families``: ids by the names that the text uses; others are left out."""
    families = families or {}
    anchors: set[str] = set()
    parts = []
    begin = 0
    for line in GOODS_LINE.finditer(text):
        parts.append(_clean(text[begin : line.start()], anchors))
        names = (name.strip() for name in NAME.findall(line.group()))
        ids = dict.fromkeys(families[name] for name in names if name in families)
        parts.append(f"<!--goods:{','.join(map(str, ids))}-->")
        begin = line.end()
    return "".join([*parts, _clean(text[begin:], anchors)])


def _clean(text: str, anchors: set[str]) -> str:
    """``anchors`` that are taken; new ones are added. Nothing of ours is left to the text's author."""
    tokens = _reader.parse(text.replace("\0", ""))
    for place, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        token.tag = {"h1": "h2", "h5": "h4", "h6": "h4"}.get(token.tag, token.tag)
        if token.type == "heading_open" and token.tag in ("h2", "h3"):
            token.attrSet("id", _anchor(tokens[place + 1].content, anchors))
    html = _reader.renderer.render(tokens, _reader.options, {})
    html = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES)
    # What scrolls is reached by the keyboard.
    html = html.replace("<table>", '<div class="table-box" tabindex="0"><table class="table">')
    return html.replace("</table>", "</table></div>")


def _anchor(title: str, taken: set[str]) -> str:
    stem = f"s-{slugify(title, allow_unicode=True)[:60] or 'part'}"
    anchor, number = stem, 1
    while anchor in taken:
        number += 1
        anchor = f"{stem}-{number}"
    taken.add(anchor)
    return anchor


def segments(html: str) -> list[Segment]:
    """What `html_made` wrote, cut at the places of products."""
    return list(_segments(html))


def _segments(html: str) -> Iterator[Segment]:
    pieces = MARK.split(html)
    for text, ids in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        goods = tuple(int(one) for one in ids.split(",") if one)
        if text.strip() or goods:
            yield Segment(mark_safe(text), goods)  # noqa: S308  cleaned before it was stored


def goods_in(html: str) -> list[int]:
    """Family ids of all products in the text, each once."""
    return list(dict.fromkeys(one for segment in _segments(html) for one in segment.goods))


def contents_of(html: str) -> list[Heading]:
    """The table of contents of a text that is long enough for one."""
    found = [Heading(anchor, plain(inner)) for anchor, inner in HEADING.findall(html)]
    return found if len(found) >= CONTENTS_FROM else []


def plain(html: str) -> str:
    """The words of a piece of clean HTML, to be escaped again where they are shown."""
    return " ".join(unescape(strip_tags(html)).split())


def minutes_of(texts: Iterable[str]) -> int:
    """How long reading takes, at least one minute."""
    text = " ".join(texts)
    latin, han = len(LATIN.findall(text)), len(HAN.findall(text))
    return max(1, math.ceil(latin / LATIN_PER_MINUTE + han / HAN_PER_MINUTE))
