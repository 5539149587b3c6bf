"""``{% stars value %}``: five stars, to the nearest half."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()
STARS = 5
WIDTH = 24  # of one star in the units of the drawing


@register.simple_tag
def stars(value: float | int | str | None) -> SafeString:
    """The drawing of a rating from 0 to 5."""
    return _drawn(round(float(value or 0) * 2))


@lru_cache(maxsize=2 * STARS + 1)  # a page of reviews draws hundreds of them
def _drawn(halves: int) -> SafeString:
    five = [(WIDTH * at + WIDTH // 2, fill) for at, fill in enumerate(star_fills(halves / 2))]
    return render_to_string("components/stars.html", {"five": five})


def star_fills(value: float | None) -> list[str]:
    """3.4 → full, full, full, half, none."""
    halves = round(float(value or 0) * 2)
    return [
        "full" if halves >= 2 * star else "half" if halves == 2 * star - 1 else "none"
        for star in range(1, STARS + 1)
    ]
