"""What is computed from a product and must follow in the transaction of its change.

Prices, list facets and search documents register here. A *family* is a parent with its variants,
or a product without any; ids are always those of families.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import transaction

from catalog.models import Product

Refresher = Callable[[list[int]], None]

_refreshers: dict[str, tuple[int, Refresher]] = {}
_collected: ContextVar[set[int] | None] = ContextVar("catalog_refresh", default=None)


def refresher_register(name: str, refresher: Refresher, *, order: int) -> None:
    """``refresher`` gets ids of families that changed or are gone; lower orders run first.

    Prices are 10, list facets 20, search documents 30.
    """
    _refreshers[name] = (order, refresher)


@contextmanager
def refreshing() -> Iterator[None]:
    """One transaction; what changes inside is refreshed once, at its end."""
    with transaction.atomic():
        if _collected.get() is not None:
            yield  # the outer one refreshes
            return
        token = _collected.set(set())
        try:
            yield
            families = _collected.get() or set()
        finally:
            _collected.reset(token)
        families_refresh(families)


def families_touched(ids: Iterable[int]) -> None:
    """Tell that these families changed. Outside of `refreshing` the work is done at once."""
    collected = _collected.get()
    if collected is None:
        families_refresh(ids)
    else:
        collected.update(ids)


def family_touched(product: Product) -> None:
    """The same for a product or one of its variants."""
    families_touched([product.parent_id or product.pk])


def families_refresh(ids: Iterable[int]) -> None:
    """Run every refresher now, in one transaction."""
    wanted = sorted(set(ids))
    if not wanted:
        return
    with transaction.atomic():
        for _order, refresher in sorted(_refreshers.values(), key=lambda one: one[0]):
            refresher(wanted)
