class OutOfStock(Exception):
    """Some units cannot be had. ``shortages`` maps stock record id to the units that are free."""

    def __init__(self, shortages: dict[int, int]) -> None:
        super().__init__(f"out of stock: {shortages}")
        self.shortages = shortages


class StockMismatch(Exception):
    """Our own code asked for an impossible step, e.g. to ship what was never allocated."""


class SupplyRefused(Exception):
    """The step is not possible as things stand; ``message`` is for the clerk."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
