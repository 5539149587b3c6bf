"""Words out of texts and queries, the same on both sides. Pure: no database, no settings but one.

English is folded here (case, accents, full-width forms) and stemmed by PostgreSQL. Chinese is
folded to simplified characters and cut into the words of jieba and into pairs of neighbours: any
two characters that stand together are found, whether or not jieba sees a word in them.
"""

import logging
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from itertools import pairwise
from typing import Any, NamedTuple

from django.conf import settings

TEXT_AT_MOST = 20_000  # characters of a description that count
SYLLABLES_AT_MOST = 12
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
IS_HAN = re.compile(rf"[{HAN}]")
INSIDE_WORD = re.compile(r"(?<=\w)['’ʼ](?=\w)")
TAG = re.compile(r"<[^<>]*>")
LETTERS_APART = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "œ": "oe", "ı": "i"}
)
ASIDE = re.compile(
    r"[,;:(，；：（]|(?<=.)\s(?:in|with|for|of|to|from|that|on|at|by|who|which)\s", re.IGNORECASE
)
SYLLABLE = re.compile(
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|ueng|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|an|ao|ei|en|er|ia|ie|in|iu"
    "|ou|ua|ue|ui|un|uo|ve|vn|a|e|i|o|u|v)"
)
PARTICLES = frozenset("的了和与之其是在有我你他她它们这那也就都而及或把被给")


class Run(NamedTuple):
    """Neighbouring characters of one kind: a word of letters and digits, or a piece of Chinese."""

    text: str
    is_han: bool


def fold(text: str) -> str:
    """Lower case, without accents, half-width, simplified; apostrophes inside words are gone."""
    text = unicodedata.normalize("NFKC", text.replace("\x00", " ")).casefold()
    if IS_HAN.search(text):
        text = _simplifier().convert(text)
    apart = unicodedata.normalize("NFKD", text.translate(LETTERS_APART))
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return INSIDE_WORD.sub("", unicodedata.normalize("NFC", plain))


def phrase_fold(text: str) -> str:
    """The words of a phrase with one space between: what two queries are compared by."""
    return " ".join(run.text for run in runs(text))


def code_fold(text: str) -> str:
    """A SKU or barcode as it is compared; empty for what cannot be one.

    Spaces are allowed between digits only, as on a printed barcode.
    """
    text = unicodedata.normalize("NFKC", text).strip().upper()
    digits = re.sub(r"[\s-]", "", text)
    if digits.isdecimal() and digits.isascii():
        return digits
    return text if re.fullmatch(r"[!-~]{2,80}", text) else ""


def runs(text: str) -> list[Run]:
    """The folded text in pieces of one kind each; everything else is a gap."""
    return [Run(piece, bool(IS_HAN.match(piece))) for piece in RUN.findall(fold(text))]


def text_of_html(html: str) -> str:
    """What a reader sees of ``html``."""
    return unescape(TAG.sub(" ", html))


@lru_cache(maxsize=5_000)  # both languages' documents hold the same texts, and many share names
def document_tokens(text: str, *, is_name: bool) -> tuple[str, str]:
    """``text`` for a document: words that PostgreSQL shall stem, and Chinese tokens as they are.

    Names also give single characters, so that 茶 finds every kind of tea; in descriptions they
    would find everything.
    """
    words, tokens = [], []
    for run in runs(text[:TEXT_AT_MOST]):
        if run.is_han:
            tokens.extend(_han_tokens(run.text, is_name=is_name))
        else:
            words.append(run.text)
    return " ".join(words), " ".join(tokens)


def han_pairs(text: str) -> list[str]:
    """Every two neighbours, or the one character there is."""
    return [text[i : i + 2] for i in range(len(text) - 1)] or [text]


def han_words(text: str) -> list[str]:
    """Chinese in words, in their order and without overlap."""
    return [word for word in _jieba().cut(text) if word]


