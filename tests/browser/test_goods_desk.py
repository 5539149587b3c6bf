"""An operator's day with products: a new one with variants and pictures, translated and planned; a file."""

import datetime as dt
import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.clerk import sign_in
from tests.browser.conftest import DESK, PHONE
from tests.browser.rooms import OWNER

pytestmark = pytest.mark.req("S1.01")
PRODUCTS = "/dashboard/catalogue/products/"
MOVED_MS = 30_000  # a worker takes up a job


def picture(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (600, 600), colour).save(buffer, "PNG")
    return buffer.getvalue()


def details_fill(page: Page, *, title: str, chinese: str) -> None:
    page.locator("[name=title_en]").fill(title)
    page.locator("[name=title_zh_hans]").fill(chinese)
    page.locator("[name=description_en]").fill("<p>Spun and woven by hand.</p>")
    page.locator("[name=description_zh_hans]").fill("<p>手工纺织。</p>")
    page.locator("[name='productcategory_set-0-category']").select_option(index=1)


def variants_make(page: Page) -> None:
    """Three options of one attribute and two of another: six rows."""
    page.locator(".tabs a", has_text="Variants").click()
    axes = page.locator(".goods-axis").filter(has=page.locator("label:nth-of-type(3)"))
    for place, wanted in ((0, 3), (1, 2)):
        boxes = axes.nth(place).locator("input")
        for number in range(wanted):
            boxes.nth(number).check()
    page.locator("[name=stem]").fill("DESK")
    page.locator("[name=price]").fill("24.50")
    page.get_by_role("button", name="Make the rows").click()
    expect(page.locator(".goods-matrix tbody tr")).to_have_count(6)


def test_a_product_with_six_variants_is_made_translated_pictured_and_planned(window, shop):
    desk = window(size=DESK)
    desk.watch.allow(422)  # the row without a SKU
    page = desk.page
    sign_in(page, shop, OWNER)
    page.goto(PRODUCTS)
    desk.look()
    kind = page.locator("#new_product_class option", has_text="Things")
    page.locator("#new_product_class").select_option(kind.get_attribute("value"))
    page.get_by_role("button", name="New product").click()
    details_fill(page, title="Desk scarf", chinese="书桌围巾")
    page.get_by_role("button", name="Save and stay").click()
    expect(page.locator(".goods-languages .chip--good")).to_have_count(2)
    desk.look()

    variants_make(page)
    rows = page.locator(".goods-matrix tbody tr")
    rows.nth(0).locator("[name$='-stock']").fill("5")
    rows.nth(1).locator("[name$='-sku']").fill("")
    page.get_by_role("button", name="Save all variants").click()
    expect(rows.nth(1).locator(".field__error")).to_be_visible()
    rows.nth(1).locator("[name$='-sku']").fill("DESK-SECOND")
    rows.nth(0).locator("[name$='-stock']").fill("5")
    page.get_by_role("button", name="Save all variants").click()
    expect(page.locator(".goods-matrix tbody a")).to_have_count(6)
    expect(rows.nth(0).locator("[name$='-stock']")).to_have_value("5")
    desk.look()

    page.locator(".tabs a", has_text="Pictures").click()
    page.locator("#picture-files").set_input_files(
        [
            {"name": "a.png", "mimeType": "image/png", "buffer": picture("#c8452d")},
            {"name": "b.png", "mimeType": "image/png", "buffer": picture("#33518a")},
        ]
    )
    pictures = page.locator(".goods-pictures__row")
    expect(pictures).to_have_count(2)
    pictures.nth(1).locator("[name$='caption_en']").fill("The blue one")
    pictures.nth(1).locator("[name$='caption_zh']").fill("蓝色的")
    pictures.nth(1).locator("img").drag_to(pictures.nth(0).locator("img"))
    expect(pictures.nth(0).locator("[name$='caption_en']")).to_have_value("The blue one")
    page.get_by_role("button", name="Save order and words").click()
    expect(page.locator(".alert--success, .messages")).to_be_visible()
    expect(pictures.nth(0).locator("[name$='caption_zh']")).to_have_value("蓝色的")
    desk.look()

    page.locator(".tabs a", has_text="Details").click()
    page.locator("[name=standing][value=sale]").check()
    soon = dt.datetime.now() + dt.timedelta(days=2)  # noqa: DTZ005 the browser's own clock
    page.locator("[name=starts_at]").fill(soon.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_role("button", name="Save and stay").click()
    expect(page.locator("#plan .chip")).to_have_text("Planned")
    page.goto("/search/?q=desk+scarf")
    shown = page.locator("main a[href*='/catalogue/']", has_text="Desk scarf")
    expect(shown).to_have_count(0)

    page.goto(f"{PRODUCTS}?view=planned")
    page.locator("tbody a", has_text="Desk scarf").click()
    page.locator("[name=starts_at]").fill("")
    page.get_by_role("button", name="Save and stay").click()
    page.goto("/zh-hans/search/?q=书桌围巾")
    page.locator("main a", has_text="书桌围巾").first.click()
    expect(page.locator("h1")).to_have_text("书桌围巾")
    expect(page.locator("main img[alt='蓝色的']").first).to_be_visible()


def test_a_file_with_three_wrong_rows_is_checked_and_the_rest_comes_in(window, shop):
    phone = window(size=PHONE, touch=True, zh=True)
    page = phone.page
    sign_in(page, shop, OWNER)
    rows = ["货号,商品类型,英文标题,中文标题,售价,库存"]
    rows += [f"FILE-{n},things,File thing {n},文件商品{n},{n}.50,{n}" for n in range(1, 31)]
    rows[4], rows[9], rows[14] = (
        "FILE-4,nothing,File thing,,4.00,1",
        "FILE-9,things,File thing,,abc,1",
        ",things,File thing,,4.00,1",
    )
    page.goto("/zh-hans/dashboard/catalogue/products/import/")
    kind = page.evaluate("() => document.documentElement.lang")
    assert kind == "zh-Hans"
    phone.look()
    page.locator("[name=file]").set_input_files(
        {"name": "商品.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    )
    page.get_by_role("button", name="读取文件").click()
    expect(page.locator("[name=column_0]")).to_have_value("sku")
    phone.look()
    page.locator("button[value=choose]").click()
    expect(page.locator("button[value=run]")).to_be_visible(timeout=MOVED_MS)
    phone.look()
    page.locator(".tabs a", has_text="无法执行").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    numbers = page.locator("tbody td[data-label='行']").all_inner_texts()
    assert [number.split()[-1] for number in numbers] == ["5", "10", "15"]
    page.locator("button[value=run]").click()
    expect(page.locator(".alert--success")).to_contain_text("27", timeout=MOVED_MS)
    phone.look()
    page.goto("/zh-hans/search/?q=文件商品7")
    expect(page.locator("main a", has_text="文件商品7").first).to_be_visible()
