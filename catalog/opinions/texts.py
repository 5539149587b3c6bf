"""What people write: made plain, told apart by language, signed without giving them away."""

import re
import unicodedata

from django.conf import settings
from django.utils.translation import get_language

from shop.core.names import FAMILY_FIRST

# Characters that turn the direction of what follows, beyond the end of the text that holds them.
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
HAN = re.compile("[\u3400-\u9fff]")
CHINESE, OTHER = "zh-hans", "en"
HAN_SHARE = 0.2  # of the letters; a Chinese text may well hold English words


def reader_language() -> str:
    return get_language() or OTHER


def text_cleaned(text: str, *, lines: bool = True) -> str:
    """Without control characters, tricks of direction and long gaps. Tags stay what they are: text."""
    text = TURNING.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(char for char in text if char == "\n" or unicodedata.category(char) != "Cc")
    if not lines:
        return " ".join(text.split())
    text = re.sub(r"[^\S\n]+", " ", text)
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", text).strip()


def language_of(text: str) -> str:
    """``zh-hans`` or the reader's other language: whoever writes no Chinese writes the other."""
    letters = sum(char.isalpha() for char in text)
    if letters and len(HAN.findall(text)) / letters >= HAN_SHARE:
        return CHINESE
    here = get_language() or settings.LANGUAGE_CODE
    return OTHER if here.startswith("zh") else here


def signature(first: str, last: str) -> str:
    """``Hannah K.`` and 林**: what a member is called in public; empty when nothing is known."""
    first, last = first.strip(), last.strip()
    if FAMILY_FIRST.fullmatch(last or first):
        return f"{(last or first)[0]}**"
    if first and last:
        return f"{first.split()[0]} {last[0].upper()}."
    return first.split()[0] if first else ""


def guest_signature(name: str) -> str:
    """The same from one line that a guest typed."""
    words = text_cleaned(name, lines=False).split()
    if not words:
        return ""
    if len(words) == 1 and FAMILY_FIRST.fullmatch(words[0]):
        return f"{words[0][0]}**"
    return signature(words[0], words[-1] if len(words) > 1 else "")
