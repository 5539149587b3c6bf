"""The register of invariants. Each app adds its own; `manage.py verify` runs them all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Check = Callable[[], Iterable[str]]


class NothingToCheck(Exception):
    """Raised by a check that has nothing to compare with here; says why."""


@dataclass(frozen=True)
class Invariant:
    """``name`` is what must hold; ``check`` yields one sentence per row that breaks it."""

    name: str
    check: Check


_invariants: list[Invariant] = []


def invariant(name: str) -> Callable[[Check], Check]:
    """Register a check under the sentence that must hold."""

    def register(check: Check) -> Check:
        _invariants.append(Invariant(name, check))
        return check

    return register


def invariants() -> list[Invariant]:
    """All that are registered, in the order in which the apps start."""
    return list(_invariants)
