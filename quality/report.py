"""docs/quality.md: when, where, how, and what came out."""

import datetime as dt
import os
import platform
from collections.abc import Sequence

from quality.checks import Result
from quality.shop import ROOT

TARGET = ROOT / "docs" / "quality.md"
MOST = 25  # misses that are written out for each chapter
HEAD = """\
# Quality

`make quality` opens the demo shop as `make run` does and measures it as outsiders would; it writes this file, and fails when a
goal is missed. `QUALITY_ARGS` narrows it: `QUALITY_ARGS="lighthouse --runs 1 --only home product"`, `"html"`, `"looks"`, `"weight"`, `--demo full`,
`--url http://127.0.0.1:8000 --data .data` for a shop that is open. The tests hold the same goals but Lighthouse's (`tests/browser`).

| goal | of |
| --- | --- |
| performance ≥ 99, LCP ≤ 1.8 s, accessibility, best practices and SEO 100, first visit ≤ 150 KiB | Lighthouse, mobile |
| no violation of WCAG 2.2 AA by day or by night, nothing wider than 320 px or at 200 % zoom, no motion where less is asked for | axe, Chromium |
| no fault | Nu Html Checker |
| HTML ≤ 20 kB, CSS ≤ 20 kB, scripts ≤ 30 kB, compressed | each storefront page |
"""


def written(results: Sequence[Result], *, words: str, at: dt.datetime) -> str:
    """The whole file."""
    command = "make quality" + (f" QUALITY_ARGS='{words}'" if words else "")
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    where = (
        f"`{command}` on {at:%d %B %Y, %H:%M} UTC: {os.cpu_count()} cores of {processor()},"
        f" load {load} at the end (1, 5, 15 minutes), Python {platform.python_version()}."
    )
    return "\n".join([HEAD, "## The last run", where, "", *map(_chapter, results)])


def _chapter(result: Result) -> str:
    lines = [f"### {result.title}", result.text, ""]
    if result.misses:
        shown = result.misses[:MOST]
        lines += ["Falls short:", *(f"- {miss}" for miss in shown)]
        if len(result.misses) > MOST:
            lines.append(f"- … and {len(result.misses) - MOST} more")
    else:
        lines.append("Every goal is reached.")
    return "\n".join([*lines, ""])


def processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as told:
            names = [
                line.partition(":")[2].strip() for line in told if line.startswith("model name")
            ]
    except OSError:
        names = []
    return names[0] if names else platform.machine()
