"""Tables for people, and the figures that go into them."""

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown, numbers to the right."""
    texts = [[shown(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(head, *texts, strict=True)]
    lines = [_line(head, widths, rows[0]), f"|{'|'.join('-' * (w + 2) for w in widths)}|"]
    return "\n".join(lines + [_line(text, widths, rows[0]) for text in texts])


def _line(cells: Sequence[str], widths: Sequence[int], kinds: Sequence[object]) -> str:
    parts = [
        cell.ljust(width) if isinstance(kind, str) else cell.rjust(width)
        for cell, width, kind in zip(cells, widths, kinds, strict=True)
    ]
    return f"| {' | '.join(parts)} |"


def shown(value: object) -> str:
    """12345 → ``12,345``; 3.14159 → ``3.1``."""
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0.99) of ``values`` do not pass; nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
