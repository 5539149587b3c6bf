"""Keeps `ListedProduct` what the catalogue says."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from catalog.listing.kept import lists_forget
from catalog.listing.locks import listed_rows_lock
from catalog.listing.models import ListedProduct
from catalog.listing.rows import (
    CHUNK,
    families_browsable,
    families_drifted,
    rows_made,
    said_of,
)
from catalog.listing.scopes import list_tags
from catalog.models import Product
from catalog.sales import sales
from shop.core.bulk import rows_update
from shop.core.pagecache import SITE, drop
from shop.core.prepared import INTEGERS, Prepared
from shop.core.progress import progress_bar

SOLD_DAYS = 28
WRITTEN = [
    field.name
    for field in ListedProduct._meta.concrete_fields
    if field.name not in ("product", "sold")
]


@transaction.atomic
def listed_refresh(ids: Iterable[int]) -> None:
    """Make the rows of these families what the catalogue says now; those not for show go.

    A fixed number of queries for any number of families.
    """
    wanted = sorted(set(ids))
    before = listed_rows_lock(wanted)
    families = _families.read(ids=wanted)
    if gone := before.keys() - {family.pk for family in families}:
        ListedProduct.objects.filter(pk__in=gone).delete()
    rows = rows_made(families)
    ListedProduct.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=WRITTEN,
    )
    lists_forget()  # before the pages go, so that none is made of what lists answered
    drop(*tags_changed(before, rows))


_families: Prepared[Product] = Prepared(
    lambda ids: families_browsable().filter(pk__in=ids), ids=INTEGERS
)


def tags_changed(before: dict[int, ListedProduct], rows: list[ListedProduct]) -> set[str]:
    """Of the kept lists in which something stands, counts or ranks otherwise than before."""
    after = {row.pk: row for row in rows}
    changed = [
        row
        for pk in before.keys() | after.keys()
        if said_of(before.get(pk)) != said_of(after.get(pk))
        for row in (before.get(pk), after.get(pk))
        if row is not None
    ]
    return (
        list_tags(
            categories={pk for row in changed for pk in row.category_ids},
            brands={row.brand_id for row in changed if row.brand_id},
        )
        if changed
        else set()
    )


def listing_rebuild() -> int:
    """Refresh every family and drop rows of those that are gone. How many are listed then.

    A transaction per 500 families, so that a shop with many stays open meanwhile.
    """
    ids = list(families_browsable().values_list("pk", flat=True))
    ListedProduct.objects.exclude(pk__in=families_browsable().values("pk")).delete()
    with progress_bar(total=len(ids), label="lists") as done:
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            listed_refresh(chunk)
            done(len(chunk))
    listed_sold_refresh()
    lists_forget()
    return len(ids)


def listed_drift_mend() -> int:
    """Refresh the rows that have drifted: after a change in the tree, and nightly."""
    ids = list(families_drifted())
    for start in range(0, len(ids), CHUNK):
        listed_refresh(ids[start : start + CHUNK])
    return len(ids)


def listed_sold_refresh(*, now: dt.datetime | None = None) -> int:
    """Write the units of the last 28 days. How many rows changed."""
    since = (now or timezone.now()) - dt.timedelta(days=SOLD_DAYS)
    units = sales().units(since=since)
    changed = []
    for row in ListedProduct.objects.only("pk", "sold").order_by("pk").iterator(chunk_size=2000):
        sold = units.get(row.pk, 0)
        if row.sold != sold:
            row.sold = sold
            changed.append(row)
    rows_update(changed, ["sold"])
    lists_forget()
    if changed:
        drop(SITE)
    return len(changed)


def families_out_of_date(*, now: dt.datetime) -> list[int]:
    """Families whose offer has ended by the clock."""
    over = ListedProduct.objects.filter(offer_ends_at__lte=now)
    return list(over.order_by("pk").values_list("pk", flat=True))
