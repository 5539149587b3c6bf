"""The pages of the currency desk."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core.office import may

PAGES = (("rate-list", _("Rates")), ("currency-price-list", _("Prices set by hand")))


def exchange_tabs(user: Any, current: str) -> list[dict[str, Any]]:
    """Those that ``user`` may open."""
    return [
        {"name": name, "url": reverse(f"dashboard:{code}"), "is_current": code == current}
        for code, name in PAGES
        if may(user, code)
    ]
