"""Pages as a browser shows them: axe by day and by night, on a desk and a phone, and narrower and larger still."""

from collections.abc import Sequence

from playwright.sync_api import Browser, sync_playwright

from quality.lighthouse import chromium
from quality.shop import Shop
from tests.browser.conftest import DESK, FLAGS, PHONE, TIMEOUT_MS
from tests.browser.eyes import SCHEMES, Watch, axe, fits, moves, narrow, zoomed
from tests.browser.rooms import Room


def look(shop: Shop, rooms: Sequence[Room]) -> tuple[int, list[str]]:
    """How many views of pages were looked at, and what was found."""
    views, found = 0, []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for room in rooms:
            for size in (DESK, PHONE):
                more = _room(browser, shop, room, size)
                views += len(SCHEMES) * len(room.places)
                found += more
                words = f"{room.name}, {size['width']} px: {len(room.places)} pages"
                print("\n".join([f"  {words}", *(f"    {one}" for one in more)]), flush=True)
        browser.close()
    return views, list(dict.fromkeys(found))


def _room(browser: Browser, shop: Shop, room: Room, size: dict[str, int]) -> list[str]:
    is_phone = size is PHONE
    context = browser.new_context(
        base_url=shop.url,
        viewport=size,
        has_touch=is_phone,
        is_mobile=is_phone,
        locale="zh-CN" if room.zh else "en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(2 * TIMEOUT_MS)
    context.add_cookies(
        [{"name": name, "value": one, "url": shop.url} for name, one in room.cookies.items()]
    )
    page = context.new_page()
    watch, found = Watch(page), []
    for place in room.places:
        page.goto(place.path)
        found += fits(page) + axe(page) + moves(page)
        found += narrow(page) if is_phone else zoomed(page)
    context.close()
    return found + watch.problems
