"""What a shopper typed, as groups of which each must be found. Pure: no database.

Text of people reaches PostgreSQL only as a parameter of ``plainto_tsquery``, which knows no
operators; what combines the groups is written here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from catalog.search.analysis import PARTICLES, Run, han_pairs, han_parts, han_words, runs

LENGTH_AT_MOST = 200  # characters of a query that count
GROUPS_AT_MOST = 10
CHOSEN_AMONG = 6
NEARLY_ALL = 0.6  # of the groups must fit when all of them do not

Params = list[str]
Synonyms = Mapping[str, Sequence[str]]  # folded phrase → folded phrases that it also finds


@dataclass(frozen=True)
class Group:
    """One thing that is asked for: ``text`` as typed and folded, ``terms`` of which one must fit."""

    text: str
    is_han: bool
    terms: tuple[str, ...]
    is_known: bool = False  # a synonym, or a word of names: nothing to mend

    def sql(self) -> tuple[str, Params]:
        """An expression of type tsquery."""
        return _any_sql([term_sql(term) for term in self.terms])

    def mended(self, *words: str) -> "Group":
        """The same place of the query, asked for as any of ``words``."""
        return replace(self, text=words[0], terms=words, is_known=True)


@dataclass(frozen=True)
class Query:
    """``text`` is folded: the words with one space between them."""

    text: str
    groups: tuple[Group, ...]

    def strict_sql(self) -> tuple[str, Params]:
        """Every group must fit."""
        return _all_sql(self.groups)

    def telling(self) -> "Query":
        """Without the words that stand in no name, if that leaves any."""
        known = tuple(group for group in self.groups if group.is_known)
        return replace(self, groups=known) if known else self

    def relaxed_sql(self) -> tuple[str, Params]:
        """Most groups must fit, of many groups the longest: there are many ways to choose."""
        longest = sorted(self.groups, key=lambda group: -len(group.text))[:CHOSEN_AMONG]
        number = len(longest)
        most = max(1, min(number - 1, round(number * NEARLY_ALL)))
        return _any_sql([_all_sql(chosen) for chosen in combinations(longest, most)])

    def any_sql(self) -> tuple[str, Params]:
        """One group must fit."""
        return _any_sql([group.sql() for group in self.groups])

    def loosened(self) -> "Query | None":
        """Long Chinese words in parts: 玫瑰花 as 玫瑰 and 花. Nothing if there are none."""
        groups: list[Group] = []
        for group in self.groups:
            parts = han_parts(group.text) if group.is_han and len(group.text) > 2 else []
            groups.extend(Group(part, True, (part,)) for part in parts)
            if not parts:
                groups.append(group)
        kept = tuple(dict.fromkeys(groups))[:GROUPS_AT_MOST]
        return replace(self, groups=kept) if kept != self.groups else None


def query_parse(text: str, *, synonyms: Synonyms) -> Query:
    """The groups of a query, each with its synonyms. Long queries are cut."""
    pieces = runs(text[:LENGTH_AT_MOST])
    longest = max((phrase.count(" ") + 1 for phrase in synonyms), default=1)
    groups: list[Group] = []
    at = 0
    while at < len(pieces) and len(groups) < GROUPS_AT_MOST:
        group, used = _phrase_group(pieces, at, synonyms, longest)
        if group:
            groups.append(group)
        elif pieces[at].is_han:
            groups.extend(_han_groups(pieces[at].text, synonyms))
        else:
            groups.append(Group(pieces[at].text, False, (pieces[at].text,)))
        at += used
    kept = tuple(dict.fromkeys(groups))[:GROUPS_AT_MOST]
    return Query(" ".join(piece.text for piece in pieces), kept)


def _phrase_group(
    pieces: list[Run], at: int, synonyms: Synonyms, longest: int
) -> tuple[Group | None, int]:
    """The longest synonym that begins here, and how many pieces it takes (1 if none does)."""
    for length in range(min(longest, len(pieces) - at), 0, -1):
        phrase = " ".join(piece.text for piece in pieces[at : at + length])
        if phrase in synonyms:
            is_han = all(piece.is_han for piece in pieces[at : at + length])
            return Group(phrase, is_han, (phrase, *synonyms[phrase]), is_known=True), length
    return None, 1


def _han_groups(text: str, synonyms: Synonyms) -> list[Group]:
    """Chinese without spaces: synonyms inside are cut out first, the rest becomes words."""
    for length in range(len(text), 1, -1):
        for start in range(len(text) - length + 1):
            phrase = text[start : start + length]
            if phrase in synonyms:
                found = Group(phrase, True, (phrase, *synonyms[phrase]), is_known=True)
                before, after = text[:start], text[start + length :]
                return [
                    *(_han_groups(before, synonyms) if before else ()),
                    found,
                    *(_han_groups(after, synonyms) if after else ()),
                ]
    words = han_words(text)
    telling = [word for word in words if word not in PARTICLES] or words
    return [Group(word, True, (word,)) for word in telling]


def term_sql(term: str) -> tuple[str, Params]:
    """All words of a term; Chinese as its pairs, which together mean that it occurs."""
    words, tokens = [], []
    for run in runs(term):
        if run.is_han:
            tokens.extend(han_pairs(run.text))
        else:
            words.append(run.text)
    parts = []
    params = []
    if words:
        parts.append("plainto_tsquery('english', %s)")
        params.append(" ".join(words))
    if tokens or not words:
        parts.append("plainto_tsquery('simple', %s)")
        params.append(" ".join(tokens))
    return f"({' && '.join(parts)})", params


def _all_sql(groups: Sequence[Group]) -> tuple[str, Params]:
    parts = [group.sql() for group in groups]
    return (
        f"({' && '.join(sql for sql, _ in parts)})",
        [param for _, params in parts for param in params],
    )


def _any_sql(parts: Sequence[tuple[str, Params]]) -> tuple[str, Params]:
    return (
        f"({' || '.join(sql for sql, _ in parts)})",
        [param for _, params in parts for param in params],
    )
