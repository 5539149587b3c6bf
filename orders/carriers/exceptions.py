class CarrierRefused(Exception):
    """The carrier says no, and will say so again; ``message`` is its own."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class CarrierUnavailable(Exception):
    """No answer, or none that says anything; try again with the same key."""


class MessageInvalid(Exception):
    """A message that is not the carrier's, is altered or too old."""


class RowsRefused(Exception):
    """A table that cannot be taken; ``errors`` name its rows, for who sent it."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors[:3]))
        self.errors = errors
