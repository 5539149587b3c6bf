"""The page for an address at which nothing is: what was meant, and where else to look."""

import re
from hashlib import sha256
from urllib.parse import unquote

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from catalog.cards import cards_make
from catalog.moved.leading import led_on
from catalog.moved.paths import path_is_closed, path_kept, path_split
from catalog.search.selectors import search_matches
from catalog.selectors import departments, products_by_id
from shop.core.throttle import Throttle, client_address

NEAR_AT_MOST = 4
WORDS_AT_MOST = 6
WORD_LENGTH = 30
SECONDS = 300  # that the nearest products of some words are kept
# Addresses are tried out by the thousand; after these the page looks for nothing any more.
LOOKED_FOR = Throttle("moved.near", limit=30, seconds=60)
WORD = re.compile(r"[^\W\d_]{2,}(?:'\w+)?")
NO_WORDS = {
    "accounts", "article", "articles", "best", "blog", "brand", "brands", "catalogue", "category",
    "collection", "collections", "com", "en", "hans", "htm", "html", "http", "https", "index", "item",
    "new", "offers", "page", "php", "product", "products", "ranges", "search", "sellers", "shop",
    "www", "zh",
}  # fmt: skip
#: Whoever asks for these is a program that looks for holes, or a page whose picture is gone.
FILES = re.compile(r"\.(?!html?$)[a-z0-9]{1,5}/?$|/(?:wp-|\.|cgi-bin|vendor/|api/)", re.IGNORECASE)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Where it has moved to; else a 404 page that searches for its words and shows what is near."""
    if answer := led_on(request):
        return answer
    is_closed = path_is_closed(path_split(request.path)[1])  # it may hold a secret
    words = "" if is_closed else words_of(request.path)
    context = {"words": words, "near": [], "departments_below": []}
    if is_looked_for(request):
        context["departments_below"] = departments()
        if words and LOOKED_FOR.allows(client_address(request)):
            near = products_by_id(near_families(words))
            context["near"] = cards_make(near.values())
    return render(request, "404.html", context, status=404)


def is_looked_for(request: HttpRequest) -> bool:
    """Whether a person may have meant a page of the shop; the back office finds its own way."""
    path = path_kept(request.path)
    return bool(path) and not path_is_closed(path) and not FILES.search(path)


def words_of(path: str) -> str:
    """The words that an address is made of, without numbers and what every shop's addresses hold."""
    _prefix, rest = path_split(path[:2000])
    found = WORD.findall(unquote(rest, errors="ignore").replace("_", " "))
    kept = dict.fromkeys(word[:WORD_LENGTH] for word in found if word.lower() not in NO_WORDS)
    return " ".join(list(kept)[:WORDS_AT_MOST])


def near_families(words: str) -> list[int]:
    """Families that fit the words best, kept for five minutes. At most four statements."""
    language = get_language() or settings.LANGUAGE_CODE
    key = f"moved.near.{language}.{sha256(words.encode()).hexdigest()[:32]}"
    found = cache.get(key)
    if found is None:
        found = _near_read(words, language)
        cache.set(key, found, SECONDS)
    return found


def _near_read(words: str, language: str) -> list[int]:
    matches = search_matches(query=words, language=language)
    wanted = f"SELECT product_id FROM ({matches.sql}) AS m ORDER BY score DESC, product_id LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(wanted, [*matches.params, NEAR_AT_MOST])
        return [row[0] for row in cursor.fetchall()]
