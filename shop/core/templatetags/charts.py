"""Charts as SVG made by the server: no script, no inline style, which the policy forbids.

Coordinates are text here, so that no language writes them with a decimal comma.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template

register = template.Library()

SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 100, 36, 3
SLOT, HALF, WHOLE = 10, 3.8, 8.0


@dataclass(frozen=True)
class Box:
    """A rectangle that stands on the ground of a chart 100 units high."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Bar:
    """One slot of a bar chart: the bar, the bar of the time before, its words and its link."""

    slot: Box
    now: Box
    before: Box | None
    title: str
    href: str


def box(x: float, width: float, height: float) -> Box:
    return Box(f"{x:.2f}", f"{100 - height:.2f}", f"{width:.2f}", f"{height:.2f}")


@register.inclusion_tag("components/office/sparkline.html")
def sparkline(values: Sequence[Any], is_bad: bool = False) -> dict:
    """``{% sparkline values is_bad %}``: a line through the values, lowest at the bottom."""
    numbers = [float(value) for value in values]
    low, high = min(numbers, default=0.0), max(numbers, default=0.0)
    spread = (high - low) or 1.0
    step = SPARK_WIDTH / max(len(numbers) - 1, 1)
    tall = SPARK_HEIGHT - 2 * SPARK_MARGIN
    points = " ".join(
        f"{index * step:.2f},{SPARK_HEIGHT - SPARK_MARGIN - (value - low) / spread * tall:.2f}"
        for index, value in enumerate(numbers)
    )
    return {"points": points, "is_bad": is_bad}


@register.inclusion_tag("components/office/bars.html")
def bars(rows: Sequence[dict], label: str = "") -> dict:
    """``{% bars rows label=… %}``: one bar per row, beside the bar of the time before.

    A row is a dict with ``name`` and ``value``, and may have ``before`` (a number), ``title``
    (the words a pointer shows; name and value when left out) and ``href`` (the rows behind it).
    """
    numbers = [number for row in rows for number in (row["value"], row.get("before")) if number]
    top = float(max(numbers, default=1))
    return {
        "bars": [bar(row, index * SLOT, top) for index, row in enumerate(rows)],
        "label": label,
        "width": max(len(rows), 1) * SLOT,
        "first": rows[0]["name"] if rows else "",
        "last": rows[-1]["name"] if rows else "",
    }


def bar(row: dict, x: int, top: float) -> Bar:
    def height(number: Decimal | float) -> float:
        return max(float(number), 0.0) / top * 100

    now, before = row["value"], row.get("before")
    boxes: tuple[Box, Box | None] = box(x + 1, WHOLE, height(now)), None
    if before is not None:
        boxes = box(x + 5.2, HALF, height(now)), box(x + 1, HALF, height(before))
    return Bar(
        slot=box(x, SLOT, 100),
        now=boxes[0],
        before=boxes[1],
        title=str(row.get("title") or f"{row['name']}: {now}"),
        href=row.get("href", ""),
    )
