"""A picker with a phone: walks the wave of the demo, scans the wrong thing once, then packs an order."""

import re

import pytest
from playwright.sync_api import expect

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
    walked = []
    while bins.count():
        walked.append(bins.inner_text())
        sku = page.locator(".floor-stop p.muted").first.inner_text().split(" ")[0]
        left = page.locator(".floor-walk li").count()
        page.locator("#pick_code").fill(sku)
        page.keyboard.press("Enter")
        expect(page.locator(".floor-walk li")).to_have_count(max(left - 1, 0))
        if not left:
            break
    assert walked == sorted(walked)
    assert len(walked) > 5
    expect(page.locator(".empty__title")).to_have_text("All picked")

    tote = page.locator(".floor-totes a").first.inner_text()
    page.get_by_role("link", name="Packing table").last.click()
    page.locator("[name=code]").fill(tote)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(tote)
    for row in range(page.locator("tbody tr").count()):
        line = page.locator("tbody tr").nth(row)
        units = int(line.locator("td").nth(0).inner_text().split("/")[1])
        for unit in range(1, units + 1):
            page.locator("#item_code").fill(line.locator(".orders__when").inner_text())
            page.keyboard.press("Enter")
            expect(line.locator("td").first).to_have_text(f"{unit} / {units}")
    page.locator("[name=weight_g]").fill("1200")
    page.get_by_role("button", name="Close the parcel").click()
    expect(page).to_have_url(re.compile("/packing/$"))
