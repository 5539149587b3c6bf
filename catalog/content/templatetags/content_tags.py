"""Pieces of the content that stand on other pages."""

from django import template

from catalog.content.selectors import FootLinks, foot_links, next_change
from shop.core.pagecache import until
from shop.core.pagecache.gather import is_keeping

register = template.Library()


@register.simple_tag
def content_links() -> FootLinks:
    """What the foot of the page links to; no query while it is kept."""
    if is_keeping():
        until(next_change())
    return foot_links()
