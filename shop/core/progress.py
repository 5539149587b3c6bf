"""One way to show progress: a bar on a terminal, one line a minute in a log."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")


def progress(items: Iterable[T], *, label: str, total: int | None = None) -> Iterator[T]:
    """Yield ``items`` and show how far it is. ``total`` if ``items`` cannot tell its length."""
    is_terminal = sys.stderr.isatty()
    yield from tqdm(
        items,
        desc=label,
        total=total,
        mininterval=0.2 if is_terminal else 60,
        ascii=None if is_terminal else True,
        leave=True,
        file=sys.stderr,
        dynamic_ncols=is_terminal,
    )
