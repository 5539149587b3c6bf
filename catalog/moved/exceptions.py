"""What an operator is told when a redirect cannot be."""

from shop.core.tables import TableRefused


class RedirectsRefused(TableRefused):
    """``errors`` are for one row or field each."""
