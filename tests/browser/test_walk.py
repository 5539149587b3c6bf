"""From paid orders to the doors and some of them back, by hand: each role at their own screen.

Four orders here. ``WALK_ORDERS=40 WALK_SHOP=<data folder>`` walks forty through a shop that is open
(docs/warehouses.md).
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser import back_home, floor
from tests.browser.clerk import sign_in
from tests.browser.conftest import PHONE, Window
from tests.browser.live_shop import LiveShop, wait_for
from tests.browser.shopper import Shopper

ORDERS = int(os.environ.get("WALK_ORDERS", "4"))
CLERK, AGENT = "warehouse@storekeep.example", "service@storekeep.example"
MANAGER = "owner@storekeep.example"
HEARD_S = 90  # the carrier tells the shop, and a worker hears it
SECONDS_EACH = 90
CHINESE = re.compile(r"[一-鿿]")
pytestmark = [
    pytest.mark.req("S1.14", "S3.22", "S3.50", "S3.51", "S3.52", "S3.58", "S3.59"),
    pytest.mark.timeout(480 + SECONDS_EACH * ORDERS),
]


@dataclass
class Bought:
    """An order, who reads about it, and the page that a guest sees it at."""

    number: str
    email: str
    zh: bool
    link: str = ""
    place: str = ""  # the warehouse that sends it
    carrier: str = ""


def test_orders_walk_from_paid_to_the_door_and_some_come_back(window, shop):
    buyers = {zh: window(zh=zh) for zh in (False, True)}
    orders = [bought(buyers, shop, number) for number in range(ORDERS)]
    agent, clerk, picker, manager = window(), window(), window(size=PHONE), window()
    for one, who in ((agent, AGENT), (clerk, CLERK), (picker, CLERK), (manager, MANAGER)):
        sign_in(one.page, shop, who)

    checks_pass(manager.page, orders)
    sent(shop, clerk, picker, orders)
    seen(buyers, orders[:2], step="shipped")
    late, whole, part, lost = *orders[:3], orders[-1]  # the last one: nobody buys what is left
    for one in orders:
        wish(clerk.page, shop, one, {late.number: "late", lost.number: "lose"}.get(one.number))
    states_come(manager.page, orders[1:-1], "Delivered")
    agent.look()
    again = lost_sent_again(agent, lost)
    late_is_named(agent, late)
    wish(clerk.page, shop, late, None)
    states_come(manager.page, [late], "Delivered")

    found_by_keys(agent.page, late.number)
    back_home.complained(buyers[late.zh], agent, late.link, late.number)
    back_home.half_back(buyers[part.zh], agent, clerk, manager, part.link)
    number = back_home.other_colour(buyers[whole.zh], agent, clerk, manager, whole.link)
    more = [
        Bought(number, whole.email, whole.zh, whole.link),
        Bought(again, lost.email, lost.zh, lost.link),
    ]
    sent(shop, clerk, picker, more)
    for one in more:
        wish(clerk.page, shop, one, None)
    states_come(manager.page, more, "Delivered")

    seen(buyers, orders[:4], step="ended")
    for one in orders:
        subjects = wait_for(lambda one=one: told(shop, one, 3), f"the mails of {one.number}", 60)
        assert all(bool(CHINESE.search(about)) == one.zh for about in subjects), subjects
    assert "comes later" in " ".join(shop.mails(to=late.email))
    figures_open(manager)
    exported(manager.page, orders)
    found = shop.verify()
    assert found.returncode == 0, found.stdout[-2000:] + found.stderr[-2000:]


def bought(buyers: dict[bool, Window], shop: LiveShop, number: int) -> Bought:
    """Two of something, by guests who read English and Chinese in turn."""
    zh = number % 2 == 1
    email = f"walk-{number}-{uuid4().hex[:8]}@example.com"
    look = buyers[zh].look if number < 2 else lambda: None
    shopper = Shopper(buyers[zh].page, shop, look, zh=zh)
    shopper.browse(department=number, units=4)  # two are left for the one that is lost
    shopper.add()
    shopper.quantity_change(2)
    one = Bought(shopper.buy(email=email), email, zh)
    one.link = shop.order_link(shop.mail(to=email, about=one.number, seconds=HEARD_S))
    return one


def checks_pass(page: Page, orders: Iterable[Bought]) -> None:
    """So many orders of one place may look like fraud: a manager has seen that they are not."""
    for one in orders:
        page.goto(f"/dashboard/orders/{one.number}/")
        if page.locator("#release").count():
            page.locator("#release [name=words]").fill("Asked on the telephone.")
            page.locator("#release button").click()
            expect(page.locator("#release")).to_have_count(0)


def sent(shop: LiveShop, clerk: Window, picker: Window, orders: list[Bought]) -> None:
    """Routed, picked in waves, scanned into boxes, labelled, and onto the drivers' lists."""
    for one in orders:
        one.place = routed_from(clerk.page, one)
    for place in sorted({one.place for one in orders}):
        here = [one for one in orders if one.place == place]
        for url in waves_made(clerk.page, here, place):
            picker.page.goto(url)
            walked = floor.wave_walk(picker.page, look=picker.look)
            assert walked == sorted(walked)
        table_set(clerk.page, place)
        for one in here:
            boxed(clerk.page, one)
    clerk.look()
    vans: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in orders:
        clerk.page.goto(f"/dashboard/parcels/?view=here&q={one.number}")
        carrier = clerk.page.locator("tbody td[data-label=Carrier]").first.inner_text()
        vans[carrier.split("\n")[0].strip(), one.place].append(one.number)
    for (carrier, place), numbers in vans.items():
        clerk.page.goto("/dashboard/parcels/manifests/")
        form = clerk.page.locator("form.return-scan")
        for name, label in (("carrier", carrier), ("warehouse", place)):
            field = form.locator(f"select[name={name}]")
            if field.count():
                field.select_option(label=label)
        form.get_by_role("button", name="Open the list").click()
        expect(clerk.page.locator(".page-head .chip")).to_have_text("Being loaded")
        floor.parcels_load(clerk.page, numbers, look=clerk.look)


