"""What is known of the picture files."""

from django.db import models


class StoredPicture(models.Model):
    """One file of the default storage, so that no page has to open it.

    A file never changes under its name. ``width`` and ``height`` are the original's as it is seen, in
    pixels; 0 for what is no picture. ``recipe`` says by which rules its widths were drawn.
    """

    name = models.CharField(max_length=255, primary_key=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    colour = models.CharField(max_length=7, blank=True, help_text="#rrggbb, of most of it")
    recipe = models.PositiveSmallIntegerField(default=0, help_text="0: no widths yet")
    problem = models.CharField(max_length=80, blank=True, help_text="why it cannot be drawn")

    def __str__(self) -> str:
        return self.name
