"""Filling in rules: ``{name} · {brand} · {shop}``."""

import re
from collections.abc import Mapping

from django.utils.html import strip_tags

from catalog.seo.widths import TEXT_PIXELS, TEXT_SIZE, fitted, pixels

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
SEPARATOR = re.compile(r"(\s+[·|–—-]\s+|\s*[｜，]\s*)")
BLOCK = re.compile(r"<(?=/?(?:p|br|li|ul|ol|h[1-6]|div|tr|td|th|blockquote)\b)", re.IGNORECASE)
ABOUT = "about"


def filled(template: str, words: Mapping[str, str]) -> str:
    """The text of ``template``; a part between separators goes when all it would say is empty.

    Unknown placeholders stay as they are: a title may want to speak of ``{braces}``.
    """
    parts = SEPARATOR.split(template)
    said = ""
    for number in range(0, len(parts), 2):
        part = _part(parts[number], words)
        if part:
            said += (parts[number - 1] if said else "") + part
    return " ".join(said.split())


def _part(part: str, words: Mapping[str, str]) -> str:
    known = [name for name in PLACEHOLDER.findall(part) if name in words]
    if known and not any(words[name] for name in known):
        return ""
    return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), part).strip()


def described(template: str, words: Mapping[str, str]) -> str:
    """The same for a description: ``{about}`` takes the room that the rest leaves."""
    rest = filled(template, {**words, ABOUT: ""})
    room = max(TEXT_PIXELS - pixels(rest, TEXT_SIZE), TEXT_PIXELS // 3)
    about = fitted(plain(words.get(ABOUT, "")), room, TEXT_SIZE)
    return filled(template, {**words, ABOUT: about})


def plain(text: str) -> str:
    """Without tags, in one line."""
    return " ".join(strip_tags(BLOCK.sub(" <", text)).split())


def unknown_words(template: str, known: tuple[str, ...]) -> list[str]:
    """Placeholders of ``template`` that its kind of page does not have."""
    return [name for name in dict.fromkeys(PLACEHOLDER.findall(template)) if name not in known]


def has_stray_brace(template: str) -> bool:
    """Whether a brace is left once the placeholders are taken out."""
    return bool(set("{}") & set(PLACEHOLDER.sub("", template)))
