from django import template
from django.utils.translation import get_language

from catalog.delivery import country_name

register = template.Library()


@register.filter
def country_named(code: str) -> str:
    """``DE`` as Germany, in Chinese as 德国."""
    return country_name(code, get_language() or "en")
