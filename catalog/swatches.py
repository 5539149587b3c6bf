"""The dot beside the name of a colour.

An option of the attribute ``colour`` carries its colour at the end of its code: ``raspberry-d3265f``
is shown as #d3265f. An option without one is named and has no dot.
"""

import re

from catalog.models import AttributeOption

COLOUR = "colour"
_HEX = re.compile(r"[-_#]([0-9a-f]{6})$", re.IGNORECASE)


def swatch_of(option: AttributeOption | None) -> str:
    """``#d3265f``, or nothing."""
    found = _HEX.search(option.code or "") if option else None
    return f"#{found[1].lower()}" if found else ""
