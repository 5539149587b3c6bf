"""``{% hole "basket" %}``: the places of a kept page that differ between visitors."""

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from shop.core.pagecache.holes import hole_shown

register = template.Library()


@register.simple_tag(takes_context=True)
def hole(context: Context, name: str, *args: Any) -> SafeString:
    """The hole ``name``, rendered for this request; ``args`` are numbers and texts."""
    return hole_shown(context.get("request"), name, *args)
