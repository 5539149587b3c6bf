"""Reading where old addresses lead, and what is asked for in vain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from catalog.moved.models import DeadPath, Redirect
from catalog.moved.paths import path_split
from catalog.moved.things import urls_now

STEPS_AT_MOST = 5  # redirects of operators that lead to one another


def target_of(path: str) -> str:
    """Where ``path`` (as kept) leads in the end, as kept; "" for nowhere. A visitor takes one step.

    One query for each redirect on the way, one more for a thing.
    """
    seen = {path}
    for _step in range(STEPS_AT_MOST):
        row = Redirect.objects.filter(old_path=path.partition("?")[0]).first()
        if row is None:
            return path if len(seen) > 1 else ""
        path = row.new_path or _now(row)
        if not path or path.partition("?")[0] in seen:
            return ""
        seen.add(path.partition("?")[0])
        if row.kind:
            return path
    return ""


def _now(row: Redirect) -> str:
    url = urls_now(row.kind, [row.key]).get(row.key, "")
    return path_split(url)[1] if url else ""


def leads_round(pairs: Mapping[str, str]) -> set[str]:
    """Which old addresses of ``pairs`` (old to new) would lead back to themselves or too far.

    Read together with the redirects that are kept. One query for each step.
    """
    there = {old: new.partition("?")[0] for old, new in pairs.items()}
    known: dict[str, str] = dict(there)
    wanted = set(there.values()) - known.keys()
    for _step in range(STEPS_AT_MOST):
        if not wanted:
            break
        rows = Redirect.objects.filter(old_path__in=wanted).exclude(new_path="")
        found = {
            old: new.partition("?")[0] for old, new in rows.values_list("old_path", "new_path")
        }
        known |= found
        wanted = set(found.values()) - known.keys()
    return {old for old in there if not _ends(old, known)}


def _ends(path: str, known: Mapping[str, str]) -> bool:
    for _step in range(STEPS_AT_MOST):
        path = known.get(path, "")
        if not path:
            return True
    return path not in known


@dataclass(frozen=True)
class RedirectShown:
    """A redirect and where it leads now; ``now`` is "" when the thing is gone."""

    row: Redirect
    now: str


def redirects_find(*, text: str = "", by_hand: bool | None = None) -> QuerySet[Redirect]:
    """Redirects whose old or new address holds ``text``, newest first."""
    rows = Redirect.objects.select_related("made_by").order_by("-made_at", "-pk")
    if by_hand is not None:
        rows = rows.filter(kind="") if by_hand else rows.exclude(kind="")
    if text:
        rows = rows.filter(Q(old_path__icontains=text) | Q(new_path__icontains=text))
    return rows


def redirects_shown(rows: Iterable[Redirect]) -> list[RedirectShown]:
    """One query for each kind among them."""
    rows = list(rows)
    by_kind: dict[str, set[int]] = {}
    for row in rows:
        if row.kind and row.key is not None:
            by_kind.setdefault(row.kind, set()).add(row.key)
    now = {
        (kind, key): url
        for kind, keys in by_kind.items()
        for key, url in urls_now(kind, keys).items()
    }
    return [RedirectShown(row, row.new_path or now.get((row.kind, row.key), "")) for row in rows]


def dead_paths(
    *, text: str = "", sort: str = "people", with_led: bool = False
) -> QuerySet[DeadPath]:
    """What was asked for in vain; ``sort``: ``people``, ``latest`` or ``robots``."""
    orders = {
        "people": ("-hits", "-last_seen", "pk"),
        "latest": ("-last_seen", "-pk"),
        "robots": ("-bot_hits", "-last_seen", "pk"),
    }
    rows = DeadPath.objects.order_by(*orders.get(sort, orders["people"]))
    if not with_led:
        rows = rows.exclude(path__in=Redirect.objects.values("old_path"))
    return rows.filter(path__icontains=text) if text else rows
