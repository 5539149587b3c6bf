"""Pictures in several widths.

A picture ``cup.webp`` has smaller siblings ``cup_w320.webp`` and ``cup_w640.webp`` beside it; a page
names all that exist, and the browser takes the one that fits. Widths are in pixels.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db.models.fields.files import FieldFile
from PIL import Image, ImageOps

WIDTHS = (320, 640)
MAX_PIXELS = 25_000_000
QUALITY = 84

_known: dict[str, "PictureSources"] = {}
KNOWN_AT_MOST = 50_000


@dataclass(frozen=True)
class PictureSources:
    """Ready for `components/picture.html`. ``small`` and ``large``: the least and the most wide."""

    src: str
    srcset: str
    small: str
    width: int
    height: int
    large: str = ""


def sibling_name(name: str, width: int) -> str:
    """``products/cup.png``, 320 → ``products/cup_w320.webp``."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}_w{width}.webp"))


def picture_sources(file: FieldFile) -> PictureSources | None:
    """Addresses and size of a stored picture; None when the file is gone or no picture.

    What has all its widths is remembered, since files never change under their name.
    """
    if not file:
        return None
    if file.name in _known:
        return _known[file.name]
    try:
        with file.storage.open(file.name) as stored, Image.open(stored) as picture:
            width, height = picture.size
    except (OSError, ValueError):
        return None
    siblings = {
        one: file.storage.url(sibling_name(file.name, one))
        for one in WIDTHS
        if one < width and file.storage.exists(sibling_name(file.name, one))
    }
    src = file.storage.url(file.name)
    sources = siblings | {width: src}
    found = PictureSources(
        src=siblings.get(WIDTHS[-1], src),
        srcset=", ".join(f"{url} {one}w" for one, url in sources.items()) if siblings else "",
        small=siblings.get(WIDTHS[0], src),
        width=width,
        height=height,
        large=src,
    )
    if len(siblings) == sum(one < width for one in WIDTHS) and len(_known) < KNOWN_AT_MOST:
        _known[file.name] = found
    return found


def picture_widths_make(file: FieldFile) -> list[str]:
    """Write the missing smaller siblings and return their names. Refuses more than 25 megapixels."""
    made = []
    with file.storage.open(file.name) as stored, Image.open(stored) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError(f"{file.name} has more than {MAX_PIXELS} pixels")
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    for width in WIDTHS:
        name = sibling_name(file.name, width)
        if width < upright.width and not file.storage.exists(name):
            made.append(_sibling_write(file.storage, name, upright, width))
    return made


def _sibling_write(storage: Storage, name: str, picture: Image.Image, width: int) -> str:
    height = max(1, round(picture.height * width / picture.width))
    buffer = BytesIO()
    picture.resize((width, height), Image.Resampling.LANCZOS).save(
        buffer, "WEBP", quality=QUALITY, method=6
    )
    return storage.save(name, ContentFile(buffer.getvalue()))
