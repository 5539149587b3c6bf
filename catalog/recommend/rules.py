"""Bought together: association rules between two families (Agrawal, Imielinski and Swami, 1993).

For the rule a → b among N orders: support = n(a, b) / N, confidence = n(a, b) / n(a), lift =
confidence / (n(b) / N). A pair counts when it is seen often enough, when the lift is above one, and
when chance does not explain it: Dunning's log-likelihood ratio G² (1993), whose p values of all pairs
that occur are cut so that at most one rule in a hundred is false (Benjamini and Hochberg, 1995).
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

BOTH_AT_LEAST = 4  # orders with the pair
CONFIDENCE_AT_LEAST = 0.05  # below one in twenty, "often" would not be true
FAMILIES_AT_MOST = 40  # of one order; bigger ones are stocking up and say nothing about pairs
FALSE_AT_MOST = 0.01  # share of rules that chance may explain


@dataclass(frozen=True)
class Rule:
    """``product`` → ``other``; ``total``: all orders that were counted."""

    product: int
    other: int
    both: int
    orders: int
    others: int
    total: int

    @property
    def support(self) -> float:
        return self.both / self.total

    @property
    def confidence(self) -> float:
        return self.both / self.orders

    @property
    def lift(self) -> float:
        return self.both * self.total / (self.orders * self.others)

    @property
    def excess(self) -> float:
        """Confidence beyond chance: of those who take the product, how many more take the other."""
        return self.confidence - self.others / self.total


def rules_find(
    baskets: Iterable[Iterable[int]],
    *,
    both_at_least: int = BOTH_AT_LEAST,
    confidence_at_least: float = CONFIDENCE_AT_LEAST,
    false_at_most: float = FALSE_AT_MOST,
) -> list[Rule]:
    """Every rule that holds, both ways, the strongest beyond chance first."""
    single: Counter[int] = Counter()
    pairs: Counter[tuple[int, int]] = Counter()
    total = 0
    for basket in baskets:
        families = sorted(set(basket))
        total += 1
        single.update(families)
        if len(families) <= FAMILIES_AT_MOST:
            pairs.update(combinations(families, 2))
    tested = sorted(
        (chance_of(both, single[a], single[b], total), a, b, both) for (a, b), both in pairs.items()
    )
    last = 0
    for rank, (chance, *_pair) in enumerate(tested, start=1):
        if chance <= false_at_most * rank / len(tested):
            last = rank
    found = []
    for _chance, a, b, both in tested[:last]:
        if both >= both_at_least and both * total > single[a] * single[b]:
            found.append(Rule(a, b, both, single[a], single[b], total))
            found.append(Rule(b, a, both, single[b], single[a], total))
    found = [rule for rule in found if rule.confidence >= confidence_at_least]
    return sorted(found, key=lambda rule: (-rule.excess, rule.product, rule.other))


def chance_of(both: int, orders: int, others: int, total: int) -> float:
    """The p value of G² with one degree of freedom: how easily chance makes such a pair."""
    table = (both, orders - both, others - both, total - orders - others + both)
    expected = (
        orders * others / total,
        orders * (total - others) / total,
        (total - orders) * others / total,
        (total - orders) * (total - others) / total,
    )
    terms = (
        seen * math.log(seen / want) for seen, want in zip(table, expected, strict=True) if seen
    )
    return math.erfc(math.sqrt(max(sum(terms), 0.0)))  # sqrt(G² / 2), G² being twice the sum
