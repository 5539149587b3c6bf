"""Pieces of the content that stand on every page."""

from django import template

from catalog.content.selectors import FootLinks, foot_links

register = template.Library()


@register.simple_tag
def content_links() -> FootLinks:
    """What the foot of the page links to; no query while it is kept."""
    return foot_links()
