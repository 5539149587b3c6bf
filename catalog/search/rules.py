"""What the operator decided, ready for use and kept for a minute: every search asks for it."""

from collections import defaultdict
from dataclasses import dataclass, field

from catalog.search.analysis import phrase_fold
from catalog.search.models import LANGUAGES, RankingWeights, SearchRedirect, SynonymGroup
from shop.core.nearby import Nearby

RULES_SECONDS = 60  # how long an old decision may hold if the cache missed its end


@dataclass(frozen=True)
class Weights:
    """How much each part of a score counts, 0 to 10. The defaults are the model's."""

    text: float = RankingWeights._meta.get_field("text").default
    sales: float = RankingWeights._meta.get_field("sales").default
    stock: float = RankingWeights._meta.get_field("stock").default
    rating: float = RankingWeights._meta.get_field("rating").default


@dataclass(frozen=True)
class Rules:
    """By language of the reader: folded phrase → what it also finds; folded query → address."""

    weights: Weights = Weights()
    synonyms: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    redirects: dict[str, dict[str, str]] = field(default_factory=dict)


def rules_current() -> Rules:
    """From the cache, or read in three queries."""
    return _rules.get()


def _rules_read() -> Rules:
    row = RankingWeights.objects.values("text", "sales", "stock", "rating").first()
    synonyms: dict[str, dict[str, set[str]]] = {code: defaultdict(set) for code in LANGUAGES}
    for group in SynonymGroup.objects.filter(is_active=True):
        words = [phrase for word in group.words if (phrase := phrase_fold(word))]
        source = phrase_fold(group.source)
        for language in [group.language] if group.language else LANGUAGES:
            for word in [source] if source else words:
                synonyms[language][word].update(other for other in words if other != word)
    redirects: dict[str, dict[str, str]] = {code: {} for code in LANGUAGES}
    for redirect in SearchRedirect.objects.filter(is_active=True).order_by("language"):
        # One of a language comes after one of all, and so wins.
        for language in [redirect.language] if redirect.language else LANGUAGES:
            redirects[language][redirect.folded] = redirect.url
    return Rules(
        weights=Weights(**row) if row else Weights(),
        synonyms={
            code: {phrase: tuple(sorted(others)) for phrase, others in found.items() if others}
            for code, found in synonyms.items()
        },
        redirects=redirects,
    )


_rules = Nearby("catalog.search.rules", _rules_read, seconds=RULES_SECONDS, by_language=False)
