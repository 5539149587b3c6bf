"""A clerk's morning at a desk: ten orders leave the house, found and walked over by keys."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.clerk import sign_in
from tests.browser.rooms import OWNER

MOST_CLICKS, ORDERS = 8, 10
MOVED_MS = 30_000  # a worker takes up a batch
pytestmark = pytest.mark.req("S3.50", "S5.04")


def test_ten_orders_leave_in_eight_clicks_from_the_first_page(window, shop):
    desk = window()
    page = desk.page
    sign_in(page, shop, OWNER)
    page.goto("/dashboard/")
    clicks: list[str] = []

    def click(what: Locator) -> None:
        expect(what).to_be_visible(timeout=MOVED_MS)
        clicks.append(what.inner_text())
        what.click()

    expect(page.locator("#orders [data-row]")).to_have_count(ORDERS)
    numbers = page.locator("#orders [data-row]").evaluate_all("all => all.map(one => one.value)")
    click(page.locator("#orders [data-all]"))
    click(page.locator("#orders button[value=pack]"))
    click(page.locator("button[value=label]"))
    expect(page.locator("button[value=leave]")).to_be_visible(timeout=MOVED_MS)
    with page.expect_download() as papers:
        click(page.locator("a[download]"))
    assert papers.value.path().read_bytes().startswith(b"%PDF")
    click(page.locator("button[value=leave]"))
    expect(page.locator("tbody .chip--good")).to_have_count(ORDERS, timeout=MOVED_MS)
    assert len(clicks) <= MOST_CLICKS
    desk.look()

    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/dashboard/orders/")
    page.keyboard.press("/")
    page.keyboard.type(numbers[0].lower())
    page.keyboard.press("Enter")
    expect(page.locator("[data-order-row]")).to_have_count(1)
    expect(page.locator("[data-order-row] .chip").first).to_have_text("Shipped")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-ticked]").first).to_have_text("1")
    page.keyboard.press("?")
    expect(page.locator("desk-keys dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(numbers[0])
