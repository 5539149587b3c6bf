"""Reviews for the demo shop: hand-written texts, matched to a good and never twice on one page."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from shop.demo.catalogue import DATA, Colour, Good

Language = Literal["en", "zh"]
EXTRA_SHARE = 0.45  # how many reviews carry a second thought


@dataclass(frozen=True)
class ReviewSeed:
    """One review as it stands on the page; ``score`` is 1 to 5 stars."""

    language: Language
    score: int
    title: str
    body: str


class _Row(NamedTuple):
    score: int
    fits: str
    title: str
    body: str


@lru_cache(maxsize=1)
def _bank() -> dict[str, Any]:
    with (DATA / "reviews.toml").open("rb") as source:
        raw = tomllib.load(source)
    return {
        "rows": {language: [_Row(*row) for row in raw[language]] for language in ("en", "zh")},
        "extras": raw["extras"],
    }


def reviews_written(
    good: Good, rng: random.Random, languages: Sequence[Language]
) -> list[ReviewSeed]:
    """One review per entry of ``languages``, in that order, all with different texts.

    Reviews made for the good's department are drawn twice as often as the general ones. Where more
    are asked for than there are texts, the list is shorter.
    """
    drawn: set[str] = set()
    used_extras: set[str] = set()
    reviews = []
    for language in languages:
        rows = [
            row
            for row in _bank()["rows"][language]
            if row.fits in ("any", good.department)
            and row.body not in drawn
            and not ("{colour}" in row.body and _colour(good) is None)
        ]
        if not rows:
            continue
        weights = [(2 if row.fits != "any" else 1) * _LIKELY[row.score] for row in rows]
        row = rng.choices(rows, weights)[0]
        drawn.add(row.body)
        reviews.append(_review(good, row, language, _extra(good, rng, language, used_extras), rng))
    return reviews


# How often people give each number of stars; the bank itself holds more complaints than that.
_LIKELY = {1: 0.4, 2: 0.6, 3: 0.8, 4: 1.3, 5: 1.4}


def _colour(good: Good) -> Colour | None:
    return None if good.colours[0].key == "natural" else good.colours[0]


def _extra(good: Good, rng: random.Random, language: Language, used: set[str]) -> str:
    if rng.random() > EXTRA_SHARE:
        return ""
    fitting = [
        text
        for text in _bank()["extras"][language]
        if text not in used and not ("{colour}" in text and _colour(good) is None)
    ]
    if not fitting:
        return ""
    chosen = rng.choice(fitting)
    used.add(chosen)
    return chosen


def _review(
    good: Good, row: _Row, language: Language, extra: str, rng: random.Random
) -> ReviewSeed:
    space = " " if language == "en" and extra else ""
    colour = rng.choice(good.colours).name
    facts = {
        "name": good.name.en if language == "en" else good.name.zh,
        "colour": colour.en.lower() if language == "en" else colour.zh,
    }
    return ReviewSeed(language, row.score, row.title, (row.body + space + extra).format(**facts))
