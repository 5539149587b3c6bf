"""Many at once: real threads, one barrier, a connection each."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def at_once(*calls: Callable[[], Any], timeout: float = 60) -> list[Any]:
    """Start all ``calls`` at one barrier; what each returned, or the error that it raised."""
    barrier = threading.Barrier(len(calls), timeout=timeout)

    def run(call: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()  # nobody starts early because connecting took long
            barrier.wait()
            return call()
        except Exception as error:  # the test looks at what came out of each
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls, timeout=timeout))


def kinds(outcomes: Sequence[Any]) -> Counter[str]:
    """How often each type came out."""
    return Counter(type(outcome).__name__ for outcome in outcomes)
