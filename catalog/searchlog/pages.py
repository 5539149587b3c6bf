"""Where results are shown."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override


def results_url(query: str, *, exact: bool = False) -> str:
    """The page of results; ``exact``: for these very words, even if they look like a slip."""
    asked = {"q": query, "exact": "1"} if exact else {"q": query}
    return f"{reverse('search:search')}?{urlencode(asked)}"


def result_pages() -> set[str]:
    """The path of the page of results in every language."""
    pages = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            pages.add(str(reverse("search:search")))
    return pages
