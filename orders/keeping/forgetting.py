"""What nobody can come back to is not kept: shelves whose cookie is over, links that ended long ago."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from orders.keeping.cookies import YEAR
from orders.keeping.models import PutAside, SharedBasket, Shelf

LINK_KEPT = dt.timedelta(days=90)  # after its end, so that what came of it can still be counted
PORTION = 1000


def shelves_forget() -> int:
    """Delete guests' shelves into which nothing was put for as long as their cookie lives."""
    before = timezone.now() - dt.timedelta(seconds=YEAR)
    lately = PutAside.objects.filter(put_at__gte=before).values("shelf")
    left = Shelf.objects.filter(owner=None, made_at__lt=before).exclude(pk__in=lately)
    return _delete_in_portions(left)


def shares_forget() -> int:
    """Delete links to baskets that ended, or were ended, longer ago than `LINK_KEPT`."""
    before = timezone.now() - LINK_KEPT
    over = Q(expires_at__lt=before) | Q(ended_at__lt=before)
    return _delete_in_portions(SharedBasket.objects.filter(over))


def _delete_in_portions(rows: QuerySet[Any]) -> int:
    number = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:PORTION]):
        rows.model.objects.filter(pk__in=keys).delete()
        number += len(keys)
    return number
