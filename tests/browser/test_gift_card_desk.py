"""A gift card that was sold is found at the desk, blocked, unblocked and mailed to another address."""

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import sign_in
from tests.browser.shopper import Shopper

pytestmark = pytest.mark.req("S3.50", "S7.03")
AGENT, BUYER = "service@storekeep.example", "giver@example.com"
HERS, RIGHT = "lenna@example.com", "lena@example.com"


def test_a_gift_card_is_sold_blocked_and_mailed_again(window, shop):
    buyer, agent = window(), window()
    page = buyer.page
    page.goto("/search/?q=gift+card")
    page.locator(".card__link", has_text="Gift card").first.click()
    page.locator("[name=to_email]").fill(HERS)
    page.locator("[name=to_name]").fill("Lena")
    shopper = Shopper(page, shop, lambda: None, zh=False)
    shopper.add()
    page.locator("a[href$='/checkout/']").click()
    page.locator("form[action='/checkout/'] [name=email]").fill(BUYER)
    page.locator("form:has([name=email]) .btn--accent").click()
    shopper.button_reached()
    shopper.place()
    shopper.pay()
    number = shopper.thanked()
    first = shop.mail(to=HERS, about="GC-")

    page = agent.page
    sign_in(page, shop, AGENT)
    page.goto("/dashboard/wallets/")
    page.locator(".filters [name=q]").fill(number)
    page.locator(".filters button").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    agent.look()
    page.locator("tbody th a").click()
    agent.look()
    state = page.locator(".page-head .chip")
    page.locator("[name=because]").fill("The buyer mistyped the address.")
    page.locator("form[action$='/block/'] button").click()
    expect(state).to_have_text("Blocked")
    expect(page.locator("form[action$='/resend/']")).to_have_count(0)
    agent.look()
    page.get_by_role("button", name="Unblock").click()
    expect(state).to_have_text("Active")
    page.locator("form[action$='/resend/'] [name=email]").fill(RIGHT)
    page.locator("form[action$='/resend/'] button").click()
    expect(page.locator("main .alert")).to_contain_text(RIGHT)
    agent.look()
    again = shop.mail(to=RIGHT, about="GC-")
    assert again["Subject"] == first["Subject"]
