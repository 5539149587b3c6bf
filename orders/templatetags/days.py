"""``{{ promise|days }}``: the day or days of arrival as the reader's language writes them."""

import datetime as dt
from functools import lru_cache

from babel.dates import format_interval
from django import template
from django.utils.translation import get_language

register = template.Library()
LOCALES = {"en": "en_GB", "zh-hans": "zh_Hans_CN"}


@register.filter
def days(promise: tuple[dt.date | None, dt.date | None]) -> str:
    """``Thu 26 Nov – Fri 27 Nov``; one day if both are the same; nothing if none is promised."""
    first, last = promise or (None, None)
    if first is None or last is None:
        return ""
    return _written(first, last, LOCALES.get(get_language() or "en", "en_GB"))


@lru_cache(maxsize=2_000)
def _written(first: dt.date, last: dt.date, locale: str) -> str:
    return format_interval(first, last, "MMMEd", locale=locale)
