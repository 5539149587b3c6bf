"""Whether a rate table serves every parcel."""

from decimal import Decimal
from itertools import product

from django.utils.translation import gettext as _

from orders.rates.sheet import Load, Sheet


def gaps_of(sheet: Sheet) -> list[str]:
    """What the table leaves without a way, in words: every bound is tried, from both sides."""
    errors = []
    if not any(not zone.countries for zone in sheet.zones):
        errors.append(_("One zone must name no country: it takes all that no other names."))
    for zone in sheet.zones:
        grams = {0, *(edge for row in zone.rates for edge in row.weight if edge)}
        litres = {0, *(row.volume_to + 1 for row in zone.rates if row.volume_to is not None)}
        values = {Decimal(0), *(edge for row in zone.rates for edge in row.value if edge)}
        for weight, volume, value in product(sorted(grams), sorted(litres), sorted(values)):
            if not zone.rates_for(Load(weight, volume, value)):
                facts = {"zone": zone.code, "grams": weight, "litres": volume, "value": value}
                errors.append(
                    _("Zone %(zone)s: no way for %(grams)d g, %(litres)d l and %(value)s.") % facts
                )
                break
    return errors
