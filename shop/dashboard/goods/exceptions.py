"""What can stand in the way at the desk of products."""


class PlanChanged(Exception):
    """Somebody else saved the product since the page was opened. ``plan`` is how it is now."""

    def __init__(self, plan: object) -> None:
        super().__init__("the product was changed meanwhile")
        self.plan = plan


class JobRefused(Exception):
    """The job cannot take this step now. The text is for the reader."""


class RowRefused(Exception):
    """This product or row cannot be changed. The text is for the reader."""
