"""The back office and the style guide: each page fits, can be read by everyone, and raises no complaint."""

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import sign_in
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.req("S5.06")

OWNER = "owner@storekeep.example"
INDEXES = {
    "/dashboard/catalogue/products/": "tbody a",
    "/dashboard/orders/": ".orders tbody a",
    "/dashboard/stock/": "tbody a",
    "/dashboard/payments/": "tbody a",
    "/dashboard/users/": "tbody a",
    "/dashboard/mails/": "tbody a",
}


@pytest.mark.parametrize(("size", "touch"), [(DESK, False), (PHONE, True)])
def test_back_office(shop, window, size, touch):
    one = window(size=size, touch=touch)
    one.page.goto("/dashboard/login/")
    one.look()
    sign_in(one.page, shop, OWNER)
    one.look()
    for path, first in INDEXES.items():
        one.page.goto(path)
        one.look()
        link = one.page.locator(first).first
        if link.count():
            one.page.goto(link.get_attribute("href"))
            expect(one.page.locator("h1")).to_be_visible()
            one.look()


@pytest.mark.parametrize(("size", "touch"), [(DESK, False), (PHONE, True)])
def test_styleguide(window, size, touch):
    one = window(size=size, touch=touch)
    one.page.goto("/styleguide/")
    one.look()
