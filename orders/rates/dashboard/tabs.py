"""The pages of the delivery desk."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.core.office import may

PAGES = (
    ("delivery-rates", _("Delivery rates")),
    ("delivery-days", _("Working days and surcharges")),
    ("delivery-points", _("Pick-up points")),
    ("delivery-loads", _("Weights")),
)


def delivery_tabs(user: Any, current: str) -> list[dict[str, Any]]:
    """Those that ``user`` may open."""
    return [
        {"name": name, "url": reverse(f"dashboard:{code}"), "is_current": code == current}
        for code, name in PAGES
        if may(user, code)
    ]
