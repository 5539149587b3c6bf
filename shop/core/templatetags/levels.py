"""``{{ person.email|masked:"email" }}``, and links that only those get who may see where they lead."""

from typing import Any

from django import template
from django.utils.html import format_html

from shop.core import levels

register = template.Library()


@register.filter
def masked(value: Any, kind: str) -> Any:
    return levels.masked(value, kind)


@register.simple_tag
def email_link(address: str) -> str:
    """A link that writes to ``address``, or its masked text."""
    if levels.sees("email"):
        return format_html('<a href="mailto:{0}">{0}</a>', address)
    return str(levels.masked(address, "email"))


@register.inclusion_tag("oscar/dashboard/audit/_revealable.html", takes_context=True)
def revealable(
    context: dict[str, Any], label: str, key: object, column: str, value: str
) -> dict[str, Any]:
    """A masked value with the way behind the mask, for those who may; else the value itself."""
    kind = levels.kind_of(label, column)
    user = getattr(context.get("request"), "user", None)
    return {
        "shown": levels.masked(value, kind),
        "may_reveal": not levels.sees(kind) and user is not None and user.has_perm(levels.REVEAL),
        "label": label,
        "key": key,
        "column": column,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def sees(kind: str) -> bool:
    return levels.sees(kind)
