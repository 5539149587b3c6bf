"""A guest becomes a member by one press, and finds the basket on another device."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.member import member_made, member_signed_in
from tests.browser.shopper import Shopper

pytestmark = pytest.mark.req("S1.01", "S1.11", "S5.04")


def test_guest_order_one_press_account_and_the_basket_on_the_phone(shop, window):
    desk = window(size=DESK)
    shopper = Shopper(desk.page, shop, desk.look, zh=False)
    shopper.browse()
    shopper.add()
    number = shopper.buy(email="press@example.com")
    member_made(shop, desk, email="press@example.com", number=number)
    desk.page.goto("/accounts/addresses/")
    expect(desk.page.locator("address")).to_contain_text("Invalidenstraße 116")

    shopper.browse()
    shopper.add()
    desk.page.locator("#share summary").click()
    desk.page.locator("#share button").click()
    shared = desk.page.locator("#share code").inner_text()
    desk.look()

    phone = window(size=PHONE, touch=True)
    member_signed_in(shop, phone, email="press@example.com")
    phone.page.goto("/basket/")
    expect(phone.page.locator(".basket__lines .line")).to_have_count(1)
    phone.look()
    phone.page.locator("button[form^=wait-]").click()
    expect(phone.page.locator("#aside .wish")).to_have_count(1)
    phone.look()
    for page in ("security", "mails", "reviews", "orders", "profile"):
        phone.page.goto(f"/accounts/{page}/")
        phone.look()
    phone.page.goto("/accounts/security/")
    expect(phone.page.locator(".devices__one")).to_have_count(2)

    friend = window(size=PHONE, touch=True, zh=True)
    friend.page.goto(shared)
    friend.look()
    friend.page.locator("main .btn--accent").click()
    expect(friend.page.locator(".basket__lines .line")).to_have_count(1)
    friend.look()
