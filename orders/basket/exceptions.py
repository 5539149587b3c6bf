class BasketRefused(Exception):
    """The basket cannot be changed that way; ``message`` is for the shopper."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
