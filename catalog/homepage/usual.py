"""The home page of a shop that nobody has arranged yet."""

import uuid
from typing import Any

from catalog.homepage.models import Block, Kind

HERO = {
    "title_en": "Good things, well kept.",
    "title_zh_hans": "好物，用心。",
    "text_en": "Tea, light and small comforts for long evenings, chosen by people who use them.",
    "text_zh_hans": "茶、灯光与长夜小物，由用过的人挑选。",
    "label_en": "See everything",
    "label_zh_hans": "查看全部",
    "link": "/catalogue/",
    "second_label_en": "What is new",
    "second_label_zh_hans": "看看新品",
    "second_link": "/catalogue/?sort=newest",
}
ROWS: list[tuple[Kind, dict[str, Any]]] = [
    (Kind.HERO, HERO),
    (Kind.YOURS, {}),
    (Kind.POPULAR, {}),
    (Kind.CHOSEN, {}),
    (Kind.TILES, {}),
    (Kind.NEWEST, {}),
    (Kind.GUIDE, {}),
]


def usual_blocks() -> list[Block]:
    """Not saved; in their order, each with the key that it has in every shop."""
    return [
        Block(
            key=uuid.uuid5(uuid.NAMESPACE_URL, f"home:{kind.value}"),
            kind=kind,
            position=position,
            **facts,
        )
        for position, (kind, facts) in enumerate(ROWS)
    ]
