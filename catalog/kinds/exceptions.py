class KindRefused(Exception):
    """That cannot be said of this product; ``message`` is for the person who tried."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
