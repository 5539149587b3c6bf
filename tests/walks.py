"""How far random walks go. A run of all tests takes short ones; `make walks` takes long ones."""

import os

TIMES = int(os.environ.get("WALKS", "1"))


def examples(number: int) -> int:
    """``number`` of walks in a run of all tests, and so many times more in a long one."""
    return number * TIMES
