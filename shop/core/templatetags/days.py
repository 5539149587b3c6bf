"""``{{ day|weekday }}``: the day a parcel comes, as the reader's language says it."""

import datetime as dt

from django import template
from django.utils.translation import get_language

from shop.core.dates import day_shown

register = template.Library()


@register.filter
def weekday(day: dt.date | None) -> str:
    return day_shown(day, get_language() or "en")
