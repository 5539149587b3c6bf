"""A shift at the order desk, each in their own role: an order is held, added to, packed, handed over; half comes back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import back_home, floor
from tests.browser.clerk import sign_in
from tests.browser.conftest import Window
from tests.browser.live_shop import LiveShop
from tests.browser.shopper import Shopper

pytestmark = pytest.mark.req("S1.14", "S3.50", "S3.51", "S3.52", "S3.58", "S5.04")
CLERK, AGENT = "warehouse@storekeep.example", "service@storekeep.example"
MANAGER, BUYER = "owner@storekeep.example", "shift@example.com"
MOVED_MS = 40_000  # the carrier tells the shop, and a worker hears it


def test_an_order_is_held_added_to_sent_and_half_of_it_comes_back(window, shop):
    buyer, agent, clerk, manager = window(), window(), window(), window()
    shopper = Shopper(buyer.page, shop, lambda: None, zh=False)
    shopper.browse()
    shopper.add()
    shopper.quantity_change(2)
    number = shopper.buy(email=BUYER)
    link = shop.order_link(shop.mail(to=BUYER, about=number))
    shop.told()  # what no warehouse has yet is not on the packing table
    for one, who in ((agent, AGENT), (clerk, CLERK), (manager, MANAGER)):
        sign_in(one.page, shop, who)

    hold_and_refuse(agent, clerk, number)
    line_add(agent, number, shop.sku_beside(number))
    addition_pay(buyer, link)
    release(agent, number)
    shop.told()

    clerk.page.goto("/dashboard/packing/")
    assert floor.order_box(clerk.page, number, look=clerk.look) == number
    parcel_send(clerk, number)
    parcel_deliver(clerk.page, shop, number)

    back_home.half_back(buyer, agent, clerk, manager, link)


def hold_and_refuse(agent: Window, clerk: Window, number: str) -> None:
    """An agent lets it wait; the packing table says so aloud."""
    page = agent.page
    page.goto(f"/dashboard/orders/{number}/")
    page.locator("#hold summary").click()
    page.locator("#hold [name=reason]").select_option("other")
    page.locator("#hold [name=words]").fill("Wants something added.")
    page.locator("#hold button").click()
    expect(page.locator("#release")).to_contain_text("Wants something added.")
    agent.look()
    clerk.page.goto("/dashboard/packing/")
    floor.scan(clerk.page, "[name=code]", number)
    expect(clerk.page.locator(".floor-loud")).to_contain_text("On hold: Another reason")
    clerk.look()


def line_add(agent: Window, number: str, sku: str) -> None:
    """Something is added at today's price; the order waits until it is paid."""
    page = agent.page
    page.get_by_role("link", name="Change the order").click()
    floor.scan(page, "#add_q", sku)
    page.locator("#add .draft__one button").first.click()
    expect(page.get_by_role("button", name="Add it ·")).to_be_visible()
    agent.look()
    page.get_by_role("button", name="Add it ·").click()
    page.goto(f"/dashboard/orders/{number}/")
    expect(page.locator("main")).to_contain_text("Something was added that is not paid yet")


def addition_pay(buyer: Window, link: str) -> None:
    """By the link of the order's page, with a card."""
    page = buyer.page
    page.goto(link)
    page.get_by_role("link", name="Pay the difference").click()
    buyer.look()
    page.locator("[name=payment][value=stripe]").check()
    page.get_by_role("button", name="Pay now").click()
    page.wait_for_url("**/pay/**")
    page.locator("form .btn--accent").click()
    page.wait_for_url("**/orders/**")
    expect(page.locator(".things__item")).to_have_count(2)


def release(agent: Window, number: str) -> None:
    page = agent.page
    page.goto(f"/dashboard/orders/{number}/")
    page.locator("#release [name=words]").fill("It was added and paid.")
    page.locator("#release button").click()
    expect(page.locator("#release")).to_have_count(0)


def parcel_send(clerk: Window, number: str) -> None:
    """The label where it was packed, then onto the driver's list."""
    page = clerk.page
    page.get_by_role("button", name=f"Buy the label {number}").click()
    expect(page.get_by_role("link", name=f"Label {number}")).to_be_visible()
    clerk.look()
    page.goto("/dashboard/parcels/manifests/")
    page.get_by_role("button", name="Open the list").click()
    expect(page.locator(".page-head .chip")).to_have_text("Being loaded")
    floor.parcels_load(page, [number], look=clerk.look)


def parcel_deliver(page: Page, shop: LiveShop, number: str) -> None:
    """At the simulated carrier; the shop hears of it by a message."""
    page.goto(f"{shop.provider}/parcels/?q={number}")
    page.locator("button[value=deliver]").click()
    expect(page.locator("[role=status]")).to_be_visible()
    page.goto(f"/dashboard/orders/{number}/")
    state = page.locator(".page-head .chip").first  # beside it may stand that more is to come
    for _try in range(MOVED_MS // 1000):
        if state.inner_text() == "Delivered":
            break
        page.wait_for_timeout(1000)
        page.reload()
    expect(state).to_have_text("Delivered")
