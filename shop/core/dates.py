"""Days as people say them: with the weekday, without the year."""

import datetime as dt
import re
from functools import lru_cache

from babel.dates import format_date, get_timezone_gmt, get_timezone_name

PATTERNS = {"zh-hans": ("zh_Hans_CN", "M月d日EEE")}
ENGLISH = ("en", "EEE d MMM")
EUROPEAN = ("en_GB", "")  # American English has no short names for the zones of Europe


@lru_cache(maxsize=2_000)
def day_shown(day: dt.date | None, language: str = "en") -> str:
    """``Thu 26 Nov``, in Chinese ``11月26日周四``. Nothing for no day."""
    locale, pattern = PATTERNS.get(language, ENGLISH)
    return format_date(day, pattern, locale=locale) if day else ""


def zoned(text: str, moment: dt.datetime, language: str = "en") -> str:
    """``text``, which tells the hour of ``moment``, and the zone that it is told in."""
    zone = _zone_shown(moment, language)
    return f"{text}（{zone}）" if language.startswith("zh") else f"{text} {zone}"


def _zone_shown(moment: dt.datetime, language: str) -> str:
    """``CET`` where the language has a short name for it, else ``GMT+1``."""
    locale, _pattern = PATTERNS.get(language, EUROPEAN)
    name = get_timezone_name(moment, "short", locale=locale)
    if name.isalpha():
        return name
    sign, hours, minutes = re.findall(r"([+-])(\d\d)(\d\d)", get_timezone_gmt(moment, "short"))[0]
    return f"GMT{sign}{int(hours)}" + (f":{minutes}" if minutes != "00" else "")
