from orders.exceptions import ImpossibleStep


class RequestRefused(ImpossibleStep):
    """Money cannot be asked back that way; ``message`` is for the clerk."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
