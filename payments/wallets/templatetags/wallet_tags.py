"""Amounts of wallets in words."""

from decimal import Decimal

from django import template
from django.utils.translation import get_language, ngettext

from payments.wallets.forms import CodeForm
from shop.core.money import shown

register = template.Library()


@register.simple_tag
def code_blank() -> CodeForm:
    """The form for a gift card's code, empty."""
    return CodeForm()


@register.filter
def stored(amount: Decimal, currency: str) -> str:
    """``€12.00``, or ``120 points`` where there is no currency."""
    if currency:
        return shown(amount, currency, get_language() or "en")
    points = int(amount)
    return ngettext("%(count)d point", "%(count)d points", abs(points)) % {"count": points}
