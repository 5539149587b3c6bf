"""Pages as a browser shows them: axe by day and by night, on a desk and a phone, and narrower and larger still."""

from collections.abc import Sequence

from playwright.sync_api import sync_playwright

from quality.lighthouse import chromium
from quality.shop import Shop
from tests.browser.conftest import DESK, FLAGS, PHONE, TIMEOUT_MS
from tests.browser.eyes import Watch, axe, fits, moves, narrow, zoomed
from tests.browser.rooms import Room


def look(shop: Shop, rooms: Sequence[Room]) -> tuple[int, list[str]]:
    """How many views of pages were looked at, and what was found."""
    views, found = 0, []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for room in rooms:
            for size in (DESK, PHONE):
                context = browser.new_context(
                    base_url=shop.url,
                    viewport=size,
                    has_touch=size is PHONE,
                    is_mobile=size is PHONE,
                    locale="zh-CN" if room.zh else "en-GB",
                    reduced_motion="reduce",
                )
                context.set_default_timeout(TIMEOUT_MS)
                context.add_cookies(
                    [{"name": k, "value": v, "url": shop.url} for k, v in room.cookies.items()]
                )
                page = context.new_page()
                watch = Watch(page)
                for place in room.places:
                    page.goto(place.path)
                    found += fits(page) + axe(page) + moves(page)
                    found += narrow(page) if size is PHONE else zoomed(page)
                    views += 2  # by day and by night
                found += watch.problems
                context.close()
                print(f"  {room.name}, {size['width']} px: {len(room.places)} pages", flush=True)
        browser.close()
    return views, found
