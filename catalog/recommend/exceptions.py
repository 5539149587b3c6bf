class ChoiceRefused(Exception):
    """A pin or ban that makes no sense; ``message`` says why, in the reader's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
