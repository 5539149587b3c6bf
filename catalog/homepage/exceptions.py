class HomeRefused(Exception):
    """What was asked for cannot be done; ``message`` is for the one who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ChangedMeanwhile(Exception):
    """Somebody else changed what this person was looking at. Nothing was written."""
