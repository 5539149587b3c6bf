"""``{{ person.email|masked:"email" }}``, and links that only those get who may see where they lead."""

import re
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from shop.core import levels

register = template.Library()
ADDRESS = re.compile(r"(?=\S{16})\S+@\S+")  # shorter ones fit everywhere
JOINT = re.compile(r"(?=[@.])")


@register.filter
def masked(value: Any, kind: str) -> Any:
    return levels.masked(value, kind)


@register.filter
def breakable(text: str) -> SafeString:
    """Escaped; a long e-mail address breaks before its @ and its dots, not in the middle of a word."""
    escaped = str(conditional_escape(text))
    return SafeString(ADDRESS.sub(lambda found: JOINT.sub("<wbr>", found[0]), escaped))


@register.simple_tag
def email_link(address: str) -> str:
    """A link that writes to ``address``, or its masked text."""
    if levels.sees("email"):
        return format_html('<a href="mailto:{}">{}</a>', address, breakable(address))
    return str(levels.masked(address, "email"))


@register.inclusion_tag("oscar/dashboard/audit/_revealable.html", takes_context=True)
def revealable(
    context: dict[str, Any], label: str, key: object, column: str, value: str
) -> dict[str, Any]:
    """A masked value with the way behind the mask, for those who may; else the value itself."""
    kind = levels.kind_of(label, column)
    request = context.get("request")
    user = getattr(request, "user", None)
    return {
        "shown": levels.masked(value, kind),
        "may_reveal": not levels.sees(kind) and user is not None and user.has_perm(levels.REVEAL),
        "label": label,
        "key": key,
        "column": column,
        "page": request.get_full_path() if request else "",
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def sees(kind: str) -> bool:
    return levels.sees(kind)
