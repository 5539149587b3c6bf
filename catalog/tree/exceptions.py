"""What an operator at the tree is told."""


class TreeChanged(Exception):
    """The tree is another than the one that was on the screen. Nothing was written."""


class MoveRefused(Exception):
    """``message`` says why, in the reader's language."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
