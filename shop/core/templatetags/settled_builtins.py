"""Django's ``url`` and ``include``, `shop.core.settled` where they say the same each time."""

from django import template

from shop.core.settled import include_settled, url_settled

register = template.Library()
register.tag("include", include_settled)
register.tag("url", url_settled)
