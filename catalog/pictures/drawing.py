"""Drawing the widths of a picture. Knows nothing of the shop, so that it runs in any process.

The same picture gives the same files. Widths are in pixels, colours ``#rrggbb``.
"""

from dataclasses import dataclass
from enum import Enum
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

MAX_PIXELS = 25_000_000
#: Each about 1.7 times the one before, so that no screen has to take much more than it shows.
WIDTHS = (160, 260, 430, 740, 1280)
RECIPE = 1  # raise it when WIDTHS or how they are drawn changes: names follow, all are drawn again
SURFACE = (255, 255, 255)  # what shows through a picture: --surface of the light look
TURNED = (5, 6, 7, 8)  # values of EXIF's orientation (tag 274) that lie on their side
BROKEN = (OSError, ValueError, SyntaxError, EOFError, OverflowError, Image.DecompressionBombError)


class NotDrawable(Exception):
    """It is no picture, or too large a one. Trying again will not help."""


class Kind(Enum):
    """The formats: the small one first, the one that every browser knows behind."""

    AVIF = "avif"
    JPEG = "jpg"

    @property
    def mime(self) -> str:
        return {"avif": "image/avif", "jpg": "image/jpeg"}[self.value]


class Effort(Enum):
    """CARE for what is drawn once in the background; HASTE for a thousand while somebody waits."""

    CARE = 6
    HASTE = 9


SCALED = {Effort.CARE: Image.Resampling.LANCZOS, Effort.HASTE: Image.Resampling.HAMMING}
#: In haste AVIF spends more on the same; what that costs is taken from what only a magnifier shows.
AVIF_QUALITY = {Effort.CARE: 50, Effort.HASTE: 42}
JPEG_QUALITY = 76


@dataclass(frozen=True)
class Drawn:
    """``files``: bytes by width and format. ``width`` and ``height`` are the upright original's."""

    width: int
    height: int
    colour: str
    files: dict[tuple[int, Kind], bytes]


def widths_of(width: int) -> tuple[int, ...]:
    """Those in which a picture exists: never wider than it is, its own width last if it is small."""
    smaller = tuple(one for one in WIDTHS if one < width)
    return smaller if len(smaller) == len(WIDTHS) else (*smaller, width)


def size_of(data: BytesIO) -> tuple[int, int]:
    """Width and height as it is seen, from the first bytes. Raises ``NotDrawable``."""
    try:
        with Image.open(data) as picture:
            width, height = picture.size
            return (height, width) if picture.getexif().get(274) in TURNED else (width, height)
    except BROKEN as error:
        raise NotDrawable(type(error).__name__) from error


def upright(data: BytesIO) -> Image.Image:
    """The picture as it is seen, in sRGB and with nothing else: no notes of a camera, no glass.

    Raises ``NotDrawable``; more than 25 megapixels are not even decoded.
    """
    try:
        with Image.open(data) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NotDrawable("more than 25 megapixels")
            profile = picture.info.get("icc_profile")
            turned = ImageOps.exif_transpose(picture)
            return _in_srgb(_on_surface(turned), profile if turned.mode != "CMYK" else None)
    except BROKEN as error:
        raise NotDrawable(type(error).__name__) from error


def drawn_from(data: bytes, effort: Effort = Effort.CARE) -> Drawn | NotDrawable:
    """From a file to its files, or why not. For pools of processes: it takes and gives plain data."""
    try:
        return draw(upright(BytesIO(data)), effort=effort)
    except NotDrawable as problem:
        return problem


def _on_surface(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        glass = picture.convert("RGBA")
        plain = Image.new("RGB", glass.size, SURFACE)
        plain.paste(glass, mask=glass.getchannel("A"))
        return plain
    plain = picture.convert("RGB")
    plain.info = {}
    return plain


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones take photos in wider colours; without their profile these would look dull."""
    if not profile:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        moved = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):  # a profile that cannot be read is none
        return picture
    if moved is None:
        return picture
    moved.info = {}
    return moved


def draw(picture: Image.Image, *, effort: Effort = Effort.CARE) -> Drawn:
    """All files of an upright picture. Each width is drawn from the next wider one."""
    files: dict[tuple[int, Kind], bytes] = {}
    step = picture
    for width in reversed(widths_of(picture.width)):
        if width != step.width:
            height = max(1, round(picture.height * width / picture.width))
            step = step.resize((width, height), SCALED[effort])
        for kind in Kind:
            files[width, kind] = _encoded(step, kind, effort)
    return Drawn(picture.width, picture.height, dominant_colour(step), files)


def _encoded(picture: Image.Image, kind: Kind, effort: Effort) -> bytes:
    buffer = BytesIO()
    if kind is Kind.AVIF:
        picture.save(
            buffer, "AVIF", quality=AVIF_QUALITY[effort], speed=effort.value, max_threads=1
        )
    else:
        careful = effort is Effort.CARE
        picture.save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=careful, progressive=careful)
    return buffer.getvalue()


def dominant_colour(picture: Image.Image) -> str:
    """The colour of most of it: what stands in its place until it has come."""
    few = picture.resize((24, 24), Image.Resampling.BOX).quantize(6)
    counts = sorted(few.getcolors(), reverse=True)
    palette = few.getpalette() or []
    start = counts[0][1] * 3
    return "#{:02x}{:02x}{:02x}".format(*palette[start : start + 3])
