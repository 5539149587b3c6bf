"""The desks of search engines, as far as somebody may see them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core.office import may

DESKS = {
    "seo-health": _("What to mend"),
    "seo-rules": _("Titles and descriptions"),
    "seo-words": _("Words people search for"),
}


def desk_tabs(user: Any, current: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "url": reverse(f"dashboard:{url_name}"), "is_current": url_name == current}
        for url_name, name in DESKS.items()
        if may(user, url_name)
    ]
