"""Where a refund goes, in words."""

from django import template

from payments.targets import target_shown

register = template.Library()
register.filter("target_shown", target_shown)
