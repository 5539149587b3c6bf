"""When nothing fits: typing slips, unfinished words and pinyin, mended from the vocabulary.

One statement reads every word that could have been meant; choosing among them is done here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from django.db import connection

from catalog.search.analysis import IS_HAN, commonness, distance, pinyin_split, sound_of
from catalog.search.query import Group, Query

INITIALS_AT_MOST = 6
MEANINGS_AT_MOST = 8  # words that one typed word may stand for
OTHERS_AT_MOST = 3  # texts offered as "did you mean"
PREFIX_FROM = 3  # letters of a word that may be finished for the shopper
SURE_PREFIX_FROM = 5  # of one that is rather unfinished than mistyped


class Word(NamedTuple):
    word: str
    language: str
    frequency: int
    sound: str
    initials: str


class Choice(NamedTuple):
    """What a typed word may have meant, the likeliest first.

    ``is_sure``: say that it was mended. Initials and beginnings stand for many words; their
    hits are shown, but the query stays as it was typed.
    """

    words: tuple[str, ...]
    is_sure: bool


@dataclass(frozen=True)
class Mended:
    """``query`` tells the words that occur in names from others. ``alternatives`` are whole queries."""

    query: Query
    alternatives: tuple[str, ...] = ()


def query_mend(query: Query, *, language: str) -> Mended:
    """The query with every unknown word replaced by what was likely meant. One statement."""
    open_groups = [group for group in query.groups if not group.is_known]
    if not open_groups:
        return Mended(query)
    vocabulary = _Vocabulary(_words_near(_needles(open_groups)))
    joined = _joined(query.groups, vocabulary)
    groups: list[Group] = []
    shown: list[str] = []
    others: list[tuple[int, Choice]] = []
    for group in joined or query.groups:
        choice = None if group.is_known else _choice(group, vocabulary, language)
        if choice is None:
            is_known = group.is_known or group.text in vocabulary.known
            groups.append(replace(group, is_known=is_known))
            shown.append(group.text)
            continue
        others.append((len(shown), choice))
        groups.append(group.mended(*choice.words))
        shown.append(choice.words[0] if choice.is_sure else group.text)
    text = _text(shown) if others or joined else query.text
    alternatives = [
        _text([*shown[:at], word, *shown[at + 1 :]])
        for at, choice in others
        for word in (choice.words[1:] if choice.is_sure else choice.words)
    ]
    kept = tuple(other for other in dict.fromkeys(alternatives) if other != text)
    return Mended(Query(text, tuple(groups)), kept[:OTHERS_AT_MOST])


class _Vocabulary:
    """The words that came back, by each way in which they are looked up."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.words = sorted(words, key=lambda word: (-word.frequency, len(word.word), word.word))
        self.known = {word.word for word in self.words}
        self.by_sound: dict[str, list[str]] = defaultdict(list)
        self.by_initials: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            if word.sound:
                self.by_sound[word.sound].append(word.word)
                self.by_initials[word.initials].append(word.word)


def _needles(groups: Sequence[Group]) -> dict[str, list[str]]:
    """What to look up: words as they are, sounds, initials, beginnings, and pairs run together."""
    exact, sounds, initials, similar = set(), set(), set(), set()
    for group in groups:
        exact.add(group.text)
        if group.is_han:
            sounds.add(sound_of(group.text))
            continue
        similar.add(group.text)
        if group.text.isascii() and group.text.isalpha():
            initials.add(group.text[:INITIALS_AT_MOST])
            sounds.update(_pinyin_pieces(group.text))
    for first, second in pairwise(groups):
        if first.is_han == second.is_han:
            both = first.text + second.text
            exact.add(both)
            sounds.update({sound_of(both)} if first.is_han else _pinyin_pieces(both))
    letters = [group.text for group in groups if not group.is_han]
    sounds.update(_pinyin_pieces("".join(letters)))
    whole = [group.text for group in groups if group.is_han]
    sounds.add(sound_of("".join(whole)) if whole else "")
    return {
        "exact": sorted(exact),
        "sounds": sorted(sounds - {""}),
        "initials": sorted(initials),
        "similar": sorted(similar),
    }


def _pinyin_pieces(letters: str) -> set[str]:
    """Every stretch of syllables in ``letters`` that could be a word of its own."""
    syllables = pinyin_split(letters)
    return {
        "".join(syllables[start:end])
        for start in range(len(syllables))
        for end in range(start + 1, len(syllables) + 1)
    }


def _words_near(needles: dict[str, list[str]]) -> list[Word]:
    similar = [word for word in needles["similar"] if len(word) > 2]
    near = ["word %% %s OR (word LIKE %s AND length(word) BETWEEN %s AND %s)" for _word in similar]
    beginnings = [f"{word}%" for word in similar if len(word) >= PREFIX_FROM]
    sql = f"""
        SELECT word, language, frequency, sound, initials FROM finding_searchword
        WHERE word = ANY(%s) OR sound = ANY(%s) OR initials = ANY(%s)
              OR word LIKE ANY(%s) OR sound LIKE ANY(%s)
              {"".join(f" OR {one}" for one in near)}
        ORDER BY frequency DESC LIMIT 3000
    """  # noqa: S608  made of constants and placeholders
    params: list[object] = [needles["exact"], needles["sounds"], needles["initials"]]
    params += [beginnings, beginnings]
    for word in similar:
        # A swap in a short word leaves no trigram alike; its first letter is mostly right.
        short = len(word) <= 8
        params += [word, f"{word[0]}%" if short else "", len(word) - 1, len(word) + 1]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Word(*row) for row in cursor.fetchall()]


