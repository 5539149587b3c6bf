"""``{{ expires_at|until_hour }}``: a deadline with the zone that its hour is told in.

A reader may be anywhere, and the shop knows only its own clock: ``30 Nov, 18:00 CET``.
"""

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from shop.core.dates import zoned

register = template.Library()


@register.filter
def until_hour(moment: dt.datetime | None) -> str:
    """``18:00 CET`` for a time that comes today, else with its day; nothing for no moment."""
    if moment is None:
        return ""
    is_today = timezone.localdate(moment) == timezone.localdate()
    return with_zone(moment, "TIME_FORMAT" if is_today else "SHORT_DATETIME_FORMAT")


@register.filter
def until_moment(moment: dt.datetime | None, form: str = "SHORT_DATETIME_FORMAT") -> str:
    """``30 Nov, 18:00 CET``; nothing for no moment."""
    return with_zone(moment, form) if moment else ""


def with_zone(moment: dt.datetime, form: str) -> str:
    """``moment`` in the shop's own time, as ``form`` writes it, and the name of that time."""
    local = timezone.localtime(moment)
    return zoned(date_format(local, form), local, get_language() or "en")
