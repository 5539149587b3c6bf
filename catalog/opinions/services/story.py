"""The story of every text: one entry per thing that happened."""

from typing import Any

from catalog.opinions.models import Action, HistoryEntry, Kind


def note(
    kind: Kind | str,
    object_id: int,
    action: Action,
    *,
    actor: Any,
    reason: str = "",
    text: str = "",
) -> HistoryEntry:
    """Write one entry. ``actor`` is a user, or None for a guest."""
    return HistoryEntry.objects.create(
        kind=kind,
        object_id=object_id,
        action=action,
        actor=actor if actor is not None and actor.is_authenticated else None,
        reason=reason,
        note=text[:300],
    )
