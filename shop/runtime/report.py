"""What the start says on the terminal: one line a step, with its time, and a live count if slow."""

import sys
import time


class Line:
    """One step's line. On a terminal it is rewritten in place, elsewhere only its end shows."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.start = time.monotonic()
        self.last_shown = 0.0
        self.update("")

    def update(self, note: str) -> None:
        now = time.monotonic()
        if sys.stdout.isatty() and now - self.last_shown > 0.1:
            self.last_shown = now
            _write(f"\r\033[K  {self.label} … {note[:60]}")

    def done(self, note: str = "") -> None:
        seconds = time.monotonic() - self.start
        clear = "\r\033[K" if sys.stdout.isatty() else ""
        _write(f"{clear}  {self.label:<34}{seconds:6.1f} s{f'  {note}' if note else ''}\n")


def say(sentence: str) -> None:
    _write(f"{sentence}\n")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
