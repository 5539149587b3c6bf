"""Who must know at once, in the same transaction, that a set was made, changed or taken apart.

The catalogue knows nothing of offers: `promotions.sets` registers and keeps one per set.
"""

from collections.abc import Callable

Watcher = Callable[[int], None]

_watchers: list[Watcher] = []


def set_watcher_register(watcher: Watcher) -> None:
    """``watcher`` gets the id of the set's product."""
    _watchers.append(watcher)


def set_watchers_tell(set_id: int) -> None:
    for watcher in _watchers:
        watcher(set_id)
