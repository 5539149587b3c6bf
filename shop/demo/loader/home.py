"""The home page with every kind of block, some of it planned or for some, and two notices."""

import datetime as dt
import tomllib
from typing import Any

from catalog.content.models import Article
from catalog.homepage.models import Block, Kind, Notice
from catalog.homepage.selectors import board, draft_blocks
from catalog.homepage.services import block_add, block_delete, home_publish, notice_save
from catalog.homepage.usual import usual_blocks
from promotions.offer.models import Range
from shop.demo.catalogue import DATA, Text
from shop.demo.loader.products import two

TEXTS = ("title", "text", "label")


def home_load(*, now: dt.datetime) -> None:
    """Blocks and notices of ``data/content/home.toml``, published."""
    with (DATA / "content" / "home.toml").open("rb") as source:
        planned = tomllib.load(source)
    for block in draft_blocks():
        block_delete(pk=block.pk)
    for row in planned["blocks"]:
        if (made := _block(row, now)) is not None:
            block_add(made, user_id=None)
    home_publish(seen=board().version, user_id=None)
    for row in planned["notices"]:
        if not row.get("needs") or Range.objects.filter(slug=row["needs"]).exists():
            _notice(row, now)


def _block(row: dict[str, Any], now: dt.datetime) -> Block | None:
    """None where the shop lacks what it is about."""
    if row["kind"] == "usual-hero":
        return usual_blocks()[0]
    block = Block(kind=Kind(row["kind"]), link=row.get("link", ""), **_times(row, now))
    block.audience = row.get("audience", block.audience)
    for name in TEXTS:
        for key, value in two(name, Text(*row.get(name, ("", "")))).items():
            setattr(block, key, value)
    slug = row.get("collection") or row.get("needs")
    if slug:
        block.collection = Range.objects.filter(slug=slug).first()
        if block.collection is None:
            return None
    if "article" in row:
        block.article = Article.objects.filter(slug=row["article"]).first()
        if block.article is None:
            return None
    if "ends" in row:
        block.ends_at = now + dt.timedelta(days=row["ends"])
    return block


def _notice(row: dict[str, Any], now: dt.datetime) -> None:
    notice = Notice(
        link=row["link"],
        tone=row["tone"],
        position=row.get("position", 0),
        **two("text", Text(*row["text"])),
        **_times(row, now),
    )
    notice_save(notice, seen=0, user_id=None)


def _times(row: dict[str, Any], now: dt.datetime) -> dict[str, dt.datetime]:
    names = {"from": "shown_from", "until": "shown_until"}
    return {
        field: now + dt.timedelta(days=row[name]) for name, field in names.items() if name in row
    }
