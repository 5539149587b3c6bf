"""What the owner of a basket last saw of its lines, and what is different now, in words."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from catalog.cards import FEW
from orders.basket.models import Line
from orders.keeping.models import LineSeen
from shop.core.money import shown
from shop.core.planned import planned_rows

NOT_COUNTED = -1  # as in the statement below
NOTE = """
INSERT INTO keeping_lineseen (line_id, price, currency, units, seen_at)
SELECT line, price, currency, nullif(units, -1), now
FROM (SELECT %s::timestamptz now) moment,
     unnest(%s::bigint[], %s::numeric[], %s::text[], %s::integer[]) seen (line, price, currency, units)
ON CONFLICT (line_id) DO UPDATE
SET price = excluded.price, currency = excluded.currency, units = excluded.units, seen_at = excluded.seen_at
RETURNING line_id
"""


def line_noted(line: Line) -> tuple[object, ...]:
    """Price of one, currency and units that can be had of a line whose price is known: what is remembered."""
    price = line.purchase_info.price
    return price.effective_price, price.currency, units_of(line)


def lines_note(lines: Iterable[Line]) -> None:
    """Remember price and stock of each line as they are now. One query for all.

    A line whose price is not known keeps what was remembered.
    """
    known = [line for line in lines if line.purchase_info.price.exists]
    if known:
        prices, currencies, units = zip(*map(line_noted, known), strict=True)
        counted = [NOT_COUNTED if one is None else one for one in units]
        keys = [line.pk for line in known]
        planned_rows(NOTE, [timezone.now(), keys, list(prices), list(currencies), counted])


def seen_of(lines: Iterable[Line]) -> dict[int, LineSeen]:
    """By line id. One query."""
    return {row.line_id: row for row in LineSeen.objects.filter(line__in=[one.pk for one in lines])}


def changes_since(line: Line, seen: LineSeen | None) -> list[str]:
    """Sentences about price and stock; empty when nothing moved that the owner should know."""
    info = line.purchase_info
    if seen is None or not info.price.exists:
        return []
    told = []
    price = info.price
    now = price.effective_price
    if price.currency == seen.currency and now != seen.price:
        language = get_language() or "en"
        facts = {
            "now": shown(now, price.currency, language),
            "before": shown(seen.price, price.currency, language),
        }
        is_dearer = now > seen.price
        told.append(
            _("Dearer than when you last looked: %(now)s, it was %(before)s.") % facts
            if is_dearer
            else _("Cheaper than when you last looked: %(now)s, it was %(before)s.") % facts
        )
    units = units_of(line)
    if seen.units == 0 and (units is None or units > 0):
        told.append(_("It was sold out and is back."))
    elif units and units <= FEW and (seen.units is None or units < seen.units):
        left = ngettext(
            "Only %(units)d is left now; there were more when you last looked.",
            "Only %(units)d are left now; there were more when you last looked.",
            units,
        )
        told.append(left % {"units": units})
    return told


def units_of(line: Line) -> int | None:
    """How many can be had; None: not counted."""
    units = getattr(line.purchase_info.availability, "num_available", None)
    return None if units is None else max(0, units)
