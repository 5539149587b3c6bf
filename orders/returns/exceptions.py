from orders.exceptions import ImpossibleStep


class ReturnRefused(ImpossibleStep):
    """This cannot come back; ``message`` is for the shopper."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
