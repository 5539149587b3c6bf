"""A clerk's morning at a desk: ten orders leave the house, found and walked over by keys."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.clerk import sign_in
from tests.browser.rooms import OWNER

MOST_CLICKS, ORDERS = 8, 10
MOVED_MS = 30_000  # a worker takes up a batch
pytestmark = pytest.mark.req("S3.50", "S5.04")


def test_ten_orders_leave_in_eight_clicks_from_the_first_page(window, shop):
    page = window().page
    sign_in(page, shop, OWNER)
    page.goto("/dashboard/")
    clicks: list[str] = []

    def click(what: Locator) -> None:
        expect(what).to_be_visible(timeout=MOVED_MS)
        clicks.append(what.inner_text())
        what.click()

    click(page.locator("#orders [data-all]"))
    click(page.locator("#orders button[value=pack]"))
    click(page.locator("button[value=label]"))
    expect(page.locator("button[value=leave]")).to_be_visible(timeout=MOVED_MS)
    with page.expect_download() as papers:
        click(page.locator("a[download]"))
    assert papers.value.path().read_bytes().startswith(b"%PDF")
    click(page.locator("button[value=leave]"))
    expect(page.locator(".page-head .chip")).to_have_text("Done", timeout=MOVED_MS)
    gone = page.locator("tbody tr", has=page.locator(".chip--good")).locator("a").all_inner_texts()
    assert len(gone) >= ORDERS
    assert len(clicks) <= MOST_CLICKS

    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/dashboard/orders/")
    page.goto("/dashboard/orders/?view=all")
    page.keyboard.press("/")
    page.keyboard.type(gone[0].lower())
    page.keyboard.press("Enter")
    expect(page.locator("[data-order-row]")).to_have_count(1)
    expect(page.locator("[data-order-row] .chip").first).to_have_text("Shipped")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-ticked]").first).to_have_text("1")
    page.keyboard.press("?")
    expect(page.locator("desk-keys dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("desk-keys dialog")).to_be_hidden()
    page.locator("[data-order-row] a").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(gone[0])
