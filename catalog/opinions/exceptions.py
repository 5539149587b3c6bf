"""What may not be done with opinions."""

import datetime as dt


class OpinionRefused(Exception):
    """Base of all refusals."""


class AlreadyReviewed(OpinionRefused):
    """One review per member and product."""


class NoMoreEdits(OpinionRefused):
    """It was changed often enough, or is too old."""


class OwnOpinion(OpinionRefused):
    """Nobody votes on or reports what they wrote themselves."""


class AlreadyDecided(OpinionRefused):
    """Somebody else was quicker. ``by`` is empty when it was the author's own doing."""

    def __init__(self, *, state: int, by: str, at: dt.datetime | None) -> None:
        super().__init__(f"state {state}")
        self.state, self.by, self.at = state, by, at
