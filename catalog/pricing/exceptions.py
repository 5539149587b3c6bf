class PricesRefused(Exception):
    """A file of prices that cannot be taken as it is; ``errors`` are for the person who sent it."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors[:3]))
        self.errors = errors
