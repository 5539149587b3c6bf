"""Composing the card that goes with a link: the product on its floor, its name, its maker, the shop.

The floor of the picture goes on to the left, so that the words stand in the same room as the thing.
No price: others keep the picture for weeks, and a price would be wrong by then.
"""

import math
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from catalog.seo.cards import HEIGHT, WIDTH
from catalog.seo.fonts import BOLD, USUAL, Draw, Type, lines_of, writable

RECIPE = 1  # raise it when cards look different, and every card is made again
QUALITY = 82
MARGIN = 64
INK, INK_2, ACCENT, STAR, STAR_OFF = "#1d1a17", "#5d564d", "#c8452d", "#a86f10", "#d8cebf"
WALL, FLOOR = (251, 248, 243), (240, 232, 220)
HORIZON = 0.72  # of the height, as in the pictures
SIZES = (76, 66, 58, 50, 42, 36)  # of the name, the largest that fits
EDGE = 12  # pixels at the left of the picture from which the room goes on
STARS = 5
LARGE = 4  # stars are drawn larger and made small, for smooth edges


@dataclass(frozen=True)
class CardWords:
    """What stands on a card. ``rating`` 0: nobody has rated it. ``line``: under the name."""

    name: str
    shop: str
    brand: str = ""
    rating: float = 0.0
    line: str = ""


def card_draw(words: CardWords, picture: Image.Image | None) -> bytes:
    """A JPEG of 1200 by 630 pixels."""
    card, room = _room(picture)
    draw = ImageDraw.Draw(card)
    _words_write(card, draw, words, room)
    buffer = BytesIO()
    card.save(buffer, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return buffer.getvalue()


def _room(picture: Image.Image | None) -> tuple[Image.Image, int]:
    """The card with its picture, and how many pixels the words have."""
    if picture is None:
        return _plain_room(), WIDTH - 2 * MARGIN
    square = _cut_square(picture.convert("RGB")).resize((HEIGHT, HEIGHT), Image.Resampling.LANCZOS)
    left = WIDTH - HEIGHT
    wall = square.crop((0, 0, EDGE, HEIGHT)).resize((1, HEIGHT), Image.Resampling.BOX)
    card = wall.resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)
    card = card.filter(ImageFilter.GaussianBlur(3))
    card.paste(square, (left, 0), _fade(square.size))
    card = Image.composite(Image.new("RGB", card.size, WALL), card, _veil(left))
    return card, left - MARGIN - 8


def _cut_square(picture: Image.Image) -> Image.Image:
    edge = min(picture.size)
    x, y = (picture.width - edge) // 2, (picture.height - edge) // 2
    return picture.crop((x, y, x + edge, y + edge))


def _fade(size: tuple[int, int]) -> Image.Image:
    """The picture comes out of the room over its first pixels."""
    steps = 90
    row = Image.new("L", (size[0], 1), 255)
    row.putdata([min(255, 255 * x // steps) for x in range(size[0])])
    return row.resize(size)


def _veil(left: int) -> Image.Image:
    """How much lighter the room is where the words stand."""
    row = Image.new("L", (WIDTH, 1))
    row.putdata([max(0, min(150, round(150 * (left + 60 - x) / 240))) for x in range(WIDTH)])
    return row.resize((WIDTH, HEIGHT))


def _plain_room() -> Image.Image:
    card = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    card.paste(FLOOR, (0, round(HEIGHT * HORIZON), WIDTH, HEIGHT))
    return card.filter(ImageFilter.GaussianBlur(6))


def _words_write(card: Image.Image, draw: Draw, words: CardWords, room: int) -> None:
    """From the middle upwards and downwards: maker, name, line or stars; the shop at the foot."""
    kind, lines = _name_lines(writable(words.name), room)
    leading = round(kind.size * 1.22)
    brand, line = writable(words.brand), writable(words.line)
    height = len(lines) * leading + (46 if brand else 0) + (64 if words.rating or line else 0)
    y = (HEIGHT - 90 - height) / 2 + MARGIN / 2
    if brand:
        Type(28, USUAL).write(draw, (MARGIN, y + 28), brand, INK_2)
        y += 46
    for text in lines:
        kind.write(draw, (MARGIN, y + kind.size), text, INK)
        y += leading
    if words.rating:
        x = _stars(card, (MARGIN, round(y + 22)), words.rating, 30)
        Type(28, USUAL).write(draw, (x + 12, y + 47), f"{words.rating:.1f}", INK_2)
    elif line:
        Type(34, USUAL).write(draw, (MARGIN, y + 52), line, INK_2)
    if words.shop != words.name:
        _foot(draw, writable(words.shop))


def _name_lines(name: str, room: int) -> tuple[Type, list[str]]:
    """The largest letters in which the name takes few lines; the rest of a very long one is cut."""
    for size in SIZES:
        kind = Type(size, BOLD)
        lines = lines_of(name, kind, room, most=3 if size > SIZES[2] else 4)
        if lines is not None:
            return kind, lines
    kind = Type(SIZES[-1], BOLD)
    while name and lines_of(name + "…", kind, room, most=4) is None:
        name = name[: len(name) * 9 // 10]
    return kind, lines_of(name + "…", kind, room, most=4) or []


def _foot(draw: Draw, shop: str) -> None:
    y = HEIGHT - MARGIN
    draw.rounded_rectangle((MARGIN, y - 20, MARGIN + 20, y), radius=5, fill=ACCENT)
    Type(30, BOLD).write(draw, (MARGIN + 34, y), shop, INK)


def _stars(card: Image.Image, place: tuple[int, int], rating: float, size: int) -> int:
    """Five stars, filled as far as the rating goes. Returns where they end."""
    step = round(size * 1.18)
    wide = step * STARS
    mask = Image.new("L", (wide * LARGE, size * LARGE))
    draw = ImageDraw.Draw(mask)
    for number in range(STARS):
        draw.polygon(_star(number * step * LARGE, size * LARGE), fill=255)
    mask = mask.resize((wide, size), Image.Resampling.LANCZOS)
    whole, part = divmod(max(0.0, min(rating, STARS)), 1)
    lit = round(whole * step + part * size)
    colours = Image.new("RGB", (wide, size), STAR_OFF)
    colours.paste(STAR, (0, 0, lit, size))
    card.paste(colours, place, mask)
    return place[0] + wide


def _star(x: float, size: float) -> list[tuple[float, float]]:
    middle, radius = size / 2, size / 2
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.42
        angle = math.pi * (corner / 5 - 0.5)
        points.append((x + middle + reach * math.cos(angle), middle + reach * math.sin(angle)))
    return points
