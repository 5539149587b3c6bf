"""Django's ``static``, with `shop.core.settled` addresses of files."""

from django import template
from django.templatetags import static

from shop.core.settled import static_settled

register = template.Library()
register.tags |= static.register.tags
register.tag("static", static_settled)
