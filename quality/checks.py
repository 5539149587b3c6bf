"""The checks one after the other, and what each has to tell."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.report import table
from quality import lighthouse, looks
from quality.shop import Shop
from tests.browser import rooms
from tests.browser.rooms import Room
from tests.browser.validity import invalid
from tests.browser.visitor import Visitor
from tests.browser.weights import weight

LANGUAGES = (False, True)
HEAD = ("page", "perf", "a11y", "best", "SEO", "LCP ms", "FCP ms", "TBT ms", "CLS", "KiB")


@dataclass
class Result:
    """One chapter of the report. ``misses`` are the goals that were not reached, in words."""

    title: str
    text: str
    misses: list[str] = field(default_factory=list)


def run(
    shop: Shop, *, checks: Sequence[str], runs: int, only: Sequence[str], cpu: float
) -> list[Result]:
    results, seen = [], []
    if {"looks", "html", "weight"} & set(checks):
        print("which pages there are …", flush=True)
        for zh in LANGUAGES:
            seen += rooms.storefront(shop, zh=zh) + rooms.office(shop, zh=zh)
    if "lighthouse" in checks:
        print("Lighthouse …", flush=True)
        results.append(lighthouse_result(shop, runs=runs, only=only, cpu=cpu))
    if "weight" in checks:
        print("weight …", flush=True)
        results.append(weight_result(shop, seen))
    if "html" in checks:
        print("HTML …", flush=True)
        results.append(html_result(seen))
    if "looks" in checks:
        print("axe …", flush=True)
        results.append(looks_result(shop, seen))
    return results


def lighthouse_result(shop: Shop, *, runs: int, only: Sequence[str], cpu: float) -> Result:
    found = lighthouse.scores(shop.url, lighthouse.targets(shop.url, only=only), runs=runs, cpu=cpu)
    rows = [
        (
            one.target.name, *(one.categories[name] for name in lighthouse.CATEGORIES),
            one.lcp_ms, one.fcp_ms, one.tbt_ms, f"{one.cls:.3f}", round(one.sent / 1024),
        )
        for one in found
    ]  # fmt: skip
    indexes = [one.benchmark_index for one in found]
    left_out = ", ".join(one.target.name for one in found if not one.target.indexed)
    text = (
        f"{found[0].versions}, mobile: Slow 4G and a processor slowed down {cpu:g} times, both simulated."
        f" Median of {runs}. BenchmarkIndex of the machine meanwhile: {min(indexes)} to {max(indexes)}. Lighthouse means a"
        " phone of about 375 (1,500 slowed down four times); `--cpu 1` suits a machine that is as slow as that itself.\n\n"
        f"{table(HEAD, rows)}\n\n"
        f"Search engines are told to leave out {left_out or 'none of these'}; their points for SEO do not count."
    )
    return Result("Lighthouse", text, [miss for one in found for miss in one.misses])


def weight_result(shop: Shop, seen: Sequence[Room]) -> Result:
    heaviest, misses, count = [], [], 0
    for room in seen:
        if room.name.startswith("office"):
            continue
        with Visitor(shop.url, zh=room.zh) as client:
            client.cookies.update(room.cookies)
            for place in room.places:
                found = weight(client, place.path)
                heaviest.append((found.html, found.css, found.js, place.path))
                misses += [f"{place.path}: {one}" for one in found.too_heavy]
                count += 1
    heaviest.sort(reverse=True)
    rows = [(path, html, css, js) for html, css, js, path in heaviest[:8]]
    text = (
        f"Bytes of the bodies on the wire. {count} pages; the heaviest:\n\n"
        f"{table(('page', 'HTML', 'CSS', 'JS'), rows)}"
    )
    return Result("Weight", text, misses)


def html_result(seen: Sequence[Room]) -> Result:
    pages = {f"{room.name} {place.path}": place.html for room in seen for place in room.places}
    misses = invalid(pages)
    text = f"The Nu Html Checker finds {len(misses)} faults in {len(pages)} pages."
    return Result("HTML", text, misses)


def looks_result(shop: Shop, seen: Sequence[Room]) -> Result:
    views, misses = looks.look(shop, seen)
    rows = [(room.name, len(room.places)) for room in seen]
    text = (
        f"axe-core, every rule of WCAG 2.0 to 2.2 A and AA, {views:,} views: each page by day and by night, at 1280 and"
        f" 390 px; then 320 px, 200 % zoom, text of 200 %, and whether anything moves although less motion is asked for:"
        f" {len(misses)} findings.\n\n{table(('who looks', 'pages'), rows)}"
    )
    return Result("Seen by axe", text, misses)
