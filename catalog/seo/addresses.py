"""Addresses of pages as the world is given them: from settings, never from the request."""

from urllib.parse import quote

from django.conf import settings

#: How ``hreflang`` and ``lang`` write our languages.
HREFLANG = {"en": "en", "zh-hans": "zh-Hans"}
DEFAULT = "x-default"
KEPT = "/%:=&?~+!$,;'@()*[]"  # signs of an address that stay as they are


def absolute(path: str) -> str:
    """The whole address of something that lies in this shop."""
    if path.startswith(("http://", "https://")):
        return path
    return settings.PUBLIC_URL + quote(path, safe=KEPT)


def alternates(path: str, query: str = "") -> tuple[tuple[str, str], ...]:
    """The same page in every language, and the one for everybody else."""
    bare = without_language(path)
    found = [
        (HREFLANG.get(code, code), absolute(with_language(bare, code)) + query)
        for code, _name in settings.LANGUAGES
    ]
    usual = absolute(with_language(bare, settings.LANGUAGE_CODE)) + query
    return (*found, (DEFAULT, usual))


def without_language(path: str) -> str:
    """``/zh-hans/new/`` → ``/new/``."""
    for code, _name in settings.LANGUAGES:
        if code != settings.LANGUAGE_CODE and path.startswith(f"/{code}/"):
            return path[len(code) + 1 :]
    return path


def with_language(bare: str, language: str) -> str:
    """The address of `shop.urls` in ``language``: the first one has no prefix."""
    return bare if language == settings.LANGUAGE_CODE else f"/{language}{bare}"
