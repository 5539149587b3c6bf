"""What was to be reached, and whether it was. What could not be measured is said, never left out."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from benchmarks.report import table

if TYPE_CHECKING:
    from benchmarks.peers.run import Size

HEAD = ("to reach", "measured", "reached")
OF_BARE = 0.6
PRODUCT_TIMES, CATEGORY_TIMES, SEARCH_TIMES = 4, 50, 20
SEARCH_MS, SUGGEST_MS = 60, 25
FLAT = 0.2


def goals(sizes: Sequence["Size"]) -> str:
    """A line for each."""
    rows = [
        (wanted, measured, "yes" if is_reached else "no")
        for wanted, measured, is_reached in _all(sizes)
    ]
    return table(HEAD, rows)


def _all(sizes: Sequence["Size"]) -> Iterator[tuple[str, str, bool]]:
    yield from _kept_pages(sizes)
    yield from _times_stock(sizes)
    yield from _one_client(sizes[-1])
    yield from _search_times(sizes)
    if len(sizes) > 1:
        yield from _flat(sizes)


def _kept_pages(sizes: Sequence["Size"]) -> Iterator[tuple[str, str, bool]]:
    for size in sizes:
        bare = size.of("bare", "bare")
        shares = [
            figure.rate / bare.rate for (side, _page), figure in size.figures.items()
            if side == "cached" and bare
        ]  # fmt: skip
        yield (
            f"kept pages ≥ {OF_BARE:.0%} of the bare view, {size.families:,} products",
            f"{min(shares):.0%} to {max(shares):.0%}",
            min(shares) >= OF_BARE,
        )


def _times_stock(sizes: Sequence["Size"]) -> Iterator[tuple[str, str, bool]]:
    for page, times in (("product", PRODUCT_TIMES), ("category", CATEGORY_TIMES)):
        for size in sizes:
            ours, stock = size.of("ours", page), size.of("stock", page)
            if ours and stock and stock.rate:
                found = ours.rate / stock.rate
                yield (
                    f"{page} page ≥ {times} times stock Oscar's, {size.families:,} products",
                    f"{found:.1f} times",
                    found >= times,
                )


def _one_client(size: "Size") -> Iterator[tuple[str, str, bool]]:
    for page, limit in (("search, facets", SEARCH_MS), ("suggestions", SUGGEST_MS)):
        if figure := size.of("ours alone", page):
            yield (
                f"{page}: p95 ≤ {limit} ms from one client, {size.families:,} products",
                f"{figure.p95:.1f} ms",
                figure.p95 <= limit,
            )


def _search_times(sizes: Sequence["Size"]) -> Iterator[tuple[str, str, bool]]:
    """Ours with facets on the largest shop beside stock Oscar's without, on the largest
    one that it was asked for."""
    ours = sizes[-1].of("ours", "search, facets")
    asked = [size for size in sizes if size.of("stock", "search, common")]
    smaller = asked[-1] if asked else sizes[-1]
    stock = smaller.of("stock", "search, common")
    if ours and stock and stock.rate:
        found = ours.rate / stock.rate
        yield (
            f"search with facets at {sizes[-1].families:,} ≥ {SEARCH_TIMES} times stock Oscar's"
            f" without at {smaller.families:,}",
            f"{found:.1f} times",
            found >= SEARCH_TIMES,
        )


def _flat(sizes: Sequence["Size"]) -> Iterator[tuple[str, str, bool]]:
    for page in ("category", "deep page", "product"):
        small, large = sizes[0].of("ours", page), sizes[-1].of("ours", page)
        if small and large and small.cost:
            found = large.cost / small.cost
            yield (
                f"{page}: CPU ± {FLAT:.0%} from {sizes[0].families:,} to {sizes[-1].families:,}",
                f"{found:.2f} times",
                abs(found - 1) <= FLAT,
            )
