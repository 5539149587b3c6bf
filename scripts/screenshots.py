"""Take the README's picture, docs/img/shop.png, from a running demo shop.

    .venv/bin/python scripts/screenshots.py http://127.0.0.1:8000 .data

The second word is the shop's DATA_DIR, where the demo wrote its passwords. CHROMIUM names the
browser when it is not on the PATH. Needs the packages of `make test`.
"""

import io
import json
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "img" / "shop.png"
WINDOW = {"width": 1280, "height": 1000}
OFFICE = "owner@storekeep.example"
WIDTH, GAP, PAPER = 720, 24, "#fbf8f3"  # of each picture in pixels; the ground between them


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    shop, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    accounts = json.loads((folder / "demo-accounts.json").read_text(encoding="utf-8"))
    password = next(one["password"] for one in accounts if one["email"] == OFFICE)
    found = map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))
    chromium = os.environ.get("CHROMIUM") or next(filter(None, found), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        pictures = [front_taken(browser, shop), office_taken(browser, shop, password)]
        browser.close()
    TARGET.parent.mkdir(exist_ok=True)
    side_by_side(pictures).save(TARGET, optimize=True)
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size // 1000} kB\n")


def front_taken(browser: Browser, shop: str) -> Image.Image:
    """The home page."""
    page = browser.new_page(viewport=WINDOW)
    page.goto(f"{shop}/")
    return taken(page)


def office_taken(browser: Browser, shop: str, password: str) -> Image.Image:
    """The back office as the owner finds it."""
    page = browser.new_page(viewport=WINDOW)
    page.goto(f"{shop}/dashboard/login/")
    page.locator("[name=username]").fill(OFFICE)
    page.locator("[name=password]").fill(password)
    page.locator(".signin form.panel__body button").click()
    page.locator(".page-head").wait_for()
    return taken(page)


def taken(page: Page) -> Image.Image:
    page.wait_for_load_state("networkidle")
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    """Both at the same size on one ground."""
    height = WIDTH * WINDOW["height"] // WINDOW["width"]
    sheet = Image.new("RGB", (2 * WIDTH + GAP, height), PAPER)
    for place, picture in enumerate(pictures):
        small = picture.resize((WIDTH, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (place * (WIDTH + GAP), 0))
    return sheet


if __name__ == "__main__":
    main()
