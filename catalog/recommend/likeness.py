"""Similar: alike in words, facts, shelf and price. Needs no orders, so it serves what is new.

Words and facts are compared by the cosine of their tf-idf vectors (Salton and Buckley, 1988).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import nlargest

from catalog.recommend.models import Reason

KEPT = 24  # similar families kept of each
COMMON = 0.25  # words in more than this share of all texts tell nothing apart
COMMON_AT_MOST = 300  # texts; keeps a run linear in the number of families
COMPARED = 150  # families looked at closely for each, by words and facts, and as many of its shelf
TITLE = 3  # a word of the title counts as often as three of the description
WORDS, FACTS, PLACE, PRICE, MAKER = 0.40, 0.20, 0.25, 0.10, 0.05
LATIN = re.compile(r"[a-z0-9]{3,}")
HAN = re.compile(r"[\u3400-\u9fff]+")

Vector = dict[str, float]


@dataclass(frozen=True)
class Described:
    """A family as text and facts. ``paths``: of its categories; ``facts``: ``code=value``."""

    pk: int
    title: str
    text: str
    facts: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    maker: int | None = None
    price: Decimal | None = None


@dataclass
class Likeness:
    """How alike two families are, from 0 to 1, and in what above all."""

    score: float
    reason: Reason


@dataclass
class _Corpus:
    words: dict[int, Vector] = field(default_factory=dict)
    facts: dict[int, Vector] = field(default_factory=dict)


def words_of(text: str) -> list[str]:
    """English words without plural s, Chinese in pairs of characters."""
    text = text.lower()
    latin = [word[:-1] if word.endswith("s") else word for word in LATIN.findall(text)]
    han = [run[at : at + 2] for run in HAN.findall(text) for at in range(max(len(run) - 1, 1))]
    return latin + han


def likenesses_find(
    described: Iterable[Described], *, step: int, kept: int = KEPT
) -> dict[int, list[tuple[int, Likeness]]]:
    """By family: the most alike, the best first. ``step``: letters of a path per level."""
    families = {one.pk: one for one in described}
    corpus = _Corpus(
        words=_weighed(
            {
                pk: Counter(words_of(one.title) * TITLE + words_of(one.text))
                for pk, one in families.items()
            }
        ),
        facts=_weighed({pk: Counter(one.facts) for pk, one in families.items()}),
    )
    by_words, by_facts = _postings(corpus.words), _postings(corpus.facts)
    by_shelf: dict[str, list[int]] = defaultdict(list)
    for one in families.values():
        for path in one.paths:
            by_shelf[path].append(one.pk)
    found = {}
    for pk, one in families.items():
        words = _cosines(corpus.words[pk], by_words)
        facts = _cosines(corpus.facts[pk], by_facts)
        alike = {other: words.get(other, 0) + facts.get(other, 0) for other in words | facts}
        near = [other for path in one.paths for other in by_shelf[path][:COMPARED]]
        closest = nlargest(COMPARED, alike, key=lambda other: (alike[other], -other))
        candidates = {*closest, *near} - {pk}
        scored = [
            (other, _compare(one, families[other], words.get(other, 0), facts.get(other, 0), step))
            for other in candidates
        ]
        scored.sort(key=lambda pair: (-pair[1].score, pair[0]))
        found[pk] = scored[:kept]
    return found


def _compare(one: Described, other: Described, words: float, facts: float, step: int) -> Likeness:
    place = _place(one.paths, other.paths, step)
    same_maker = one.maker is not None and one.maker == other.maker
    score = (
        WORDS * words
        + FACTS * facts
        + PLACE * place
        + PRICE * _price(one.price, other.price)
        + MAKER * same_maker
    )
    if words >= 0.25:
        return Likeness(score, Reason.TEXT)
    if same_maker:
        return Likeness(score, Reason.MAKER)
    return Likeness(score, Reason.CATEGORY if place >= 0.99 else Reason.TEXT)


def _place(own: tuple[str, ...], others: tuple[str, ...], step: int) -> float:
    """Share of the path that two categories have in common, for the nearest pair."""
    best = 0.0
    for one in own:
        for other in others:
            longest = max(len(one), len(other)) // step
            shared = 0
            while shared < longest and one[: (shared + 1) * step] == other[: (shared + 1) * step]:
                shared += 1
            best = max(best, shared / longest if longest else 0.0)
    return best


def _price(one: Decimal | None, other: Decimal | None) -> float:
    """1 for the same price, a half for twice or half of it."""
    if not one or not other or one <= 0 or other <= 0:
        return 0.0
    return 0.5 ** abs(math.log2(one / other))


def _weighed(counts: Mapping[int, Counter[str]]) -> dict[int, Vector]:
    """tf-idf vectors of length one; what is on nearly every card is dropped."""
    seen: Counter[str] = Counter()
    for count in counts.values():
        seen.update(count.keys())
    most = max(min(COMMON * len(counts), COMMON_AT_MOST), 2)
    vectors = {}
    for pk, count in counts.items():
        vector = {
            word: (1 + math.log(number)) * math.log(1 + len(counts) / seen[word])
            for word, number in count.items()
            if 1 < seen[word] <= most
        }
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        vectors[pk] = {word: value / length for word, value in vector.items()}
    return vectors


def _postings(vectors: Mapping[int, Vector]) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for pk, vector in vectors.items():
        for word, value in vector.items():
            found[word].append((pk, value))
    return found


def _cosines(vector: Vector, postings: Mapping[str, list[tuple[int, float]]]) -> dict[int, float]:
    sums: dict[int, float] = defaultdict(float)
    for word, value in vector.items():
        for pk, other in postings[word]:
            sums[pk] += value * other
    return sums
