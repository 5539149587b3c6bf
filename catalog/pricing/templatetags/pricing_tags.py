"""``{% price_box offer %}``: a price with all that belongs to it; ``{% price_dialog %}`` once a page."""

import datetime as dt
from typing import Any

from django import template

from catalog.cards import Offer
from catalog.pricing.explain import lowest_before_shown, tax_shown, tiers_shown
from catalog.pricing.words import amount_shown, end_shown, moment_shown

register = template.Library()


@register.filter
def price_moment(moment: dt.datetime | None) -> str:
    """``{{ list.ends_at|price_moment }}``: day and hour; nothing for no moment."""
    return moment_shown(moment) if moment else ""


@register.inclusion_tag("pricing/_box.html")
def price_box(offer: Offer) -> dict[str, Any]:
    """What one costs, what it was and why, with its tiers; ``offer`` from `catalog.cards`."""
    price = offer.resolved
    is_reduced = price.was is not None
    return {
        "record_id": offer.record.pk,
        "now": amount_shown(price.now, price.currency),
        "was": "" if price.was is None else amount_shown(price.was, price.currency),
        "tax": tax_shown(offer.product, price.now, price.currency),
        "badge": price.labels[0] if price.labels else "",
        "badge_tone": "solid" if is_reduced else "good",
        "lowest_before": lowest_before_shown(price),
        "ends": end_shown(price.ends_at) if price.ends_at else "",
        "ends_at": price.ends_at,
        "tiers": tiers_shown(price),
    }


@register.inclusion_tag("pricing/_why_link.html")
def price_why(record_id: int, quantity: int = 1, label: str = "") -> dict[str, Any]:
    """The link "why this price"; opens the dialog of `price_dialog` where there is one."""
    return {"record_id": record_id, "quantity": quantity, "label": label}


@register.inclusion_tag("pricing/_dialog.html")
def price_dialog() -> dict[str, Any]:
    """The dialog that explanations open in; once on a page that has `price_why` links."""
    return {}
