"""How far random walks go. A run of all tests takes short ones; `make walks` takes long ones."""

import os
from functools import cache
from random import randrange

TIMES = int(os.environ.get("WALKS", "1"))


def examples(number: int) -> int:
    """``number`` of walks in a run of all tests, and so many times more in a long one."""
    return number * TIMES


@cache
def seed_of_walks() -> int:
    """The same in each run of all tests, another one in each long run; ``WALKS_SEED`` asks for one again."""
    return int(os.environ.get("WALKS_SEED", 1 if TIMES == 1 else randrange(1_000_000)))
