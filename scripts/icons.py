#!/usr/bin/env python3
"""Draw the icons of the installed shop from the favicon's shapes: python scripts/icons.py

The letter and the dot are those of static/img/favicon.svg, in its 32 × 32 grid. A maskable icon keeps
them within the circle that every launcher leaves.
"""

from pathlib import Path

from PIL import Image, ImageDraw

IMAGES = Path(__file__).resolve().parent.parent / "static" / "img"
INK, PAPER, DOT = "#1d1a17", "#f6efe4", "#e8694d"
START = (19.8, 10.4)
# Relative cubic curves, as in the favicon's path.
CURVES = (
    ((-1, -1), (-2.4, -1.5), (-4.1, -1.5)),
    ((-2.7, 0), (-4.6, 1.4), (-4.6, 3.5)),
    ((0, 4.6), (9, 2.6), (9, 7.1)),
    ((0, 2.3), (-2, 3.8), (-4.9, 3.8)),
    ((-1.9, 0), (-3.5, -0.6), (-4.6, -1.8)),
)
STROKE, DOT_AT, DOT_RADIUS = 2.6, (24.5, 22.3), 2.3
CORNER = 8
FINE = 4  # drawn so many times larger, then made smaller: smooth edges
STEPS = 60  # points on each curve


def letter() -> list[tuple[float, float]]:
    """Points along the middle of the stroke."""
    points, (x, y) = [START], START
    for one, two, end in CURVES:
        for step in range(1, STEPS + 1):
            t = step / STEPS
            a, b, c = 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            points.append(
                (
                    x + a * one[0] + b * two[0] + c * end[0],
                    y + a * one[1] + b * two[1] + c * end[1],
                )
            )
        x, y = x + end[0], y + end[1]
    return points


def icon(size: int, *, corner: float, scale: float) -> Image.Image:
    """``corner``: radius in the grid; ``scale``: how large the shapes are, 1 as in the favicon."""
    edge = size * FINE
    unit = edge / 32
    picture = Image.new("RGBA", (edge, edge), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, edge - 1, edge - 1), radius=corner * unit, fill=INK)

    def spot(point: tuple[float, float], radius: float, colour: str) -> None:
        x, y = (16 + (part - 16) * scale for part in point)
        box = [(x - radius * scale) * unit, (y - radius * scale) * unit]
        draw.ellipse((*box, (x + radius * scale) * unit, (y + radius * scale) * unit), fill=colour)

    for point in letter():
        spot(point, STROKE / 2, PAPER)
    spot(DOT_AT, DOT_RADIUS, DOT)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    for name, size, corner, scale in (
        ("icon-192.png", 192, CORNER, 1),
        ("icon-512.png", 512, CORNER, 1),
        ("icon-180.png", 180, 0, 0.9),  # Apple rounds the corners itself
        ("icon-maskable-512.png", 512, 0, 0.75),
    ):
        picture = icon(size, corner=corner, scale=scale)
        picture.quantize(96).save(IMAGES / name, optimize=True)
        print(f"{name}: {(IMAGES / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
