"""From guest to member by one press, and the same member on another device."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.live_shop import LiveShop


def member_made(shop: LiveShop, window: Window, *, email: str, number: str) -> None:
    """On the page that thanks for a guest's order ``number``: the press, the mail, the account."""
    page = window.page
    page.locator("form[action='/accounts/register/'] button").click()
    page.goto(link_of(shop, shop.mail(to=email, about="/accounts/register/")))
    window.look()
    expect(page.locator("[name=first_name]")).to_have_value("Ada")
    page.locator("form .btn--accent").click()
    page.wait_for_url("**/accounts/")
    window.look()
    expect(page.locator("a", has_text=number).first).to_be_visible()


def member_signed_in(shop: LiveShop, window: Window, *, email: str) -> None:
    """By a link in a mail, without a password."""
    page = window.page
    page.goto("/accounts/login/")
    window.look()
    page.locator("[name=username]").fill(email)
    page.locator("button[formaction]").click()
    page.wait_for_url("**/link/sent/")
    window.look()
    page.goto(link_of(shop, shop.mail(to=email, about="/accounts/link/")))
    window.look()
    page.locator("main form .btn--accent").click()
    page.wait_for_url("**/accounts/")


def link_of(shop: LiveShop, message) -> str:
    text = message.get_body(("plain",)).get_content()
    return re.search(re.escape(shop.url) + r"/(?:zh-hans/)?accounts/\S+", text)[0]
