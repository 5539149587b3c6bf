"""An order by telephone: taken at a desk, paid by its link on a phone, and a part of it paid back by two people."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser.clerk import sign_in
from tests.browser.conftest import PHONE, Window
from tests.browser.drafting import order_take
from tests.browser.live_shop import LiveShop
from tests.flows.shopper import CHINA

pytestmark = pytest.mark.req("S3.50", "S5.04", "S5.13", "S7.03")
AGENT, MANAGER = "service@storekeep.example", "operations@storekeep.example"
FINANCE = "finance@storekeep.example"
BUYER = f"wang-{uuid4().hex[:8]}@example.com"  # of whom there is one mail with a link
CHINESE = {"language": "zh-hans", "currency": "EUR"}
WORDS = "The lid is cracked."


def test_an_order_by_telephone_is_paid_by_its_link_and_a_part_of_it_goes_back(window, shop):
    agent, manager, finance = window(), window(), window()
    for one, who in ((agent, AGENT), (manager, MANAGER), (finance, FINANCE)):
        sign_in(one.page, shop, who)
    buyer = window(size=PHONE, touch=True, zh=True)

    order_take(agent, email=BUYER, words="projector", said=CHINESE, address=CHINA)
    discount_agree(manager, agent.page.url)
    agent.page.reload()
    expect(agent.page.locator("#less")).to_contain_text("Scratched")
    link_send(agent)
    draft = agent.page.url
    link_pay(buyer, draft_link(shop))
    agent.page.goto(draft)
    expect(agent.page.locator(".page-head .chip")).to_have_text("Placed")
    agent.look()
    agent.page.locator(".page-head__actions a").click()
    number = agent.page.locator("h1").inner_text()
    expect(agent.page.locator(".page-head .chip").first).to_have_text("Paid")
    shop.told()

    refund_ask(agent, number, "201")
    refund_decline(manager, number)
    refund_ask(agent, number, "202")
    refund_approve(finance, number)
    shop.told()
    agent.page.goto(f"/dashboard/orders/{number}/")
    expect(agent.page.locator("main")).to_contain_text("Ask for the lid only.")
    agent.look()
    for kind in ("Invoice", "Credit note"):
        paper_open(agent.page, agent.page.locator(".row", has_text=kind).locator("a[download]"))
    paper_open(agent.page, agent.page.get_by_role("link", name="Packing slip"))
    paper_open(agent.page, agent.page.get_by_role("button", name="Pick list"))
    trail_read(finance, number)


def discount_agree(manager: Window, draft: str) -> None:
    """By somebody who may: a tenth, for a reason."""
    page = manager.page
    page.goto(draft)
    page.locator("#less summary").click()
    page.locator("#less [name=percent]").fill("10")
    page.locator("#less [name=reason]").fill("Scratched")
    manager.look()
    page.get_by_role("button", name="Agree on this").click()
    expect(page.locator("#less b")).to_have_text("−10 %")


def link_send(agent: Window) -> None:
    page = agent.page
    page.locator("#delivery [name=code]").first.check()
    page.locator("#delivery [name=note]").fill("Call before it leaves.")
    page.get_by_role("button", name="Save").click()
    agent.look()
    page.get_by_role("button", name="Send the payment link").click()
    expect(page.locator("#finish copy-text")).to_be_visible()
    agent.look()


def draft_link(shop: LiveShop) -> str:
    """Of the mail, in the language of the draft."""
    mail = shop.mail(to=BUYER, about="/zh-hans/")
    assert mail["Content-Language"] == "zh-hans"
    return re.search(r"http\S+", mail.get_body(("plain",)).get_content())[0]


def link_pay(buyer: Window, link: str) -> None:
    """Looks at it, orders, and pays at the provider's page."""
    page = buyer.page
    page.goto(link)
    buyer.look()
    page.locator("[name=payment][value=stripe]").check()
    page.locator("[form=place-form]").click()
    page.wait_for_url("**/pay/**")
    buyer.look()
    page.locator("[name=outcome][value=pay]").check()
    page.locator("form .btn--accent").click()
    page.wait_for_url(re.compile("/(thank-you|orders)/"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    buyer.look()
    page.goto(link)  # once more: it leads to what became of it
    expect(page.locator(".things__item")).to_have_count(1)
    buyer.look()


def refund_ask(agent: Window, number: str, amount: str) -> None:
    """More than the role sends back alone."""
    page = agent.page
    page.goto(f"/dashboard/refund-requests/new/{number}/")
    page.locator("[name=amount]").fill(amount)
    page.locator("[name=reason]").fill(WORDS)
    agent.look()
    page.get_by_role("button", name="Send it back").dblclick()
    page.wait_for_url(f"**/dashboard/orders/{number}/")
    expect(page.locator("main")).to_contain_text("waits for a colleague")
    agent.look()


def refund_decline(manager: Window, number: str) -> None:
    page = manager.page
    page.goto("/dashboard/refund-requests/")
    rows = page.locator("tbody tr", has_text=number)
    expect(rows).to_have_count(1)
    manager.look()
    rows.locator("summary").click()
    rows.locator("[name=why]").fill("Ask for the lid only.")
    rows.get_by_role("button", name="Decline").click()
    expect(rows).to_have_count(0)
    manager.look()


def refund_approve(finance: Window, number: str) -> None:
    """Pressed twice it is sent once."""
    page = finance.page
    page.goto("/dashboard/refund-requests/")
    row = page.locator("tbody tr", has_text=number)
    row.get_by_role("button", name="Approve and send it").dblclick()
    expect(row).to_have_count(0)
    finance.look()
    page.goto(f"/dashboard/orders/{number}/")
    sent = page.locator("main .row--apart", has_text=WORDS)
    expect(sent).to_have_count(1)
    expect(sent).to_contain_text("−€202.00")
    finance.look()


def paper_open(page: Page, link: Locator) -> None:
    """It comes as a file that is a PDF with pages."""
    with page.expect_download() as paper:
        link.click()
    assert len(PdfReader(BytesIO(paper.value.path().read_bytes())).pages) > 0


def trail_read(finance: Window, number: str) -> None:
    """What he did to it, found by its number and his name; and the order's own history."""
    page = finance.page
    page.goto("/dashboard/audit/")
    page.locator("[name=thing]").fill(number)
    page.locator("[name=who]").select_option(label="Daniel Okafor")
    page.locator(".filters button").first.click()
    expect(page.locator("main tbody tr").first).to_contain_text("Daniel Okafor")
    finance.look()
    page.goto(f"/dashboard/orders/{number}/")
    page.get_by_role("link", name="History").first.click()
    expect(page.locator("main tbody")).to_contain_text("202.00")
    finance.look()
