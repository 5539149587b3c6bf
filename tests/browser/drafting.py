"""How an order is taken by telephone: words, address and delivery, found by what the pages are made of."""

from collections.abc import Mapping

from playwright.sync_api import expect

from tests.browser.conftest import Window
from tests.browser.shopper import address_fill
from tests.flows.shopper import GERMANY

EUROS = {"language": "en", "currency": "EUR"}


def order_take(
    agent: Window,
    *,
    email: str,
    words: str,
    units: int = 1,
    said: Mapping[str, str] = EUROS,
    address: Mapping[str, str] = GERMANY,
) -> None:
    """A draft for a guest with ``units`` of the first thing that carries the words."""
    page = agent.page
    page.goto("/dashboard/drafts/")
    agent.look()
    page.get_by_role("button", name="New order").click()
    page.locator("#add_q").press_sequentially(words)
    page.locator("#found button").first.click()
    expect(page.locator("#lines tbody tr")).to_have_count(1)
    if units > 1:
        page.locator(".draft__units").fill(str(units))
        page.locator("#lines").get_by_role("button", name="Change").click()
        expect(page.locator(".draft__units")).to_have_value(str(units))
    page.get_by_role("link", name="Find or write down").click()
    agent.look()
    page.locator("[name=email]").fill(email)
    for name, value in said.items():
        page.locator(f"select[name={name}]").select_option(value)
    page.locator("form:has([name=email]) .btn").click()
    page.get_by_role("link", name="Change Address").click()
    address_fill(page, address)
    agent.look()
    page.get_by_role("button", name="Keep the address").click()
    expect(page.locator(".office-address")).to_contain_text(address["line1"])


def order_place(agent: Window, *, payment: str = "transfer") -> str:
    """Placed in the office; its number."""
    page = agent.page
    page.locator("#finish summary").click()
    page.locator(f"#finish [name=payment][value={payment}]").check()
    agent.look()
    page.locator("#finish details button").click()
    page.wait_for_url("**/dashboard/orders/**")
    return page.locator("h1").inner_text()
