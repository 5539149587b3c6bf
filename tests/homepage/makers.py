"""Makers for the home page, through the services, as the office does it."""

from typing import Any

from catalog.homepage import services
from catalog.homepage.models import Block, Edition, Kind, Notice
from catalog.homepage.selectors import board, draft_blocks


def block_made(kind: str = Kind.TEXT, **facts: Any) -> Block:
    """At the end of the draft."""
    facts = {"title_en": "A word", "text_en": "Some words.", **facts}
    return services.block_add(Block(kind=kind, **facts), user_id=None)


def published() -> Edition:
    """Readers have the draft."""
    return services.home_publish(seen=board().version, user_id=None)


def arranged(*kinds: str) -> list[Block]:
    """A draft of these kinds and nothing else."""
    for block in draft_blocks():
        services.block_delete(pk=block.pk)
    return [block_made(kind, title_en="", text_en="") for kind in kinds]


def notice_made(text: str = "Late parcels", **facts: Any) -> Notice:
    return services.notice_save(Notice(text_en=text, **facts), seen=0, user_id=None)
