class BankRefused(Exception):
    """A bank line cannot be used that way; ``message`` is for finance."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
