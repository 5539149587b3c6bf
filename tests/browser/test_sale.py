"""The whole sale, as shoppers and the warehouse see it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import order_send, sign_in
from tests.browser.conftest import DESK, PHONE, TIMEOUT_MS
from tests.browser.shopper import Shopper

pytestmark = pytest.mark.req("S1.01", "S1.03", "S5.04", "S5.05")

CLERK = "warehouse@storekeep.example"


def test_guest_buys_at_a_desk_and_the_warehouse_sends_it(shop, window):
    one = window(size=DESK)
    shopper = Shopper(one.page, shop, one.look, zh=False)
    one.watch.allow(422)  # the coupon that there is not

    shopper.browse()
    shopper.add()
    one.look()
    shopper.quantity_change(2)
    shopper.coupon_try("NOSUCHCOUPON")
    one.look()
    shopper.checkout(email="desk@example.com")
    shopper.place()
    one.look()
    shopper.pay()
    number = shopper.thanked()
    one.look()
    mail = shop.mail(to="desk@example.com", about=number)
    one.page.goto(shop.order_link(mail))
    one.look()
    expect(one.page.locator(".things__item")).to_contain_text("× 2")

    clerk = window().page
    sign_in(clerk, shop, CLERK)
    order_send(clerk, number, "00340434161094042557")
    assert (
        "00340434161094042557"
        in shop.mail(to="desk@example.com", about="00340434161094042557")
        .get_body(("plain",))
        .get_content()
    )
    one.page.reload()
    expect(one.page.locator("copy-text[value='00340434161094042557']")).to_be_visible()
    one.look()


def test_guest_buys_on_a_phone_in_chinese(shop, window):
    one = window(size=PHONE, touch=True, zh=True)
    shopper = Shopper(one.page, shop, one.look, zh=True)
    one.watch.allow(422)

    shopper.browse()
    shopper.add()
    one.look()
    shopper.quantity_change(2)
    shopper.coupon_try("没有这个券")
    one.look()
    shopper.checkout(email="phone@example.com")
    shopper.place()
    one.look()
    shopper.pay()
    number = shopper.thanked()
    one.look()
    mail = shop.mail(to="phone@example.com", about=number)
    one.page.goto(shop.order_link(mail))
    one.look()

    expect(one.page.locator("html")).to_have_attribute("lang", "zh-Hans")
    assert mail["Content-Language"] == "zh-hans"


def test_the_whole_sale_without_scripts(shop, window):
    one = window(scripts=False)
    shopper = Shopper(one.page, shop, one.look, zh=False, scripts=False)
    one.watch.allow(422)

    shopper.browse()
    shopper.add()
    shopper.quantity_change(2)
    shopper.coupon_try("NOSUCHCOUPON")
    one.page.goto("/basket/")
    number = shopper.buy(email="plain@example.com")
    one.page.goto(shop.order_link(shop.mail(to="plain@example.com", about=number)))
    expect(one.page.locator("h1")).to_contain_text(number)

    clerk = window(scripts=False).page
    sign_in(clerk, shop, CLERK)
    order_send(clerk, number, "1Z999AA10123456784")


def test_member_buys_and_finds_the_order_in_the_account(shop, window):
    one = window()
    shopper = Shopper(one.page, shop, one.look, zh=False)
    one.page.goto("/accounts/login/")
    one.look()
    form = one.page.locator("form[action='/accounts/login/']")
    form.locator("[name=username]").fill("shopper@storekeep.example")
    form.locator("[name=password]").fill(shop.password("shopper@storekeep.example"))
    form.locator(".btn--accent").click()
    one.page.wait_for_url(lambda url: "login" not in url)

    shopper.browse()
    shopper.add()
    number = shopper.buy()
    for page in ("/accounts/", "/accounts/addresses/", "/accounts/profile/", "/accounts/orders/"):
        one.page.goto(page)
        one.look()
    one.page.locator("a", has_text=number).first.click()

    expect(one.page.locator("h1")).to_contain_text(number)


def test_declined_then_walked_away_then_paid(shop, window):
    one = window()
    shopper = Shopper(one.page, shop, one.look, zh=False)
    shopper.browse()
    shopper.add()
    shopper.checkout(email="again@example.com")
    shopper.place()

    shopper.pay("decline")
    expect(one.page.get_by_role("alert")).to_be_visible()
    one.page.locator(".btn--quiet").click()
    one.page.wait_for_url("**/orders/**")
    one.look()
    one.page.locator("form[action$='/pay/'] .btn--accent").click()
    one.page.wait_for_url("**/pay/**")
    shopper.pay()

    number = shopper.thanked()
    one.page.reload()  # what the address bar says by now
    assert shopper.thanked() == number


def test_two_clicks_make_one_order(shop, window):
    one = window()
    shopper = Shopper(one.page, shop, lambda: None, zh=False)
    shopper.browse()
    shopper.add()
    shopper.checkout(email="twice@example.com")

    one.page.locator("[name=payment][value=stripe]").check()
    one.page.locator("#place-button button").dblclick()
    # The second click may break off the way that the first one took.
    expect(one.page).to_have_url(re.compile("/pay/"), timeout=TIMEOUT_MS)

    clerk = window().page
    sign_in(clerk, shop, CLERK)
    clerk.goto("/dashboard/orders/?q=twice@example.com")
    expect(clerk.locator(".orders tbody tr")).to_have_count(1)


def test_after_all_of_it_the_books_agree(shop):
    """Last in this file, so that it looks at what the others left."""
    done = shop.verify()

    assert done.returncode == 0, done.stdout + done.stderr
