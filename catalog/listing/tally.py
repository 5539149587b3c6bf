"""The counts beside a list, as its statement answered them."""

from collections import defaultdict


class Tally:
    """``bits``: by the key of each facet that narrows, what a row misses that it leaves out."""

    def __init__(self, *, bits: dict[str, int]) -> None:
        self.bits = bits
        self._rows: dict[str, dict[int | None, dict[int, int]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(int))
        )

    def add(self, kind: str, value: int | None, missed: int, number: int) -> None:
        self._rows[kind][value][missed] += number

    @property
    def total(self) -> int:
        """In the list."""
        return self._rows["total"][None][0]

    @property
    def scope(self) -> int:
        """In the list if nothing narrowed it."""
        return sum(self._rows["total"][None].values())

    def without(self, facet: str) -> int:
        """In the list if this facet did not narrow it."""
        return self._of(self._rows["total"][None], facet)

    def values(self, kind: str) -> set[int]:
        """What occurs in the scope, whatever narrows it."""
        return {value for value in self._rows[kind] if value is not None}

    def count(self, kind: str, value: int, *, facet: str) -> int:
        """How many the list would have with ``value``, all other facets as they are."""
        return self._of(self._rows[kind][value], facet) if value in self._rows[kind] else 0

    def everywhere(self, kind: str, value: int) -> int:
        """How many of the whole scope have ``value``."""
        return sum(self._rows[kind][value].values()) if value in self._rows[kind] else 0

    def _of(self, by_missed: dict[int, int], facet: str) -> int:
        bit = self.bits.get(facet, 0)
        return by_missed.get(0, 0) + (by_missed.get(bit, 0) if bit else 0)
