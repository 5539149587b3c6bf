"""What must be true of every page: it fits, a screen reader can read it, nothing goes wrong behind it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

ROOT = Path(__file__).parents[2]
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
Rules = Mapping[str, str | list[str]]
WCAG: Rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
COLOURS: Rules = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SCHEMES: Mapping[str, Rules] = {
    "light": WCAG,
    "dark": COLOURS,  # the night changes colours and nothing else
}
DAY, NIGHT = {"light": WCAG}, {"dark": WCAG}
# Sounds and films are judged by what they hold. The style sheets, which axe would fetch and read as well, are looked
# at by a rule that is no part of ours.
PRELOAD = {"assets": ["media"]}
# What waits outside the window is drawn too, and not clipped, so that everything is judged.
DRAWN = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important; }");
  document.adoptedStyleSheets = [sheet];
}"""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = (one) => one && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
  return [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > width + 1 && !scrolls(one.parentElement))
    .map((one) => `${one.tagName.toLowerCase()}.${one.className}`)
    .slice(0, 5);
}"""

# What axe judges, without the words: which elements there are, how they are named, described and drawn.
SKELETON = """() => {
  const numbers = new Map();
  const nth = (number) => numbers.get(number) ?? numbers.set(number, numbers.size).get(number);
  const plain = (value) => value.replace(/[0-9a-f]{8,}|[0-9]+/g, nth);
  const said = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() ? "·" : "";
  const skipped = new Set(["href", "src", "srcset", "content", "nonce", "datetime", "alt", "title"]);
  const named = (one) => [...one.attributes].map((attribute) =>
    skipped.has(attribute.name) ? attribute.name + (attribute.value.trim() ? "=·" : "=")
      : attribute.name === "value" ? (attribute.value ? "value=·" : "value=")
      : attribute.name + "=" + plain(attribute.value)).sort().join(" ");
  const drawn = (one) => one.nodeType !== Node.ELEMENT_NODE ? said(one)
    : "<" + one.tagName + " " + named(one) + ">" + [...one.childNodes].map(drawn).join("") + "</>";
  return drawn(document.documentElement);
}"""
seen: set[str] = set()  # by its skeleton, size and rules; one page in the same state is judged once

# Longer than a blink (0.01 s) is motion; fading in place is none.
MOVING = """() => document.getAnimations()
  .filter((one) => one.playState === "running" && one.effect.getComputedTiming().activeDuration > 10)
  .map((one) => `${one.animationName || one.transitionProperty} of ${one.effect.target.className}`)
  .slice(0, 5)"""


class Watch:
    """Collects what goes wrong while pages are open: errors, refusals, answers that failed."""

    def __init__(self, page: Page) -> None:
        self.problems: list[str] = []
        self.allowed: set[int] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        page.on("requestfailed", self._request_failed)
        page.on("response", self._response)

    def allow(self, status: int) -> None:
        """An answer with ``status`` is what this test asks for."""
        self.allowed.add(status)

    def _console(self, message: ConsoleMessage) -> None:
        # A failed answer is also written to the console; `_response` judges those.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.problems.append(f"console: {message.text}")

    def _request_failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the reader went on before it had come
            self.problems.append(f"{request.failure}: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.problems.append(f"{response.status}: {response.url}")


def fits(page: Page) -> list[str]:
    """What sticks out on the right, if the page scrolls sideways."""
    page.evaluate(DRAWN)
    return [f"too wide at {page.url}: {one}" for one in page.evaluate(TOO_WIDE)]


def narrow(page: Page) -> list[str]:
    """What sticks out on the narrowest phone, and at 400 % zoom, which is the same: 320 px."""
    return _at(page, {"width": 320, "height": 640})


def zoomed(page: Page) -> list[str]:
    """What sticks out at 200 % zoom on a desk, of the page and, by itself, of text twice as large."""
    found = _at(page, {"width": 640, "height": 450})
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    found += [f"text of 200 %: {one}" for one in fits(page)]
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    return found


def _at(page: Page, size: ViewportSize) -> list[str]:
    before = page.viewport_size
    assert before is not None
    page.set_viewport_size(size)
    found = [f"{size['width']} px: {one}" for one in fits(page)]
    page.set_viewport_size(before)
    return found


def moves(page: Page) -> list[str]:
    """What moves although the reader asked for less motion."""
    return [f"moves at {page.url}: {one}" for one in page.evaluate(MOVING)]


def axe(page: Page, schemes: Mapping[str, Rules] = SCHEMES) -> list[str]:
    """axe's violations by day, and those of colours by night, one line each.

    A page whose skeleton was judged before in this run, at this width and by these rules, has none.
    What a frame shows is a page of its own, and a mail's frame runs no script that could judge it.
    """
    page.evaluate(DRAWN)
    shape = f"{page.viewport_size} {page.evaluate(SKELETON)}"
    new = {
        scheme: rules
        for scheme, rules in schemes.items()
        if f"{scheme} {rules} {shape}" not in seen
    }
    if new:
        page.evaluate(AXE)
    found = []
    for scheme, rules in new.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        violations: list[dict[str, Any]] = page.evaluate(
            "([rules, preload]) => axe.run(document,"
            " {runOnly: rules, resultTypes: ['violations'], iframes: false, preload})"
            ".then((found) => found.violations)",
            [rules, PRELOAD],
        )
        found += [
            f"{one['id']} ({scheme}) at {page.url}: {json.dumps(node['target'])}"
            f" {node.get('failureSummary', '')[:300]}"
            for one in violations
            for node in one["nodes"][:3]
        ]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    if not found:
        seen.update(f"{scheme} {rules} {shape}" for scheme, rules in new.items())
    return found
