"""Which families the same people take: item-to-item weights for "for you".

Co-occurrence over buyers, weighed in one of three ways. `docs/recommendations.md` says which of
them finds held-out orders best; `catalog.recommend.settings` names it.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

OWN_AT_MOST = 60  # families of one buyer that are paired, the newest; more is a reseller
KEPT = 30  # neighbours of a family
SHRINK = 10.0  # buyers that a pair must outweigh: a pair seen twice is not sure of anything

Neighbours = dict[int, list[tuple[int, float]]]
Weighing = Callable[[int, int, int, int], float]


def counted(both: int, one: int, other: int, total: int) -> float:
    """Of those who took the one, how many took the other."""
    return both / one


def cosine(both: int, one: int, other: int, total: int) -> float:
    """Between the two columns of buyers, held back where few were seen."""
    return both / math.sqrt(one * other) * both / (both + SHRINK)


def likelihood(both: int, one: int, other: int, total: int) -> float:
    """Pointwise mutual information, held back where few were seen."""
    return max(math.log(both * total / (one * other)), 0.0) * both / (both + SHRINK)


WEIGHINGS: dict[str, Weighing] = {"counted": counted, "cosine": cosine, "likelihood": likelihood}


def neighbours_find(
    histories: Iterable[Sequence[int]], *, weighing: Weighing, kept: int = KEPT
) -> Neighbours:
    """By family: the others with their weights, the heaviest first."""
    single: Counter[int] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    total = 0
    for history in histories:
        families = sorted(set(history[-OWN_AT_MOST:]))
        total += 1
        single.update(families)
        pairs.update(combinations(families, 2))
    weights: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for (a, b), both in pairs.items():
        weights[a].append((b, weighing(both, single[a], single[b], total)))
        weights[b].append((a, weighing(both, single[b], single[a], total)))
    return {family: best_of(others, kept) for family, others in weights.items()}


def best_of(weighed: Iterable[tuple[int, float]], kept: int) -> list[tuple[int, float]]:
    """The heaviest, ties by key so that every run says the same."""
    return sorted(weighed, key=lambda one: (-one[1], one[0]))[:kept]


def blended(
    people: Neighbours, content: Neighbours, *, share: float, kept: int = KEPT
) -> Neighbours:
    """Both opinions in one: ``share`` of the people's, the rest of the content's.

    Each is scaled to its own heaviest neighbour, so that neither drowns the other. A family that
    nobody bought yet has the content's neighbours alone: that is its cold start.
    """
    mixed: Neighbours = {}
    for family in people.keys() | content.keys():
        sums: dict[int, float] = defaultdict(float)
        for source, part in ((people, share), (content, 1 - share)):
            own = source.get(family, [])
            top = own[0][1] if own and own[0][1] > 0 else 1.0
            for other, weight in own:
                sums[other] += part * weight / top
        mixed[family] = best_of(sums.items(), kept)
    return mixed


def ranked(
    neighbours: Mapping[int, Sequence[tuple[int, float]]], weights: Mapping[int, float]
) -> list[int]:
    """What sources of these weights suggest together, the best first."""
    sums: dict[int, float] = defaultdict(float)
    for source, loudness in weights.items():
        for other, weight in neighbours.get(source, ()):
            sums[other] += loudness * weight
    return sorted(sums, key=lambda family: (-sums[family], family))
