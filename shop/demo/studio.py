"""The photo studio: one object or a few on a soft floor, composed from small 3D renders.

A scene is lit the same way each time: a wall that is lightest behind the object, a floor that begins at
the horizon, a tight shadow where the object touches and a wide one around it. Everything is tinted from
the object's own dominant colour. Lengths are fractions of the picture's edge.
"""

import colorsys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

EDGE = 1000  # pixels of the largest picture
SHADE_EDGE = 250  # shadows are soft, a quarter of the size is enough
HORIZON = 0.72
STRENGTHS = 10  # how many strengths of tint a wall comes in; few, so that walls are reused

RGB = tuple[int, int, int]


@dataclass(frozen=True)
class Paint:
    """How to recolour an object: ``hue`` in degrees replaces its dominant hue; the rest are factors.

    ``lift`` moves the dark end towards white (0 leaves it, 1 is white). ``dye`` colours the grey "body"
    of an object, or the "whole" of it, where its dominant hue is only trim.
    """

    hue: float
    saturation: float = 1.0
    value: float = 1.0
    lift: float = 0.0
    dye: str = ""


@dataclass(frozen=True)
class Piece:
    """One object in a scene; ``size`` 1.0 fills about half of the picture, ``x`` is its middle.

    ``base`` is where it stands; None hangs a close-up around the middle of the picture instead.
    """

    art: str
    paint: Paint | None = None
    size: float = 1.0
    x: float = 0.5
    base: float | None = 0.80
    turned: bool = False
    tilt: float = 0.0


@dataclass(frozen=True)
class Scene:
    pieces: tuple[Piece, ...]
    horizon: float = HORIZON


@dataclass(frozen=True)
class Tint:
    """The dominant hue (degrees) and how coloured the object is (0 grey to 1)."""

    hue: float
    strength: float


def art_open(art_dir: Path, name: str) -> Image.Image:
    """The render cut to its visible pixels."""
    with Image.open(art_dir / name) as source:
        art = source.convert("RGBA")
    box = art.getchannel("A").point(lambda alpha: 255 if alpha > 24 else 0).getbbox()
    return art.crop(box) if box else art


