"""Search in templates: help beside the results, and words and links of the reports."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.core.cache import cache
from django.forms import BoundField, Form
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.cards import cards_make
from catalog.search.matches import Matches
from catalog.search.models import RankingWeights
from catalog.searchlog.pages import results_url
from catalog.searchlog.selectors import queries_popular
from catalog.searchlog.suggest import queries_hints
from catalog.selectors import departments, products_by_id, products_chosen

register = template.Library()

CHOSEN = 4  # products of our own choice under a search that found nothing
POPULAR = 8


@register.inclusion_tag("search/_help.html")
def search_help(matches: Matches) -> dict[str, Any]:
    """``{% search_help matches %}``: where to go when nothing was found."""
    language = get_language() or settings.LANGUAGE_CODE
    asked = matches.query.casefold()
    popular = [
        query for query in queries_popular(language=language, limit=POPULAR) if query != asked
    ]
    products = products_by_id(_chosen())
    return {
        "query": matches.query,
        "meant": queries_hints(matches.alternatives),
        "popular": queries_hints(popular),
        "categories": departments(),
        "cards": cards_make(products.values()),
    }


def _chosen() -> list[int]:
    """Ids of our own choice; which they are is kept for a minute."""
    return cache.get_or_set(
        "searchlog.chosen",
        lambda: [product.pk for product in products_chosen(limit=CHOSEN)],
        60,
    )


@register.inclusion_tag("search/_note.html")
def search_note(matches: Matches) -> dict[str, Any]:
    """``{% search_note matches %}``: that a typing slip was mended, and the way back."""
    return {
        "query": matches.query,
        "understood": matches.understood if matches.is_mended else "",
        "exact_url": results_url(matches.query, exact=True),
        "meant": queries_hints(matches.alternatives),
    }


@register.simple_tag
def term_url(query: str, language: str = "") -> str:
    """The page of a query in the reports."""
    asked = {"q": query, "language": language} if language else {"q": query}
    return f"{reverse('dashboard:search-term')}?{urlencode(asked)}"


@register.simple_tag
def rule_url(kind: str, query: str) -> str:
    """The form for a new ``synonym`` or ``redirect``, with ``query`` in it."""
    return f"{reverse(f'dashboard:search-{kind}-create')}?{urlencode({'word': query})}"


@register.simple_tag
def percent(part: int, whole: int) -> str:
    """``part`` of ``whole`` as a whole number of percent."""
    return f"{round(part * 100 / whole)}\u202f%" if whole else "–"


@register.filter
def language_shown(code: str) -> str:
    """The name of a language as its readers write it; of none: every language."""
    return {"en": "English", "zh-hans": "简体中文"}.get(code, code) or _("Every language")


@register.filter
def part_shown(code: str) -> str:
    """The name of a part of a score."""
    return str(RankingWeights._meta.get_field(code).verbose_name)


@register.filter
def unlocalized(number: float) -> str:
    """A number for an address or a hidden field: a point, whatever the language."""
    return f"{number:g}"


@register.filter
def field_named(form: Form, name: str) -> BoundField:
    """A form's field by a name that is only known when the page is made."""
    return form[name]
