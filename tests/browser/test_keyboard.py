"""From the home page to the thanks for the order with no pointer."""

import pytest
from playwright.sync_api import Page, expect

from tests.flows.shopper import GERMANY

pytestmark = pytest.mark.req("S1.10", "S2.14", "S5.06")

RING = """() => {
  const one = document.activeElement;
  const drawn = (part, on) => {
    const seen = getComputedStyle(on, part);
    return seen.outlineStyle !== "none" || seen.boxShadow !== "none";
  };
  return drawn(null, one) || drawn("::after", one) || (one.closest("label") && drawn(null, one.closest("label")));
}"""


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Press Tab until what ``selector`` names has the focus, and can be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("([at]) => document.activeElement.matches(at)", [selector]):
            assert page.evaluate(RING), f"{selector} has the focus, but nothing shows it"
            return
    raise AssertionError(f"{most} times Tab do not lead to {selector}")


def test_skip_link_leads_over_the_header(window):
    page = window().page
    page.goto("/")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.keyboard.press("Tab")

    assert page.evaluate("() => !!document.activeElement.closest('#content')")


def test_shopper_buys_by_keys_alone(shop, window):
    page = window().page
    page.goto("/")
    tab_to(page, ".site-nav__list a")
    page.keyboard.press("Enter")
    expect(page.locator(".shelf-head")).to_be_visible()

    tab_to(page, ".card:has(.swatches) .card__link", most=120)
    page.keyboard.press("Enter")
    expect(page.locator("#product")).to_be_visible()
    tab_to(page, ".pick:not([aria-current]):not(.pick--out)")
    chosen = page.evaluate("() => document.activeElement.id")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{chosen}")).to_have_attribute("aria-current", "true")
    expect(page.locator(f"#{chosen}")).to_be_focused()
    tab_to(page, "#add-button")
    page.keyboard.press("Enter")
    expect(page.locator("#add-answer .alert")).to_be_visible()
    tab_to(page, "#add-answer a")
    page.keyboard.press("Enter")
    expect(page.locator(".basket__lines .line")).to_have_count(1)
    tab_to(page, "a[href$='/checkout/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/checkout/")
    tab_to(page, "form[action='/checkout/'] [name=email]")
    page.keyboard.type("keys@example.com")
    for name in ("first_name", "last_name", "line1", "postcode", "line4", "phone_number"):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(GERMANY[name])
    page.keyboard.press("Enter")
    page.wait_for_url("**/preview/")
    choose(page, "payment", "stripe")
    tab_to(page, "#place-button button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pay/**")
    choose(page, "outcome", "pay")
    tab_to(page, "form .btn--accent")
    page.keyboard.press("Enter")

    page.wait_for_url("**/thank-you/**")
    number = page.locator(".thanks copy-text code").inner_text()
    assert shop.mail(to="keys@example.com", about=number)


def choose(page: Page, name: str, value: str) -> None:
    """Come to the group of ``name`` and go on by arrow keys to ``value``."""
    tab_to(page, f"[name={name}]")
    for _ in range(10):
        if page.evaluate("() => document.activeElement.value") == value:
            page.keyboard.press("Space")
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{value} is not among the choices of {name}")
