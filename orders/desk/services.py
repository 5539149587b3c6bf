"""Keeping a view of the list, and letting go of it."""

from typing import Any

from orders.desk.exceptions import TooManyViews
from orders.desk.models import DeskView
from orders.desk.selectors import MOST
from shop.core.locks import retry_on_conflict


@retry_on_conflict
def desk_view_keep(*, owner: Any, name: str, query: str, is_shared: bool = False) -> DeskView:
    """Keep the view under ``name``; one's own of this name is replaced, so twice is once.

    Raises ``TooManyViews``.
    """
    own = DeskView.objects.filter(owner=owner)
    if own.exclude(name=name).count() >= MOST:
        raise TooManyViews
    view, _is_new = DeskView.objects.update_or_create(
        owner=owner, name=name, defaults={"query": query, "is_shared": is_shared}
    )
    return view


def desk_view_drop(*, owner: Any, pk: int) -> bool:
    """Only one's own. False if it is gone."""
    return bool(DeskView.objects.filter(owner=owner, pk=pk).delete()[0])
