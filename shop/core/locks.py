"""Waiting for locks: how long, and what to do when two transactions collide.

The order in which locks are taken is written in docs/locking.md. Only `locks.py` modules
call ``select_for_update`` on shared rows.
"""

import functools
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

P = ParamSpec("P")
T = TypeVar("T")

# deadlock_detected, serialization_failure, lock_not_available
RETRYABLE = {"40P01", "40001", "55P03"}


def is_conflict(error: BaseException) -> bool:
    """Whether the database only asks us to try again."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError) and sqlstate in RETRYABLE


_pause = wait_random_exponential(multiplier=0.05, max=0.5)

# The tries after the first, which nearly always is the only one, so that it goes without the library.
# Made once: each call of it has its state for itself.
_again = Retrying(
    retry=retry_if_exception(is_conflict),
    stop=stop_after_attempt(2),
    before=lambda state: time.sleep(_pause(state)),
    reraise=True,
)


def retry_on_conflict(func: Callable[P, T]) -> Callable[P, T]:
    """Run ``func`` in a transaction of its own; on a collision, up to three times with jitter.

    Inside somebody else's transaction there is nothing to retry, so the call just goes through.
    """
    alone = transaction.atomic(func)

    @functools.wraps(func)
    def inner(*args: P.args, **kwargs: P.kwargs) -> T:
        if connection.in_atomic_block:
            return func(*args, **kwargs)
        try:
            return alone(*args, **kwargs)
        except OperationalError as error:
            if not is_conflict(error):
                raise
        return _again(alone, *args, **kwargs)

    return inner
