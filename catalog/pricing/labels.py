"""What a price may boast of. Nothing here is said that the history does not bear out."""

from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext

from catalog.pricing.history import Past
from catalog.pricing.lists import ListPrice
from catalog.pricing.prices import ResolvedPrice


def labels_made(
    resolved: ResolvedPrice, *, chosen: ListPrice | None, past: Past | None
) -> tuple[str, ...]:
    """The strongest first; empty where there is nothing to say."""
    found = []
    if chosen is not None and not chosen.is_for_everybody and resolved.base < resolved.full:
        found.append(chosen.name)
    percent = percent_off(resolved)
    if percent:
        found.append(gettext("−%(percent)d %%") % {"percent": percent})
    if (
        past is not None
        and past.highest > past.lowest
        and resolved.now <= past.lowest
        and past.highest > resolved.now
    ):
        found.append(gettext("Lowest price in 30 days"))
    return tuple(found)


def percent_off(resolved: ResolvedPrice) -> int:
    """Whole percent, never rounded up, reckoned from the lowest price of the 30 days before.

    The European court wants it so (C-330/23): a price that was raised first is no reduction.
    """
    if resolved.was is None:
        return 0
    prior = resolved.full
    if resolved.lowest_before is not None:
        prior = min(prior, resolved.lowest_before)
    if prior <= resolved.now:
        return 0
    return int(((prior - resolved.now) * 100 / prior).quantize(Decimal(1), ROUND_DOWN))
