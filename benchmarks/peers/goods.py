"""What both shops sell: the demo's goods, then further editions of them, and a few real pictures."""

from pathlib import Path

STOCK = 40  # units of each SKU
PICTURES = 24  # files; products take turns
EDGE = 1000  # pixels


def picture_name(number: int) -> str:
    """Under MEDIA_ROOT."""
    return f"benchmark/picture-{number}.jpg"


def pictures_make(media: Path) -> None:
    """Write the files that are not there yet: soft discs of different colours."""
    from PIL import Image, ImageOps

    disc = Image.radial_gradient("L").resize((EDGE, EDGE))
    for number in range(PICTURES):
        file = media / picture_name(number)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            hue = f"hsl({number * 360 // PICTURES}, 60%, 55%)"
            ImageOps.colorize(disc, hue, "white").save(file, quality=85)
