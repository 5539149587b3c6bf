"""``{{ amount|money:currency }}``: money as the reader's language writes it."""

from decimal import Decimal

from django import template
from django.conf import settings
from django.utils.translation import get_language

from shop.core.money import shown

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """Nothing for no amount; the shop's currency unless another is named."""
    if amount is None or amount == "":
        return ""
    return shown(
        Decimal(amount), currency or settings.OSCAR_DEFAULT_CURRENCY, get_language() or "en"
    )
