class WishRefused(Exception):
    """What a member asked of a wish list cannot be done; ``message`` says why, in their language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
