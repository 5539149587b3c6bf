"""The serif of the cards, Noto Serif SC, from a package: no machine has to have any font.

The package holds the font in a hundred pieces of a few hundred characters each, so that a card reads
the three or four pieces that its words need.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from django.conf import settings
from PIL import ImageDraw, ImageFont

PACKAGE = settings.BASE_DIR / "node_modules" / "@fontsource-variable" / "noto-serif-sc"
BOLD, USUAL = 640, 420  # weights
NO_LINE_BEGINS_WITH = "，。、；：！？）》」』”’…·,.;:!?)"
LATIN_QUOTES = str.maketrans("‘’“”", "''\"\"")  # the font's own are as wide as a Chinese character

Draw = ImageDraw.ImageDraw


@cache
def _pieces() -> dict[int, str]:
    """By character: the piece that holds it."""
    found: dict[int, str] = {}
    ranges = json.loads((PACKAGE / "unicode.json").read_text())
    for name, text in ranges.items():
        for first, last in re.findall(r"U\+([0-9a-f]+)(?:-([0-9a-f]+))?", text, re.IGNORECASE):
            for code in range(int(first, 16), int(last or first, 16) + 1):
                found[code] = name.strip("[]")
    return found


@lru_cache(maxsize=128)
def _face(piece: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    file = PACKAGE / "files" / f"noto-serif-sc-{piece}-wght-normal.woff2"
    face = ImageFont.truetype(str(file), size)
    face.set_variation_by_axes([weight])
    return face


@dataclass(frozen=True)
class Type:
    """A size in pixels and a weight."""

    size: int
    weight: int = BOLD

    def width(self, text: str) -> float:
        return sum(face.getlength(run) for run, face in self._runs(text))

    def write(self, draw: Draw, place: tuple[float, float], text: str, colour: str) -> float:
        """One line with its baseline at ``place``. Returns where it ends."""
        x, y = place
        for run, face in self._runs(text):
            draw.text((x, y), run, font=face, fill=colour, anchor="ls")
            x += face.getlength(run)
        return x

    def _runs(self, text: str) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
        pieces = _pieces()
        for run, piece in _runs(text, pieces):
            yield run, _face(piece, self.size, self.weight)


def _runs(text: str, pieces: dict[int, str]) -> Iterator[tuple[str, str]]:
    run, current = "", ""
    for letter in text:
        piece = pieces.get(ord(letter), "")
        if not piece:
            continue
        if piece != current and run:
            yield run, current
            run = ""
        run, current = run + letter, piece
    if run:
        yield run, current


def writable(text: str) -> str:
    """``text`` without what the font has no shapes for, in one line."""
    pieces = _pieces()
    kept = "".join(letter if ord(letter) in pieces else " " for letter in text)
    if not any(_is_chinese(letter) for letter in kept):
        kept = kept.translate(LATIN_QUOTES)
    return " ".join(kept.split())


def _is_chinese(letter: str) -> bool:
    return "\u2e80" <= letter <= "\uffef"


def lines_of(text: str, kind: Type, room: float, *, most: int) -> list[str] | None:
    """``text`` in lines of ``room`` pixels; None if it takes more than ``most`` of them."""
    lines, line = [], ""
    for word in _words(text):
        if line and kind.width((line + word).rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += word if line else word.lstrip()
    lines.append(line.rstrip())
    fits = len(lines) <= most and all(kind.width(one) <= room for one in lines)
    return lines if fits else None


def _words(text: str) -> Iterator[str]:
    """What stays together: a Latin word with its spaces, a Chinese character with its point."""
    word = ""
    for letter in text:
        joins = letter in NO_LINE_BEGINS_WITH or letter == " "
        starts = word and (_is_chinese(letter) or _is_chinese(word[-1]) or word[-1] == " ")
        if starts and not joins:
            yield word
            word = ""
        word += letter
    if word:
        yield word