def tint_of(art: Image.Image) -> Tint:
    """Dominant hue by a histogram weighted with saturation and opacity, smoothed around the circle."""
    small = art.resize((48, 48), Image.Resampling.BOX)
    hue, saturation, value = (
        np.asarray(c, float) for c in small.convert("RGB").convert("HSV").split()
    )
    weight = np.asarray(small.getchannel("A"), float) / 255
    colour = weight * (saturation / 255) ** 1.5 * (value / 255) ** 0.5
    bins = np.bincount((hue // 8).astype(int).ravel(), colour.ravel(), minlength=32)
    smooth = bins + 0.6 * (np.roll(bins, 1) + np.roll(bins, -1))
    top = int(smooth.argmax())
    near = [(top + step) % 32 for step in (-1, 0, 1)]
    angle = np.angle(sum(bins[i] * np.exp(1j * np.radians((i + 0.5) * 11.25)) for i in near))
    strength = float(colour.sum() / max(weight.sum(), 1e-6))
    return Tint(hue=float(np.degrees(angle) % 360), strength=strength)


def _hue_window(centre: float) -> list[int]:
    """A table over PIL hues: 255 near ``centre``, fading to 0 so that trim keeps its colour."""
    table = []
    for i in range(256):
        gap = abs((i * 360 / 256 - centre + 180) % 360 - 180)
        table.append(round(255 * min(1.0, max(0.0, (78 - gap) / 30))))
    return table


_COLOURED = [round(255 * min(1.0, max(0.0, (s - 34) / 40))) for s in range(256)]
_GREY_STRENGTH = 0.10  # below it an object counts as grey and is tinted whole


def repaint(art: Image.Image, paint: Paint | None) -> Image.Image:
    """The object in another colour. Near-grey parts of a coloured object stay as they are."""
    if paint is None:
        return art
    tint = tint_of(art)
    rgb = art.convert("RGB")
    hue, saturation, value = rgb.convert("HSV").split()
    if paint.dye == "whole":
        out = _dyed(art, paint)
    elif paint.dye == "body" or tint.strength < _GREY_STRENGTH:
        out = Image.composite(rgb, _dyed(art, paint), saturation.point(_COLOURED))
    else:
        mask = ImageChops.multiply(hue.point(_hue_window(tint.hue)), saturation.point(_COLOURED))
        shifted = (
            hue.point([_hue_moved(i, tint.hue, paint.hue) for i in range(256)]),
            saturation.point([min(255, round(i * paint.saturation)) for i in range(256)]),
            value.point([_brightness(i, paint) for i in range(256)]),
        )
        out = Image.composite(Image.merge("HSV", shifted).convert("RGB"), rgb, mask)
    out.putalpha(art.getchannel("A"))
    return out


def _hue_moved(level: int, old: float, new: float) -> int:
    """A PIL hue moved from around ``old`` to around ``new``, drawn together so that no rainbow appears."""
    gap = (level * 360 / 256 - old + 180) % 360 - 180
    return round((new + gap * 0.4) % 360 * 256 / 360) % 256


def _brightness(level: int, paint: Paint) -> int:
    scaled = level * paint.value
    return min(255, round(scaled + (255 - scaled) * paint.lift))


def _dyed(art: Image.Image, paint: Paint) -> Image.Image:
    """A grey object takes the colour as cloth takes dye: shade and shine stay."""
    grey = ImageOps.autocontrast(art.convert("L"), cutoff=1, mask=art.getchannel("A"))
    saturation = min(1.0, 0.62 * paint.saturation)
    middle = min(1.0, 0.86 * paint.value + 0.3 * paint.lift)
    dark, mid, light = (
        _rgb(paint.hue, saturation * s, v)
        for s, v in ((1.1, middle * 0.55), (1.0, middle), (0.28, min(1.0, middle * 1.22)))
    )
    return ImageOps.colorize(grey, dark, light, mid, midpoint=120)


def _rgb(hue: float, saturation: float, value: float) -> RGB:
    red, green, blue = colorsys.hsv_to_rgb(hue % 360 / 360, min(1.0, saturation), min(1.0, value))
    return round(red * 255), round(green * 255), round(blue * 255)


def _pastel(tint: Tint, lightness: float, saturation: float) -> RGB:
    """A wall colour: an object that is hardly coloured gets a wall that is hardly coloured."""
    chroma = saturation * min(1.0, 0.55 + tint.strength)
    red, green, blue = colorsys.hls_to_rgb(tint.hue / 360, lightness, chroma)
    return round(red * 255), round(green * 255), round(blue * 255)


@lru_cache(maxsize=8)
def _stage(horizon: float, edge: int) -> tuple[Image.Image, Image.Image, Image.Image]:
    """Masks shared by all pictures: where the wall is dim, where the floor is, where the floor is dim."""
    y, x = np.mgrid[0:edge, 0:edge] / (edge - 1)
    distance = np.hypot((x - 0.5) * 0.92, y - 0.46)
    dim = np.clip((distance - 0.10) / 0.58, 0, 1) ** 1.35
    floor = np.clip((y - horizon) / 0.035, 0, 1)
    floor = floor * floor * (3 - 2 * floor)
    near = np.clip((y - horizon) / (1 - horizon), 0, 1)
    return tuple(Image.fromarray((m * 255).astype(np.uint8)) for m in (dim, floor, near))


@lru_cache(maxsize=24)
def _backdrop(hue: int, strength: int, horizon: float) -> Image.Image:
    tint = Tint(hue, strength / STRENGTHS)
    dim, floor, near = _stage(horizon, EDGE)
    size = (EDGE, EDGE)
    wall = Image.composite(
        Image.new("RGB", size, _pastel(tint, 0.872, 0.42)),
        Image.new("RGB", size, _pastel(tint, 0.936, 0.46)),
        dim,
    )
    ground = Image.composite(
        Image.new("RGB", size, _pastel(tint, 0.815, 0.42)),
        Image.new("RGB", size, _pastel(tint, 0.870, 0.44)),
        near,
    )
    return Image.composite(ground, wall, floor)


def _placed(piece: Piece, art: Image.Image) -> tuple[Image.Image, int, int]:
    """The object at its final size, with the pixel of its left upper corner."""
    width, height = art.size
    scale = 0.53 * EDGE * piece.size / (width * height) ** 0.5
    scale = min(scale, 0.66 * EDGE * piece.size / width, 0.62 * EDGE * piece.size / height)
    if piece.turned:
        art = _turned(art)
    if piece.tilt:
        art = art.rotate(piece.tilt, Image.Resampling.BICUBIC, expand=True)
        art = art.crop(art.getchannel("A").getbbox())
    size = (max(1, round(art.width * scale)), max(1, round(art.height * scale)))
    big = _sharpened(art).resize(size, Image.Resampling.LANCZOS)
    left = round(piece.x * EDGE - size[0] / 2)
    if piece.base is None:
        return big, left, max(round(0.07 * EDGE), round(0.56 * EDGE - size[1] / 2))
    return big, left, round(piece.base * EDGE - size[1])


def _sharpened(art: Image.Image) -> Image.Image:
    """Crisper before it is enlarged. The outside is filled first, else the edge would grow a dark rim."""
    alpha = art.getchannel("A")
    middle = tuple(round(level) for level in ImageStat.Stat(art.convert("RGB"), alpha).mean)
    filled = Image.new("RGB", art.size, middle)
    filled.paste(art, mask=alpha)
    crisp = filled.filter(ImageFilter.UnsharpMask(radius=1.2, percent=60, threshold=2))
    crisp.putalpha(alpha)
    return crisp


def _turned(art: Image.Image) -> Image.Image:
    """Seen from the other side: mirrored, a little narrower, the far edge a little shorter."""
    mirrored = ImageOps.mirror(art)
    width, height = mirrored.size
    inset = height * 0.05
    corners = (0, -inset, 0, height + inset, width, height, width, 0)
    return mirrored.transform(
        (round(width * 0.9), height), Image.Transform.QUAD, corners, Image.Resampling.BICUBIC
    )


def _shadow(big: Image.Image, left: int, base: int) -> tuple[Image.Image, tuple[int, int]]:
    """Darkness under an object, from how near each of its columns comes to the floor, and its corner."""
    factor = EDGE // SHADE_EDGE
    alpha = np.asarray(
        big.getchannel("A").resize(
            (max(1, big.width // factor), max(1, big.height // factor)), Image.Resampling.BOX
        )
    )
    solid = alpha > 90
    gap = np.where(solid.any(axis=0), solid[::-1].argmax(axis=0), 10_000)
    start = left // factor
    columns = np.arange(SHADE_EDGE) - start
    inside = (columns >= 0) & (columns < gap.size)
    gaps = np.full(SHADE_EDGE, 10_000.0)
    gaps[inside] = gap[columns[inside]]
    rows = np.arange(SHADE_EDGE)[:, None] - base / factor
    reach = max(8.0, big.width / factor)
    touch = _soft(np.exp(-gaps / 5.0), 2.0) * np.exp(-(((rows - 0.4) / 2.3) ** 2))
    middle = rows - reach * 0.045
    spread = _soft(np.exp(-gaps / (reach * 0.55)), reach * 0.075)
    wide = spread * np.exp(-((middle / (reach * 0.085)) ** 2))
    shade = np.clip(0.40 * touch + 0.36 * wide, 0, 0.62)
    mask = Image.fromarray((shade * 255).astype(np.uint8))
    x0, y0, x1, y1 = mask.getbbox() or (0, 0, 1, 1)
    part = mask.crop((x0, y0, x1, y1))
    whole = part.resize((part.width * factor, part.height * factor), Image.Resampling.BICUBIC)
    return whole, (x0 * factor, y0 * factor)


def _soft(profile: np.ndarray, sigma: float) -> np.ndarray:
    reach = int(sigma * 3) + 1
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return np.convolve(profile, kernel / kernel.sum(), mode="same")


def compose(scene: Scene, art_dir: Path) -> tuple[Image.Image, str]:
    """The picture at full size and its background as ``#rrggbb`` (for the place before it loads)."""
    arts = [repaint(art_open(art_dir, piece.art), piece.paint) for piece in scene.pieces]
    tint = tint_of(arts[-1])
    picture = _backdrop(
        round(tint.hue / 10) * 10 % 360,
        min(STRENGTHS, round(tint.strength * STRENGTHS)),
        scene.horizon,
    ).copy()
    dark = _pastel(tint, 0.28, 0.34)
    placed = [_placed(piece, art) for piece, art in zip(scene.pieces, arts, strict=True)]
    for big, left, top in placed:
        mask, corner = _shadow(big, left, top + big.height)
        picture.paste(Image.new("RGB", mask.size, dark), corner, mask)
    for big, left, top in placed:
        picture.paste(big, (left, top), big)
    return picture, "#{:02x}{:02x}{:02x}".format(*_pastel(tint, 0.90, 0.35))
