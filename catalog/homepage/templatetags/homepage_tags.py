"""What the home page asks of all its blocks together."""

from collections.abc import Iterable

from django import template

from catalog.homepage.models import Kind
from catalog.homepage.reading import CHOSEN_BY_US, Shown

register = template.Library()
WORDS_ENOUGH = {Kind.TEXT, Kind.COUNTDOWN, Kind.GUIDE}


@register.filter
def have_title(blocks: Iterable[Shown]) -> bool:
    """Whether one of them says what the page is called."""
    return any(one.is_title for one in blocks)


@register.filter
def have_goods(blocks: Iterable[Shown]) -> bool:
    """Whether there is more to see than an opening and empty shelves."""
    kinds = {one.block.kind for one in blocks}
    return bool(kinds & (CHOSEN_BY_US | WORDS_ENOUGH | {Kind.COLLECTION}) - {Kind.HERO})
