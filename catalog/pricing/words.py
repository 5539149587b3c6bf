"""Amounts and moments as the reader says them."""

import datetime as dt
from decimal import Decimal

from babel.dates import format_datetime
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

from shop.core.dates import zoned
from shop.core.money import shown
from shop.core.pagecache import until

PATTERNS = {"zh-hans": ("zh_Hans_CN", "M月d日EEE HH:mm", "y年M月d日 HH:mm")}
ENGLISH = ("en", "EEE d MMM, HH:mm", "d MMM y, HH:mm")
HOUR, DAY = 3600, 86_400


def amount_shown(amount: Decimal, currency: str) -> str:
    return shown(amount, currency, get_language() or "en")


def moment_shown(moment: dt.datetime) -> str:
    """``Sat 28 Nov, 18:00`` in the shop's time zone; of another year with it."""
    locale, near, far = PATTERNS.get(get_language() or "en", ENGLISH)
    local = timezone.localtime(moment)
    pattern = near if local.year == timezone.localdate().year else far
    return format_datetime(local, pattern, locale=locale)


def end_shown(end: dt.datetime, *, moment: dt.datetime | None = None) -> str:
    """``Ends in 5 hours`` near the end, before that the day and the hour."""
    seconds = (end - (moment or timezone.now())).total_seconds()
    step = 60 if seconds < HOUR else HOUR if seconds < DAY else 0
    # The words change with every step, and with the last day.
    left = step * int(seconds // step) if step else DAY
    until(end - dt.timedelta(seconds=left), end)
    if seconds <= 0:
        return gettext("Has ended")
    if seconds < HOUR:
        minutes = max(1, int(seconds // 60))
        return ngettext("Ends in %(n)d minute", "Ends in %(n)d minutes", minutes) % {"n": minutes}
    if seconds < DAY:
        hours = int(seconds // HOUR)
        return ngettext("Ends in %(n)d hour", "Ends in %(n)d hours", hours) % {"n": hours}
    text = zoned(moment_shown(end), timezone.localtime(end), get_language() or "en")
    return gettext("Until %(moment)s") % {"moment": text}
