"""How much room a text takes in a list of search results.

Search engines cut by width, not by characters. Latin letters are reckoned with the widths of
Helvetica (and so Arial), in thousandths of the letter's height; Chinese characters are square.
"""

from unicodedata import east_asian_width

TITLE_PIXELS, TITLE_SIZE = 580, 20  # what is shown of a title on a desk, and its letters' height
TEXT_PIXELS, TEXT_SIZE = 920, 14  # about two lines of the text under it
TEXT_LEAST = 350  # shorter ones say little

SQUARE, USUAL = 1000, 556
_BY_WIDTH = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft·‘’",
    333: "()-`r“”",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…",
    1015: "@",
}
_WIDTHS = {letter: width for width, letters in _BY_WIDTH.items() for letter in letters}


def pixels(text: str, size: int) -> int:
    """The width of one line of ``text`` with letters ``size`` pixels high."""
    return round(sum(map(_width, text)) * size / 1000)


def _width(letter: str) -> int:
    known = _WIDTHS.get(letter)
    if known is not None:
        return known
    return SQUARE if east_asian_width(letter) in "WF" else USUAL


def fitted(text: str, most: int, size: int) -> str:
    """``text`` in ``most`` pixels, cut after a word with ``…`` where it is longer."""
    text = " ".join(text.split())
    if pixels(text, size) <= most:
        return text
    room = most - pixels("…", size)
    used, end = 0.0, 0
    for end, letter in enumerate(text):  # noqa: B007  the place where it ends is what we look for
        used += _width(letter) * size / 1000
        if used > room:
            break
    kept = text[:end]
    word = kept.rfind(" ")
    if word > end * 0.6 and text[end : end + 1] != " ":
        kept = kept[:word]
    return kept.rstrip(" ,;:·–—-，；：、") + "…"
