"""What the warehouse does with an order."""

from playwright.sync_api import Page, expect

from tests.browser.live_shop import LiveShop


def sign_in(page: Page, shop: LiveShop, email: str) -> None:
    """Through the door of the back office."""
    page.goto("/dashboard/login/")
    page.locator("[name=username]").fill(email)
    page.locator("[name=password]").fill(shop.password(email))
    page.locator(".signin form.panel__body button").click()
    expect(page.locator("h1")).to_be_visible()


def order_send(page: Page, number: str, tracking_number: str, *, state: str = "Paid") -> None:
    """Find it, pack it, hand it to the carrier, see it arrive. ``state``: the word that it is found in."""
    page.goto(f"/dashboard/orders/?q={number}")
    page.locator(".orders tbody a", has_text=number).click()
    chip = page.locator(".page-head .chip")
    expect(chip).to_have_text(state)
    page.locator("form[action$='/pack/'] button").click()
    expect(chip).to_have_text("Packed")
    page.locator("[name=tracking_number]").fill(tracking_number)
    page.locator("form[action$='/ship/'] button").click()
    expect(chip).to_have_text("Shipped")
    page.locator("form[action$='/deliver/'] button").click()
    expect(chip).to_have_text("Delivered")
    expect(page.locator(".panel", has_text=tracking_number).first).to_be_visible()
