"""How things come back: asked for by the shopper, looked at in the warehouse, paid or exchanged."""

from playwright.sync_api import expect

from tests.browser import floor
from tests.browser.conftest import Window
from tests.browser.pictures import photo


def half_back(buyer: Window, agent: Window, clerk: Window, manager: Window, link: str) -> None:
    """Two go back with a photo: one is as new, one is scrap; the money follows."""
    page = buyer.page
    page.goto(f"{link}return/")
    page.locator("[name^=units_]").first.select_option("2")
    page.locator("[name^=reason_]").first.select_option("damaged")
    page.locator("[name=photos]").set_input_files([photo()])
    page.get_by_role("button", name="Ask for the return").click()
    expect(page.locator(".return-photo")).to_be_visible()
    buyer.look()
    code = page.locator("h1").inner_text().split()[-1]

    agent.page.goto(f"/dashboard/returns/{code}/")
    expect(agent.page.locator(".return-photos img")).to_be_visible()
    agent.look()
    look_at(agent, clerk, code, restock=1, scrap=1)
    manager.page.goto(f"/dashboard/returns/{code}/")
    manager.look()
    manager.page.get_by_role("button", name="Send it back").click()
    expect(manager.page.locator(".page-head .chip")).to_have_text("Refunded")
    page.reload()
    expect(page.locator(".order-head .chip")).to_have_text("Refunded")


def other_colour(buyer: Window, agent: Window, clerk: Window, manager: Window, link: str) -> str:
    """One goes back for another variant of it; the number of the order that sends that one."""
    page = buyer.page
    page.goto(f"{link}return/")
    page.locator("[name^=units_]").first.select_option("1")
    page.locator("[name^=reason_]").first.select_option("fit")
    swap = page.locator("[name^=swap_]").first
    swap.select_option(swap.locator("option").nth(1).get_attribute("value"))
    page.locator("[name=wish][value=exchange]").check()
    page.locator("form[enctype] .btn--accent").click()
    expect(page.locator(".return-photo, .order-head .chip").first).to_be_visible()
    buyer.look()
    code = page.locator("h1").inner_text().split()[-1]

    look_at(agent, clerk, code, restock=1)
    manager.page.goto(f"/dashboard/returns/{code}/")
    number = manager.page.locator("#exchange header .num").inner_text()
    manager.page.get_by_role("button", name="Exchange it").click()
    expect(manager.page.locator(".page-head .chip")).to_have_text("Exchanged")
    page.reload()
    return number


def look_at(agent: Window, clerk: Window, code: str, **found: int) -> None:
    """It may come, it is here, and so it looks."""
    agent.page.goto(f"/dashboard/returns/{code}/")
    with agent.page.expect_navigation():
        agent.page.get_by_role("button", name="Approve", exact=True).click()
    clerk.page.goto("/dashboard/returns/")
    floor.scan(clerk.page, ".return-scan [name=code]", code)
    clerk.page.get_by_role("button", name="It is here").click()
    for name, units in found.items():
        clerk.page.locator(f"[name^={name}_]").first.fill(str(units))
    clerk.look()
    clerk.page.get_by_role("button", name="That is what I found").click()
    expect(clerk.page.locator(".page-head .chip")).to_have_text("Looked at")


def complained(buyer: Window, agent: Window, link: str, number: str) -> None:
    """It came late: told with a photo, found by Ctrl K, and answered."""
    page = buyer.page
    page.goto(f"{link}complaint/")
    page.locator("[name=kind][value=late]").check()
    page.locator("[name=wish][value=words]").check()
    page.locator("[name=words]").fill("A week late, and dented.")
    page.locator("[name=photos]").set_input_files([photo()])
    with page.expect_navigation():
        page.locator("form[enctype] .btn--accent").click()
    page.goto(f"{link}complaint/")
    told = page.locator("main .panel--padded .chip").first
    expect(told).to_be_visible()
    buyer.look()

    desk = agent.page
    desk.goto("/dashboard/returns/complaints/")
    desk.locator("tbody tr", has_text=number).locator("a").first.click()
    expect(desk.locator(".return-photos img")).to_be_visible()
    agent.look()
    desk.locator("[name=remedy][value=words]").check()
    desk.locator("[name=answer]").fill("We are sorry: the carrier lost a day.")
    desk.get_by_role("button", name="Do that").click()
    expect(desk.locator(".page-head .chip")).to_have_text("An answer")
    page.reload()
    expect(page.locator("main .why")).to_have_text("We are sorry: the carrier lost a day.")
