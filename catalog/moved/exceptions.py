"""What an operator is told when a redirect cannot be."""


class RedirectsRefused(Exception):
    """``errors`` are sentences in the reader's language, each for one row or field."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors
