"""Who may take units out of the book: a count that finds fewer is a write-off by another name."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WRITE_OFF = "supply.write_off_stock"
APPROVE = "supply.approve_countline"
#: For who counts fewer than the book says and may not take them out of it.
FEWER = _(
    "That is fewer than the book says, and your role does not write off units. Ask a colleague whose role does."
)


def may_take_away(user: Any) -> bool:
    """Whether ``user`` may book that units are gone. The shop's own work, without a user, may."""
    return user is None or user.has_perm(WRITE_OFF)