def routed_from(page: Page, one: Bought) -> str:
    """The warehouse that the shop has chosen."""
    place = page.locator("tbody td[data-label='Sent from'] b")

    def look() -> str:
        page.goto(f"/dashboard/sending/?view=routed&q={one.number}")
        return place.inner_text() if place.count() else ""

    return wait_for(look, f"the routing of {one.number}", HEARD_S)


def waves_made(page: Page, orders: list[Bought], place: str) -> list[str]:
    """Ticked where they stand, page by page; the addresses of the waves."""
    waiting = {one.number for one in orders}
    waves, leaf = [], 1
    while waiting:
        page.goto(f"/dashboard/sending/?view=routed&page={leaf}")
        rows = page.locator("tbody [data-row]")
        names = rows.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
        ours = [at for at, name in enumerate(names) if name in waiting]
        assert names, f"not to be found: {waiting}"
        if not ours:
            leaf += 1
            continue
        for at in ours:
            rows.nth(at).check()
        page.locator("#wave_warehouse").select_option(label=place)
        page.locator("#wave_limit").fill("60")
        page.get_by_role("button", name="Make the wave").click()
        page.wait_for_url(re.compile(r"/waves/\d+/$"))
        waves.append(page.url)
        waiting -= {names[at] for at in ours}
    return waves


def table_set(page: Page, place: str) -> None:
    page.goto("/dashboard/packing/")
    form = page.locator(".floor-place")
    if form.count():
        form.locator("select").select_option(label=place)
        form.locator("button").click()


def boxed(page: Page, one: Bought) -> None:
    page.goto("/dashboard/packing/")
    assert floor.order_box(page, one.number) == one.number
    page.get_by_role("button", name=f"Buy the label {one.number}").click()
    expect(page.get_by_role("link", name=f"Label {one.number}")).to_be_visible()


