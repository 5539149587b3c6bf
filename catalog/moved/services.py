"""Keeping old addresses and counting dead ones. Every function is safe to repeat."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from catalog.moved.models import DEAD_AT_MOST, KEEP_DAYS, DeadPath, Redirect
from catalog.moved.paths import path_kept
from shop.core.bulk import rows_update

COUNT_AT_MOST = 2_000_000_000


@transaction.atomic
def path_leave(*, kind: str, key: int, old: str, new: str) -> bool:
    """A thing goes from address ``old`` to ``new``: the old one leads to it from now on.

    Whoever left an address last owns it. A redirect away from ``new`` ends, because the thing is
    there. False when nothing moved.
    """
    old, new = path_kept(old), path_kept(new)
    if not old or old == new:
        return False
    if new:
        Redirect.objects.filter(old_path=new).delete()
    Redirect.objects.update_or_create(
        old_path=old,
        defaults={
            "kind": kind,
            "key": key,
            "new_path": "",
            "made_at": timezone.now(),
            "made_by": None,
        },
    )
    return True


@transaction.atomic
def redirects_set(*, pairs: Mapping[str, str], user_id: int | None) -> tuple[int, int]:
    """Lead each old address of ``pairs`` to its new one. How many are new, how many changed.

    The addresses must be as `catalog.moved.paths` keeps them; old ones that lead somewhere are
    overruled.
    """
    kept = Redirect.objects.filter(old_path__in=pairs).in_bulk(field_name="old_path")
    changed = [row for old, row in kept.items() if row.new_path != pairs[old]]
    for row in changed:
        row.new_path, row.kind, row.key = pairs[row.old_path], "", None
        row.made_at, row.made_by_id = timezone.now(), user_id
    rows_update(changed, ["new_path", "kind", "key", "made_at", "made_by"])
    new = [
        Redirect(old_path=old, new_path=there, made_by_id=user_id)
        for old, there in pairs.items()
        if old not in kept
    ]
    Redirect.objects.bulk_create(
        new,
        batch_size=500,
        update_conflicts=True,  # somebody may have been faster
        unique_fields=["old_path"],
        update_fields=["new_path", "kind", "key", "made_at", "made_by"],
    )
    return len(new), len(changed)


def redirect_change(*, row: Redirect, old: str, new: str, user_id: int | None) -> Redirect:
    """Lead ``old`` to ``new``, written over ``row``. Raises ``IntegrityError`` if ``old`` is taken."""
    row.old_path, row.new_path, row.kind, row.key = old, new, "", None
    row.made_at, row.made_by_id = timezone.now(), user_id
    row.save()
    return row


def dead_path_record(
    *, path: str, is_robot: bool, referrer: str, is_ours: bool, moment: dt.datetime
) -> bool:
    """Count a visit to an address at which nothing is. False when the log is full of others."""
    column = "bot_hits" if is_robot else "hits"
    facts: dict = {column: F(column) + 1, "last_seen": moment}
    if referrer:
        facts["referrer"] = referrer
    if is_ours:
        facts["is_ours"] = True
    known = DeadPath.objects.filter(path=path, hits__lt=COUNT_AT_MOST, bot_hits__lt=COUNT_AT_MOST)
    if known.update(**facts):
        return True
    if DeadPath.objects.count() >= DEAD_AT_MOST:
        return False
    row = DeadPath(
        path=path, referrer=referrer, is_ours=is_ours, first_seen=moment, last_seen=moment
    )
    setattr(row, column, 1)
    DeadPath.objects.bulk_create([row], ignore_conflicts=True)
    return True


def dead_paths_forget(*, now: dt.datetime | None = None) -> int:
    """Delete what nobody asked for in ``KEEP_DAYS``; and, of a full log, the half that matters least."""
    oldest = (now or timezone.now()) - dt.timedelta(days=KEEP_DAYS)
    gone, _by_model = DeadPath.objects.filter(last_seen__lt=oldest).delete()
    if DeadPath.objects.count() >= DEAD_AT_MOST:
        least = DeadPath.objects.order_by("hits", "last_seen").values("pk")[: DEAD_AT_MOST // 2]
        more, _by_model = DeadPath.objects.filter(
            pk__in=list(least.values_list("pk", flat=True))
        ).delete()
        gone += more
    return gone
