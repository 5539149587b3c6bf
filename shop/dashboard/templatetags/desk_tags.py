"""``{% desk_keys %}``: the keys of the back office, and the dialog that says them."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

from shop.core.office import may

register = template.Library()


@register.inclusion_tag("components/office/keys.html", takes_context=True)
def desk_keys(context: dict[str, Any]) -> dict[str, Any]:
    """Only for pages that the reader may open, under the names of the side."""
    user = context["request"].user
    names = {entry["url_name"]: entry["label"] for entry in _links()}
    keys = [
        {"key": key, "label": names[f"dashboard:{page}"], "url": reverse(f"dashboard:{page}")}
        for key, page in settings.OFFICE_KEYS.items()
        if f"dashboard:{page}" in names and may(user, page)
    ]
    return {"keys": keys}


def _links() -> Iterable[dict[str, Any]]:
    for entry in settings.OSCAR_DASHBOARD_NAVIGATION:
        yield from entry.get("children", [entry])
