"""The only place of search that locks rows others share."""

from collections.abc import Iterable

from catalog.models import Product


def families_lock(ids: Iterable[int]) -> None:
    """Let one transaction at a time write the documents of a family.

    Of two transactions that change the same family the second one waits here and then reads what
    the first one wrote. Weaker than an update of the row: basket lines and stock may still point to it.
    """
    rows = Product.objects.filter(pk__in=set(ids)).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