def _joined(groups: Sequence[Group], vocabulary: _Vocabulary) -> list[Group]:
    """Neighbours that are one word together: "head phones", "er ji", 蓝 芽. Empty if none are."""
    made: list[Group] = []
    at = 0
    while at < len(groups):
        for length in range(min(4, len(groups) - at), 1, -1):
            taken = groups[at : at + length]
            words = _one_word(taken, vocabulary)
            if words:
                made.append(taken[0].mended(*words))
                at += length
                break
        else:
            made.append(groups[at])
            at += 1
    return made if len(made) < len(groups) else []


def _one_word(groups: Sequence[Group], vocabulary: _Vocabulary) -> list[str]:
    if any(group.is_known for group in groups) or len({group.is_han for group in groups}) > 1:
        return []
    both = "".join(group.text for group in groups)
    if both in vocabulary.known:
        return [both]
    if groups[0].is_han:
        if all(group.text in vocabulary.known and len(group.text) > 1 for group in groups):
            return []
        return vocabulary.by_sound[sound_of(both)][:MEANINGS_AT_MOST]
    if any(not pinyin_split(group.text) for group in groups):
        return []
    return vocabulary.by_sound[both][:MEANINGS_AT_MOST]


def _choice(group: Group, vocabulary: _Vocabulary, language: str) -> Choice | None:
    """What this word may have meant; nothing if it is a word or like none."""
    if group.text in vocabulary.known:
        return None
    if group.is_han:
        return _chinese_choice(group.text, vocabulary)
    text = group.text
    by_sound, by_slip = _by_sound(text, vocabulary), _by_slip(text, vocabulary)
    if len(text) >= SURE_PREFIX_FROM and (begun := _by_beginning(text, vocabulary)):
        return by_sound or begun
    if by_sound and by_slip and distance(text, by_slip.words[0], at_most=2) > 1:
        return by_sound
    likely = (by_sound, by_slip) if language.startswith("zh") else (by_slip, by_sound)
    return (
        next(filter(None, likely), None)
        or _by_initials(text, vocabulary)
        or _by_beginning(text, vocabulary)
        or _by_beginning_with_slip(text, vocabulary)
    )


def _chinese_choice(text: str, vocabulary: _Vocabulary) -> Choice | None:
    """A word that sounds the same: 吉它 → 吉他."""
    same = vocabulary.by_sound[sound_of(text)][:MEANINGS_AT_MOST] if len(text) > 1 else []
    return Choice(tuple(same), True) if same else None


def _by_sound(text: str, vocabulary: _Vocabulary) -> Choice | None:
    """Pinyin: one word, or several run together, the longest taken first."""
    if text in vocabulary.by_sound:
        return Choice(tuple(vocabulary.by_sound[text][:MEANINGS_AT_MOST]), True)
    syllables = pinyin_split(text)
    found: list[str] = []
    at = 0
    while at < len(syllables):
        for end in range(len(syllables), at, -1):
            words = vocabulary.by_sound.get("".join(syllables[at:end]))
            if words and end - at > 1:
                found.append(words[0])
                at = end
                break
        else:
            return None
    return Choice((" ".join(found),), True) if found else None


def _by_slip(text: str, vocabulary: _Vocabulary) -> Choice | None:
    """The nearest word of letters; of equally near ones the more frequent.

    Two letters more or less are a slip in long words only: "headpo" is no "head".
    """
    at_most = _slips_allowed(text)
    near = []
    for place, word in enumerate(vocabulary.words):
        if word.language != "en" or abs(len(word.word) - len(text)) > (1 if len(text) < 9 else 2):
            continue
        slips = distance(text, word.word, at_most=at_most)
        if slips <= at_most:
            near.append((slips, word.word[0] != text[0], place, word.word))
    near.sort()
    fewest = near[0][0] if near else 0
    words = tuple(word for slips, *_, word in near if slips == fewest)
    return Choice(words[:3], True) if words else None


def _slips_allowed(text: str) -> int:
    if any(sign.isdigit() for sign in text) or len(text) < 3:
        return 0
    return 1 if len(text) < 6 else 2 if len(text) < 10 else 3


def _by_initials(text: str, vocabulary: _Vocabulary) -> Choice | None:
    """Who types only the first letters means a common word."""
    words = vocabulary.by_initials.get(text, []) if len(text) > 1 else []
    common = sorted(words, key=commonness, reverse=True)[:MEANINGS_AT_MOST]
    return Choice(tuple(common), False) if common else None


def _by_beginning(text: str, vocabulary: _Vocabulary) -> Choice | None:
    """An unfinished word, of letters or of pinyin."""
    if len(text) < PREFIX_FROM:
        return None
    words = [word.word for word in vocabulary.words if word.word.startswith(text)]
    words = words or [word.word for word in vocabulary.words if word.sound.startswith(text)]
    return Choice(tuple(words[:MEANINGS_AT_MOST]), False) if words else None


def _by_beginning_with_slip(text: str, vocabulary: _Vocabulary) -> Choice | None:
    """An unfinished word with one slip: "headpon"."""
    if len(text) < SURE_PREFIX_FROM:
        return None
    words = [
        word.word
        for word in vocabulary.words
        if word.word[0] == text[0]
        and any(
            distance(text, word.word[:length], at_most=1) <= 1
            for length in range(len(text) - 1, len(text) + 2)
        )
    ]
    return Choice(tuple(words[:MEANINGS_AT_MOST]), False) if words else None


def _text(parts: Sequence[str]) -> str:
    """As one would write it: Chinese words stand side by side."""
    text = parts[0]
    for before, after in pairwise(parts):
        is_chinese = IS_HAN.search(before[-1:]) and IS_HAN.match(after)
        text += after if is_chinese else f" {after}"
    return text
