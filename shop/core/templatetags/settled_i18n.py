"""Django's ``i18n``, with `shop.core.settled` words."""

from django import template
from django.templatetags import i18n

from shop.core.settled import translate_settled

register = template.Library()
register.tags |= i18n.register.tags
register.filters |= i18n.register.filters
register.tag("translate", translate_settled)
register.tag("trans", translate_settled)
