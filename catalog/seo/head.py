"""What a page says of itself to search engines and to those who are sent a link.

Every storefront page that may be found gets its `Head` here; a page without one is not for search
engines, and `base.html` says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from catalog.seo.addresses import absolute, alternates
from catalog.seo.cards import ShareImage, shop_card
from catalog.seo.graph import Node, graph_script
from catalog.seo.kinds import KINDS
from catalog.seo.models import PageKind
from catalog.seo.rules import rule_of
from catalog.seo.words import ABOUT, described, filled, plain

NOINDEX = "noindex, follow"
LOCALES = {"en": "en_GB", "zh-hans": "zh_CN"}  # as Open Graph writes our languages


@dataclass(frozen=True)
class Head:
    """Ready for `components/head.html`.

    ``canonical`` is empty where the page has no address to be found under; ``alternates`` are pairs
    of language and address, this one among them. ``facts`` are further Open Graph properties.
    """

    title: str
    description: str = ""
    canonical: str = ""
    url: str = ""
    alternates: tuple[tuple[str, str], ...] = ()
    robots: str = ""
    og_type: str = "website"
    og_title: str = ""
    image: ShareImage | None = None
    facts: tuple[tuple[str, str], ...] = ()
    graph: SafeString | str = ""

    @property
    def locale(self) -> str:
        return LOCALES.get(get_language() or "", LOCALES["en"])

    @property
    def other_locales(self) -> list[str]:
        return [one for one in LOCALES.values() if one != self.locale]


@dataclass(frozen=True)
class Own:
    """What somebody wrote for this one page in the reader's language; it wins over the rule."""

    title: str = ""
    description: str = ""


def own_of(row: Any) -> Own:
    """``meta_title`` and ``meta_description`` of a row, in the reader's language alone.

    No other language stands in: a rule with the translated name says more than a foreign title.
    """
    column = (get_language() or settings.LANGUAGE_CODE).replace("-", "_")
    return Own(
        title=(getattr(row, f"meta_title_{column}", "") or "").strip(),
        description=(getattr(row, f"meta_description_{column}", "") or "").strip(),
    )


def head_make(
    kind: str,
    *,
    path: str,
    words: Mapping[str, str] = {},
    own: Own = Own(),
    page: int = 1,
    is_found: bool = True,
    og_type: str = "website",
    image: ShareImage | None = None,
    facts: tuple[tuple[str, str], ...] = (),
    nodes: tuple[Node, ...] = (),
) -> Head:
    """The head of a page of ``kind`` at ``path`` (with its language, without its query).

    ``words`` are for the placeholders of the kind. ``page`` 2 and on stands for itself. What is not
    ``is_found`` has neither canonical address nor other languages: nothing contradicts its noindex.
    No queries.
    """
    known = shop_words() | dict(words) | {ABOUT: plain(words.get(ABOUT, ""))}
    title, description = texts_of(kind, known, own)
    if page > 1:
        title = gettext("%(title)s · page %(number)d") % {"title": title, "number": page}
    query = f"?page={page}" if page > 1 else ""
    address = absolute(path) + query
    return Head(
        title=title,
        description=description,
        canonical=address if is_found else "",
        url=address,
        alternates=alternates(path, query) if is_found else (),
        robots="" if is_found else NOINDEX,
        og_type=og_type,
        og_title=known.get("name") or title,
        image=image or shop_card(),
        facts=facts,
        graph=graph_script(nodes),
    )


def texts_of(kind: str, words: Mapping[str, str], own: Own = Own()) -> tuple[str, str]:
    """Title and description of one page, as search engines are given them."""
    rule = rule_of(kind)
    title = filled(own.title or rule.title, words) or words.get("name") or words["shop"]
    description = described(own.description or rule.description, words)
    if not description and KINDS[kind].spare:
        description = described(str(KINDS[kind].spare), words)
    return title, description


def shop_words() -> dict[str, str]:
    return {
        "shop": str(settings.OSCAR_SHOP_NAME),
        "tagline": str(settings.OSCAR_SHOP_TAGLINE),
    }


def head_page(path: str, *, name: str, about: str = "", **more: Any) -> Head:
    """For pages that are none of the other kinds: delivery, a size guide, questions."""
    return head_make(PageKind.PAGE, path=path, words={"name": name, "about": about}, **more)


def head_list(kind: str, *, path: str, name: str, count: int, about: str = "", **more: Any) -> Head:
    """For lists of products. ``count``: how many there are in all."""
    words = {"name": name, "about": about, "count": str(count)}
    return head_make(kind, path=path, words=words, **more)
