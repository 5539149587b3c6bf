"""What may be paid with, in words."""

from collections.abc import Iterable
from typing import Protocol

from django import template
from django.conf import settings
from django.utils.translation import get_language

from payments.gateways import gateways_offered

register = template.Library()


class Choice(Protocol):
    code: str
    is_current: bool


@register.simple_tag
def ways_to_pay(currencies: Iterable[Choice] = ()) -> list[str]:
    """In the order of the checkout, for the currency among these that is current, or the shop's own."""
    current = (one.code for one in currencies if one.is_current)
    currency = next(current, settings.OSCAR_DEFAULT_CURRENCY)
    offered = gateways_offered(currency=currency, language=get_language() or "")
    return list(dict.fromkeys(str(one.label) for one in offered))
