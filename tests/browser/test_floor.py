"""A picker with a phone: walks the wave of the demo, scans the wrong thing once, then packs an order."""

import pytest
from playwright.sync_api import expect

from tests.browser import floor
from tests.browser.clerk import sign_in
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.req("S3.58")
CLERK = "warehouse@storekeep.example"


def test_a_picker_walks_a_wave_and_packs_an_order_by_scanning(window, shop):
    phone = window(size=PHONE)
    phone.watch.allow(422)  # the wrong article
    page = phone.page
    sign_in(page, shop, CLERK)
    page.goto("/dashboard/waves/")
    page.locator("tbody a").first.click()
    bins = page.locator(".floor-stop__bin b")
    expect(bins).to_be_visible()
    phone.look()

    page.locator("#pick_code").fill("NOT-THIS")
    page.keyboard.press("Enter")
    expect(page.locator(".floor-loud")).to_contain_text("Wrong article")
    walked = floor.wave_walk(page)
    assert walked == sorted(walked)
    assert len(walked) > 5

    # The label of the tote, not the order's number: parts of an order may wait in two warehouses.
    wave = page.url.rstrip("/").rsplit("/", 1)[-1]
    first = page.locator(".floor-totes li").first
    tote, number = first.locator(".num").inner_text(), first.locator("a").inner_text()
    page.get_by_role("link", name="Packing table").last.click()
    assert floor.order_box(page, f"{wave}-{tote}") == number
