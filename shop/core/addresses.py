"""The addresses of the shop's own pages that take nothing, or one text, and the way there.

Django looks for such an address anew each time, and `redirect` first tries what else its argument may be.
"""

import re
from functools import lru_cache

from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.translation import get_language

MARK = "0-stands-for-a-text-0"
PLAIN = re.compile(r"[A-Za-z0-9_:-]+")  # as it is in an address, and no dots that lead elsewhere


def address_of(name: str) -> str:
    """The path of the page with this URL name, in the reader's language."""
    urls = get_urlconf() or settings.ROOT_URLCONF
    return _address(name, get_language(), urls, get_script_prefix())


def address_with(name: str, text: str) -> str:
    """The path of the page whose URL takes one ``text``: a number, a key, a signed token."""
    if not PLAIN.fullmatch(text):
        return reverse(name, args=[text])
    urls = get_urlconf() or settings.ROOT_URLCONF
    return _address(name, get_language(), urls, get_script_prefix(), MARK).replace(MARK, text)


def go(name: str) -> HttpResponseRedirect:
    """To the page with this URL name."""
    return HttpResponseRedirect(address_of(name))


@lru_cache(maxsize=512)
def _address(name: str, language: str | None, urls: object, prefix: str, *values: str) -> str:
    """The arguments are all that its answer hangs on."""
    return reverse(name, args=values)
