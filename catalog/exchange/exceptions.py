class RatesRefused(Exception):
    """A table of rates that cannot be taken; ``errors`` are for the operator, each names its row."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors
