"""A guest has the parcel sent to one door and the invoice written for a company, down to the PDF."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_ways_to_pay import Buyer

pytestmark = pytest.mark.req("S1.01", "S1.15")

COMPANY = {
    False: {
        "company": "Hopper & Söhne GmbH",
        "first_name": "Grace",
        "last_name": "Hopper",
        "line1": "Hauptstraße 12",
        "postcode": "50667",
        "line4": "Köln",
    },
    True: {
        "company": "上海晨光贸易有限公司",
        "last_name": "李",
        "first_name": "雷",
        "state": "上海市",
        "line4": "上海市",
        "line3": "黄浦区",
        "line1": "中山东一路12号",
        "postcode": "200002",
    },
}


@pytest.mark.parametrize("zh", [False, True], ids=["desk", "phone-zh"])
def test_an_invoice_for_a_company(shop, window, zh):
    size = PHONE if zh else DESK
    one = window(size=size, touch=zh, zh=zh)
    one.watch.allow(422)
    buyer = Buyer(one, shop, zh=zh)
    page, email = buyer.page, f"invoice.{'zh' if zh else 'en'}@example.com"
    company = COMPANY[zh]
    buyer.mugs()
    page.goto(f"{buyer.prefix}/checkout/")
    page.locator(f"form[action='{buyer.prefix}/checkout/'] [name=email]").fill(email)
    box = page.locator("[name=invoice-same]")
    expect(box).to_be_checked()
    expect(page.locator("#invoice-fields")).to_be_hidden()
    box.uncheck()
    expect(page.locator("#invoice-fields")).to_be_visible()
    buyer.look()
    buyer.address_write()  # the invoice's fields are still empty
    errors = page.locator("#invoice-fields .field__error")
    expect(errors.first).to_be_visible()
    expect(page.locator("[name=line1]")).to_have_value(buyer.address["line1"])
    buyer.look()

    for name, value in company.items():
        field = page.locator(f"[name=invoice-{name}]")
        field.select_option(value) if name == "state" else field.fill(value)
    page.locator("form:has(#invoice-fields) .form__actions .btn").click()
    page.locator("#place-form").wait_for()
    review = page.locator(".review")
    expect(review).to_contain_text(company["company"])
    expect(review).to_contain_text(buyer.address["line1"])
    buyer.look()
    page.locator(".review a[href$='/invoice-address/']").click()
    expect(page.locator("[name=invoice-company]")).to_have_value(company["company"])
    buyer.look()
    page.locator("form:has(#invoice-fields) .btn--accent").click()
    page.locator("#place-form").wait_for()

    buyer.place()
    buyer.pay()
    number = buyer.thanked()
    expect(page.locator(".thanks")).to_contain_text(company["company"])
    buyer.is_paid(email, number)
    expect(page.locator(".order-facts")).to_contain_text(company["company"])
    expect(page.locator(".order-facts")).to_contain_text(buyer.address["line1"])
    buyer.look()
    with page.expect_download() as download:
        page.locator("[aria-labelledby=papers] a").first.click()
    content = download.value.path().read_bytes()
    words = re.sub(r"\s+", "", PdfReader(BytesIO(content)).pages[0].extract_text())
    for line in (company["company"], company["line1"], buyer.address["line1"]):
        assert line.replace(" ", "") in words
    assert words.index(company["line1"].replace(" ", "")) < words.index(
        buyer.address["line1"].replace(" ", "")
    )


def test_without_scripts_the_box_opens_its_fields_all_the_same(shop, window):
    buyer = Buyer(window(scripts=False), shop, zh=False)
    buyer.scripts = False
    page = buyer.page
    buyer.browse(units=1)
    buyer.add()
    page.goto("/checkout/")
    page.locator("form[action='/checkout/'] [name=email]").fill("plain@example.com")
    page.locator("[name=invoice-same]").uncheck()
    expect(page.locator("#invoice-fields")).to_be_visible()
    page.locator("[name=invoice-country]").select_option("US")
    page.locator("[name=invoice-country] + button").click()
    expect(page.locator("[name=invoice-state]")).to_be_visible()
    expect(page.locator("[name=invoice-same]")).not_to_be_checked()
    expect(page.locator("[name=for]")).to_have_value("DE")
    buyer.look()
