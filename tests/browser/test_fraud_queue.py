"""Two orders of a blocked mailbox wait for a look: one was the customer, one was not."""

import pytest
from playwright.sync_api import expect

from tests.browser.clerk import sign_in
from tests.browser.conftest import Window
from tests.browser.drafting import order_place, order_take
from tests.browser.shopper import Shopper

pytestmark = pytest.mark.req("S3.50", "S5.04", "S5.16")
AGENT, FINANCE = "service@storekeep.example", "finance@storekeep.example"
BLOCKED = "quick.buyer@mail.example"  # in the demo


def test_what_the_rules_hold_is_approved_or_declined(window, shop):
    buyer, agent, finance = window(), window(), window()
    sign_in(agent.page, shop, AGENT)
    sign_in(finance.page, shop, FINANCE)
    order_take(agent, email=BLOCKED, words="mug")
    good = order_place(agent)
    shopper = Shopper(buyer.page, shop, lambda: None, zh=False)
    shopper.browse()
    shopper.add()
    bad = shopper.buy(email=BLOCKED)
    shop.told()

    page = finance.page
    page.goto("/dashboard/fraud/")
    for number in (good, bad):
        expect(page.locator("tbody tr", has_text=number)).to_contain_text("100")
    finance.look()
    agent.page.goto(f"/dashboard/orders/{bad}/")
    expect(agent.page.locator("main")).to_contain_text("Fraud check")
    agent.look()

    decide(finance, good, "approve", "She answered the telephone and knew the order.")
    decide(finance, bad, "decline", "The card is stolen.")
    page.goto("/dashboard/fraud/?view=decided")
    expect(page.locator("tbody tr", has_text=good)).to_contain_text("Approved")
    expect(page.locator("tbody tr", has_text=bad)).to_contain_text("Declined")
    finance.look()
    agent.page.goto(f"/dashboard/orders/{good}/")
    expect(agent.page.locator("#release")).to_have_count(0)
    shop.mail(to=BLOCKED, about=f"Money back for order {bad}")
    agent.page.goto(f"/dashboard/orders/{bad}/")
    expect(agent.page.locator(".page-head .chip").first).to_have_text("Cancelled")
    expect(agent.page.locator("main")).to_contain_text("Sent back")
    agent.look()


def decide(finance: Window, number: str, way: str, words: str) -> None:
    """What was found out is written down; then it is gone from the queue."""
    page = finance.page
    page.goto(f"/dashboard/fraud/{number}/")
    finance.look()
    page.locator(f"#{way} [name=words]").fill(words)
    page.locator(f"#{way} button").click()
    page.wait_for_url("**/dashboard/fraud/")
    expect(page.locator("tbody tr", has_text=number)).to_have_count(0)
