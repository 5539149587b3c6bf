"""Whether a carrier could find the door."""

import re

from django.utils.translation import gettext as _

from orders.models import ShippingAddress


def address_problem(address: ShippingAddress) -> str:
    """What is missing, in words; empty when nothing is."""
    if not address.line1.strip():
        return _("There is no street.")
    if not address.line4.strip() and not address.line3.strip() and not address.line2.strip():
        return _("There is no city.")
    pattern = address.POSTCODES_REGEX.get(address.country_id)
    postcode = (address.postcode or "").upper().replace(" ", "")
    if pattern and not re.match(pattern, postcode):
        return _("The postcode is not one of this country.")
    if not (address.first_name or address.last_name).strip():
        return _("There is no name.")
    return ""
