"""Django's ``url``, with `shop.core.settled` addresses."""

from django import template

from shop.core.settled import url_settled

register = template.Library()
register.tag("url", url_settled)
