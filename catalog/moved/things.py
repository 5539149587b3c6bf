"""What can move. Each kind registers how to find the address of one of its things.

``thing_register("article", url_of)``: ``url_of`` takes keys and says the paths they have now, with or
without a language before them; what is gone or hidden is left out. Then, whenever a thing leaves an
address, in the same transaction: ``path_leave(kind="article", key=pk, old="/journal/old/",
new="/journal/new/")`` of `catalog.moved.services`.
"""

from collections.abc import Callable, Collection

UrlsOf = Callable[[Collection[int]], dict[int, str]]
_things: dict[str, UrlsOf] = {}


def thing_register(kind: str, urls_of: UrlsOf) -> None:
    """The last one that registers for a kind is asked."""
    _things[kind] = urls_of


def urls_now(kind: str, keys: Collection[int]) -> dict[int, str]:
    """By key, only those that can be opened."""
    urls_of = _things.get(kind)
    return urls_of(keys) if urls_of and keys else {}