def han_parts(text: str) -> list[str]:
    """The words inside a word, or its pairs of neighbours."""
    inside = [word for word in _jieba().cut_for_search(text) if 1 < len(word) < len(text)]
    return inside or han_pairs(text)


def _han_tokens(text: str, *, is_name: bool) -> Iterator[str]:
    yield from han_pairs(text)
    yield from (word for word in _jieba().cut_for_search(text) if len(word) > 2)
    if is_name and len(text) > 1:
        yield from text


def title_head(title: str) -> str:
    """The last word before any "in", "with" or comma: what the thing is, in both languages.

    "Lotus seed mooncakes in a red box" is about mooncakes, 静屿头戴式耳机 about 耳机.
    """
    pieces = runs(ASIDE.split(title.strip(), maxsplit=1)[0])
    if not pieces:
        return ""
    return han_words(pieces[-1].text)[-1] if pieces[-1].is_han else pieces[-1].text


def commonness(word: str) -> int:
    """How often a Chinese word is written anywhere; 0 if it is no word of the dictionary."""
    return _jieba().FREQ.get(word, 0)


def name_words(text: str) -> tuple[set[str], set[str]]:
    """The words of a name for the vocabulary: those of letters, and the Chinese ones.

    Chinese words come alone and with their neighbour, so that "lyej" finds 蓝牙耳机.
    """
    latin: set[str] = set()
    chinese: set[str] = set()
    for run in runs(text):
        if not run.is_han:
            if len(run.text) > 1 and not run.text.isdecimal():
                latin.add(run.text[:60])
            continue
        words = han_words(run.text)
        chinese.update(word for word in _jieba().cut_for_search(run.text) if len(word) > 1)
        chinese.update(word for word in words if word not in PARTICLES)
        chinese.update(
            first + second
            for first, second in pairwise(words)
            if 1 < len(first + second) <= 6 and not {first, second} & PARTICLES
        )
    return latin, chinese


@lru_cache(maxsize=20_000)
def sound_of(word: str) -> str:
    """Chinese as it sounds, without tones: 手机 → shouji."""
    return "".join(_syllables_of(word))


@lru_cache(maxsize=20_000)
def initials_of(word: str) -> str:
    """The first letter of every syllable: 手机 → sj."""
    return "".join(syllable[0] for syllable in _syllables_of(word))[:20]


def _syllables_of(word: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return [syllable for syllable in lazy_pinyin(word, v_to_u=False) if syllable]


def pinyin_split(letters: str) -> list[str]:
    """``letters`` as pinyin syllables, as few as possible; empty if they are no pinyin."""
    ends: dict[int, list[str]] = {0: []}
    for start in range(len(letters)):
        if start not in ends or len(ends[start]) >= SYLLABLES_AT_MOST:
            continue
        for length in range(1, 7):
            piece = letters[start : start + length]
            end = start + len(piece)
            if len(piece) == length and SYLLABLE.fullmatch(piece):
                longer = [*ends[start], piece]
                if end not in ends or len(longer) < len(ends[end]):
                    ends[end] = longer
    return ends.get(len(letters), [])


def distance(one: str, other: str, *, at_most: int) -> int:
    """Slips between two words: letters changed, added, left out, or neighbours swapped.

    The restricted Damerau-Levenshtein distance; anything above ``at_most`` is ``at_most + 1``.
    """
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > at_most:
            return at_most + 1
    return row[-1]


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1)
def _jieba() -> Any:
    """Loaded at the first Chinese text; its dictionary is kept ready beside the shop's data."""
    import jieba

    jieba.setLogLevel(logging.CRITICAL)  # a dictionary that cannot be kept is no news
    cutter = jieba.Tokenizer()
    folder = settings.DATA_DIR / "jieba"
    folder.mkdir(parents=True, exist_ok=True)
    cutter.tmp_dir = str(folder)
    cutter.initialize()
    return cutter
