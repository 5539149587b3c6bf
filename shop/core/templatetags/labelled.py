"""``{% labelled _("Amount") total %}``: a name, the colon of the reader's language, what it is."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from shop.core.settled import tag_settled

register = template.Library()


@register.simple_tag
def labelled(name: str, value: Any = None) -> str:
    """``Amount: €10.00``, in Chinese ``金额：€10.00``; without a value only name and colon."""
    if value is None:
        return _("%(name)s:") % {"name": name}
    return _("%(name)s: %(value)s") % {"name": name, "value": value}


register.tag("labelled", tag_settled(register.tags["labelled"]))