def wish(page: Page, shop: LiveShop, one: Bought, what: str | None) -> None:
    """At the simulated carrier; the shop hears of it by a message."""
    page.goto(f"{shop.provider}/parcels/?q={one.number}")
    page.locator(f"button[value={what or 'deliver'}]").first.click()
    expect(page.locator("[role=status]")).to_be_visible()


def states_come(page: Page, orders: Iterable[Bought], state: str) -> None:
    for one in orders:
        chip = page.locator(".page-head .chip").first

        def look(one=one, chip=chip) -> bool:
            page.goto(f"/dashboard/orders/{one.number}/")
            return chip.inner_text() == state

        wait_for(look, f"{state} of {one.number}", HEARD_S)


def lost_sent_again(agent: Window, lost: Bought) -> str:
    """From the queue of what went wrong; the number of the order that goes in its place."""
    page = agent.page
    row = trouble(page, lost)
    expect(row.locator(".chip").first).to_contain_text("lost")
    agent.look()
    with page.expect_navigation():
        row.get_by_role("button", name="Send it again now").click()
    page.goto(f"/dashboard/orders/{lost.number}/")
    again = page.locator("main a.num[href*='/dashboard/orders/']", has_not_text=lost.number).first
    return again.inner_text()


def late_is_named(agent: Window, late: Bought) -> None:
    row = trouble(agent.page, late)
    expect(row.locator(".chip").first).to_contain_text("late")
    row.locator("[name=words]").fill("The customer knows.")
    with agent.page.expect_navigation():
        row.locator("button[name=outcome]").first.click()


def trouble(page: Page, one: Bought):
    row = page.locator(".floor-trouble", has_text=one.number)

    def look() -> int:
        page.goto(f"/dashboard/exceptions/?order={one.number}")
        return row.count()

    wait_for(look, f"the exception of {one.number}", HEARD_S)
    return row.first


def seen(buyers: dict[bool, Window], orders: Iterable[Bought], *, step: str) -> None:
    """The guest's own page, in their language; ``step`` is what a failure is called by."""
    for one in orders:
        guest = buyers[one.zh]
        guest.page.goto(one.link)
        assert bool(CHINESE.search(guest.page.locator("h1").inner_text())) == one.zh, step
        guest.look()


def told(shop: LiveShop, one: Bought, least: int) -> list[str]:
    """The subjects of what was written to them, once it is so many."""
    subjects = shop.mails(to=one.email)
    return subjects if len(subjects) >= least else []


def figures_open(manager: Window) -> None:
    """The on-time rate is a figure that opens its parcels."""
    page = manager.page
    page.goto("/dashboard/parcels/kept/")
    manager.look()
    figure = page.locator("tbody td[data-label='On time'] a").first
    parcels = int(figure.inner_text().replace(",", ""))
    assert parcels
    figure.click()
    expect(page.locator("main .panel__head .muted").first).to_contain_text(str(parcels))


def found_by_keys(page: Page, number: str) -> None:
    """Ctrl K on any page of the back office, the number, Enter."""
    page.goto("/dashboard/returns/complaints/")
    page.keyboard.press("Control+k")
    page.locator("#find-words").press_sequentially(number.lower())
    expect(page.locator("#find-hits [data-hit]", has_text=number).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(number)


def exported(page: Page, orders: list[Bought]) -> None:
    """The list as it is filtered, as both files."""
    page.goto(f"/dashboard/orders/?view=all&q={orders[0].number}")
    with page.expect_download() as table:
        page.locator(".page-head__actions a", has_text="CSV").click()
    lines = table.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [orders[0].number in line for line in lines] == [False, True]
    with page.expect_download() as book:
        page.locator(".page-head__actions a", has_text="XLSX").click()
    assert book.value.path().read_bytes().startswith(b"PK")
