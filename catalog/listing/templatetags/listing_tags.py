"""Small words of list pages."""

import datetime as dt
from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from catalog.listing.selectors import Listing

register = template.Library()

SORT_NAMES = {
    "relevance": _("Best match first"),
    "featured": _("Our choice first"),
    "newest": _("Newest first"),
    "price": _("Price, low to high"),
    "price-down": _("Price, high to low"),
    "rating": _("Best rated"),
    "sold": _("Best sellers"),
}
NEAR = 2  # pages on either side of the present one


@register.filter
def sort_names(sorts: Iterable[str]) -> list[tuple[str, str]]:
    return [(sort, SORT_NAMES[sort]) for sort in sorts]


@register.filter
def page_numbers(listing: Listing) -> list[int]:
    """The pages to link to; 0 stands for those between."""
    numbers = range(1, listing.pages + 1)
    kept = [one for one in numbers if one in (1, listing.pages) or abs(one - listing.page) <= NEAR]
    found: list[int] = []
    for one in kept:
        if found and one - found[-1] > 1:
            found.append(0)
        found.append(one)
    return found


@register.simple_tag
def listing_page(listing: Listing, number: int) -> str:
    """The address of another page of the same list, without its path."""
    return listing.filters.at(number).query_string


@register.simple_tag
def listing_link(path: str, query: str) -> SafeString:
    """What makes a link to the same list, otherwise narrowed, change only the list."""
    return format_html(
        ' data-hx-get="{}{}" data-hx-target="#listing-results" data-hx-swap="outerHTML"',
        path,
        query,
    )


@register.inclusion_tag("listing/_countdown.html")
def countdown(ends_at: dt.datetime) -> dict[str, object]:
    """When something ends: the moment in words, and with scripts the time that is left."""
    return {"ends_at": ends_at}
