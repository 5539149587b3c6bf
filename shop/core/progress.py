"""One way to show progress: a bar on a terminal, one line a minute in a log."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")

LOG_SECONDS = 60  # between two lines of a log


class _LogBar:
    """What a log gets instead of a bar: whole lines, the last one when all is done."""

    def __init__(self, *, label: str, total: int | None) -> None:
        self.label, self.total = label, total
        self.count = 0
        self.start = self.last_written = time.monotonic()

    def update(self, more: int) -> None:
        self.count += more
        if time.monotonic() - self.last_written >= LOG_SECONDS:
            self.write()

    def write(self) -> None:
        self.last_written = time.monotonic()
        of_all = f" of {self.total}" if self.total is not None else ""
        seconds = self.last_written - self.start
        sys.stderr.write(f"{self.label}: {self.count}{of_all}, {seconds:.0f} s\n")
        sys.stderr.flush()


@contextmanager
def progress_bar(*, label: str, total: int | None) -> Iterator[Callable[[int], object]]:
    """For work that is not a loop: yields a function that is told how many more are done."""
    if sys.stderr.isatty():
        with tqdm(desc=label, total=total, mininterval=0.2, dynamic_ncols=True) as bar:
            yield bar.update
    else:
        log = _LogBar(label=label, total=total)
        yield log.update
        log.write()


def progress(items: Iterable[T], *, label: str, total: int | None = None) -> Iterator[T]:
    """Yield ``items`` and show how far it is. ``total`` if ``items`` cannot tell its length."""
    if total is None and isinstance(items, Sized):
        total = len(items)
    with progress_bar(label=label, total=total) as done:
        for item in items:
            yield item
            done(1)
