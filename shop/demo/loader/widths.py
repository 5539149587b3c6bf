"""The widths of pictures that the demo brings beside those of its products."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from catalog.pictures.drawing import RECIPE, Effort, NotDrawable, drawn_from
from catalog.pictures.models import StoredPicture
from catalog.pictures.sources import sibling_name
from shop.demo.loader.bulk import BATCH


def widths_make(names: Iterable[str]) -> None:
    """Draw them in haste, before anybody takes note of the pictures.

    Else the worker of a shop that has just opened draws with care for a minute, and the first mails wait for it.
    """
    root = Path(settings.MEDIA_ROOT)
    rows = []
    for name in sorted(set(names)):
        drawn = drawn_from((root / name).read_bytes(), Effort.HASTE)
        if isinstance(drawn, NotDrawable):
            raise drawn
        for (width, kind), data in drawn.files.items():
            (root / sibling_name(name, width, kind)).write_bytes(data)
        rows.append(
            StoredPicture(
                name=name,
                width=drawn.width,
                height=drawn.height,
                colour=drawn.colour,
                recipe=RECIPE,
            )
        )
    StoredPicture.objects.bulk_create(rows, batch_size=BATCH)
