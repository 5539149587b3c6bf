"""How well each recommender finds orders it has not seen.

The history is cut at one moment. Recommenders learn from the orders before it; of every buyer with
orders on both sides, the last order is held out. They are asked for ten families that the buyer has
not bought; recall@10 is the share of the held-out order's new families among them, averaged over buyers.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from catalog.models import Category
from catalog.recommend.describe import families_described
from catalog.recommend.history import Purchase, bought_by, purchases_of
from catalog.recommend.likeness import likenesses_find
from catalog.recommend.models import Evaluation
from catalog.recommend.neighbours import (
    WEIGHINGS,
    Neighbours,
    blended,
    neighbours_find,
    ranked,
)
from catalog.recommend.popular import HALF_LIFE, popularity
from catalog.recommend.selectors import source_weights
from catalog.recommend.settings import HISTORY, PEOPLE_SHARE, WEIGHING
from catalog.sales import sales

HELD_OUT = dt.timedelta(days=60)
AT = 10
Recommender = Callable[[str, Sequence[int]], Sequence[int]]  # buyer and families, oldest first


@dataclass(frozen=True)
class Case:
    """A buyer, what they had bought (oldest first), and what was new in their last order."""

    buyer: str
    history: list[int]
    wanted: set[int]


@dataclass(frozen=True)
class Split:
    """What may be learned from, and what is asked."""

    train: list[Purchase]
    cases: list[Case]
    cut: dt.datetime


@dataclass(frozen=True)
class Figure:
    """One line of the table. ``recall`` and ``hits`` (buyers with at least one) from 0 to 1."""

    name: str
    recall: float
    hits: float
    seconds: float


def split_make(purchases: Sequence[Purchase], *, held_out: dt.timedelta = HELD_OUT) -> Split:
    """Cut ``held_out`` before the last order; buyers whose last order held nothing new are left out."""
    if not purchases:
        return Split([], [], dt.datetime.now(dt.UTC))
    cut = purchases[-1].at - held_out
    train = [one for one in purchases if one.at <= cut]
    last = {one.buyer: one.families for one in purchases if one.at > cut}
    histories = bought_by(train)
    cases = [
        Case(buyer, histories[buyer], wanted)
        for buyer, families in sorted(last.items())
        if buyer in histories and (wanted := families - set(histories[buyer]))
    ]
    return Split(train, cases, cut)


def figure_make(
    name: str, build: Callable[[], Recommender], cases: Sequence[Case], *, at: int = AT
) -> Figure:
    """Build the recommender and ask it every case; ``seconds`` counts both."""
    began = time.monotonic()
    recommend = build()
    found = [
        len(case.wanted & set(recommend(case.buyer, case.history)[:at])) / len(case.wanted)
        for case in cases
    ]
    number = len(cases) or 1
    return Figure(
        name=name,
        recall=round(sum(found) / number, 4),
        hits=round(sum(share > 0 for share in found) / number, 4),
        seconds=round(time.monotonic() - began, 2),
    )


def own_recommenders(split: Split, content: Neighbours) -> dict[str, Callable[[], Recommender]]:
    """By name: what the shop can compute itself."""
    histories = bought_by(split.train)

    def popular(half_life: dt.timedelta) -> Recommender:
        scores = popularity(split.train, now=split.cut, half_life=half_life)
        best = sorted(scores, key=lambda family: (-scores[family], family))
        return lambda _buyer, history: without(best, history)

    def near(neighbours: Neighbours) -> Recommender:
        def recommend(_buyer: str, history: Sequence[int]) -> list[int]:
            weights = source_weights(bought=list(reversed(history)), viewed=[])
            return without(ranked(neighbours, weights), history)

        return recommend

    def people(weighing: str) -> Neighbours:
        return neighbours_find(histories.values(), weighing=WEIGHINGS[weighing])

    builders: dict[str, Callable[[], Recommender]] = {
        "popular, half-life 7 days": lambda: popular(HALF_LIFE),
        "popular, half-life 28 days": lambda: popular(4 * HALF_LIFE),
        "similar by content": lambda: near(content),
    }
    for name in WEIGHINGS:
        builders[f"counting, {name}"] = lambda name=name: near(people(name))
    for share in (0.5, PEOPLE_SHARE, 0.9):
        builders[f"hybrid, {WEIGHING} {share:.0%} and content"] = lambda share=share: near(
            blended(people(WEIGHING), content, share=share)
        )
    return builders


def without(ids: Iterable[int], known: Sequence[int], *, at: int = AT) -> list[int]:
    """The first ``at`` that are not known."""
    skip, kept = set(known), []
    for pk in ids:
        if pk not in skip:
            kept.append(pk)
            if len(kept) == at:
                break
    return kept


def content_neighbours() -> Neighbours:
    """Likeness of all families; no order was needed for it."""
    alike = likenesses_find(families_described(), step=Category.steplen)
    return {pk: [(other, one.score) for other, one in others] for pk, others in alike.items()}


def evaluation_make(*, now: dt.datetime) -> Evaluation:
    """Measure the shop's own recommenders on its own orders, and keep the figures."""
    split = split_make(purchases_of(sales().lines(since=now - HISTORY)))
    builders = own_recommenders(split, content_neighbours())
    figures = [figure_make(name, build, split.cases) for name, build in builders.items()]
    return Evaluation.objects.create(
        buyers=len(split.cases), figures=[vars(figure) for figure in figures]
    )
