from shop.core.tables import TableRefused


class RatesRefused(TableRefused):
    """A table of rates that cannot be taken."""
