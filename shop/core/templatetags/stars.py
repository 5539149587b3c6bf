"""``{% for fill in value|star_fills %}``: five stars, to the nearest half."""

from django import template

register = template.Library()
STARS = 5


@register.filter
def star_fills(value: float | int | str | None) -> list[str]:
    """3.4 → full, full, full, half, none."""
    halves = round(float(value or 0) * 2)
    return [
        "full" if halves >= 2 * star else "half" if halves == 2 * star - 1 else "none"
        for star in range(1, STARS + 1)
    ]
