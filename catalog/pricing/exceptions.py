from shop.core.tables import TableRefused


class PricesRefused(TableRefused):
    """A table of prices that cannot be taken as it is."""
