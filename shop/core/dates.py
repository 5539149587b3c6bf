"""Days as people say them: with the weekday, without the year."""

import datetime as dt
from functools import lru_cache

from babel.dates import format_date

PATTERNS = {"zh-hans": ("zh_Hans_CN", "M月d日EEE")}
ENGLISH = ("en", "EEE d MMM")


@lru_cache(maxsize=2_000)
def day_shown(day: dt.date | None, language: str = "en") -> str:
    """``Thu 26 Nov``, in Chinese ``11月26日周四``. Nothing for no day."""
    locale, pattern = PATTERNS.get(language, ENGLISH)
    return format_date(day, pattern, locale=locale) if day else ""
