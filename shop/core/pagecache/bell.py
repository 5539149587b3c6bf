"""News for the processes of one machine, at the cost of reading eight bytes."""

import mmap
import os
import time
from pathlib import Path

SIZE = 8  # bytes of a number


class Bell:
    """Says when it was rung last. Without a place for its file each process has a bell of its own."""

    def __init__(self, path: Path) -> None:
        self._shared = _map(path)

    def read(self) -> int:
        """When it was rung last, in nanoseconds since 1970; another number means: again."""
        return int.from_bytes(self._shared[:SIZE], "little")

    def ring(self) -> None:
        self._shared[:SIZE] = time.time_ns().to_bytes(SIZE, "little")


def _map(path: Path) -> mmap.mmap:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return mmap.mmap(-1, SIZE)
    try:
        os.ftruncate(file, SIZE)
        return mmap.mmap(file, SIZE)
    finally:
        os.close(file)
