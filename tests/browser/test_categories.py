"""An operator sorts the tree of categories: by dragging, by keys, and without scripts on a phone in Chinese."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clerk import sign_in
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.req("S5.04")
CLERK = "product@storekeep.example"
TREE = "/dashboard/catalogue/categories/"


def rows(page: Page) -> list[str]:
    return [one.strip() for one in page.locator(".tree__name").all_inner_texts()]


def test_the_tree_is_dragged_pressed_and_clicked(shop, window):
    desk = window(size=DESK)
    page = desk.page
    sign_in(page, shop, CLERK)
    page.goto(TREE)
    desk.look()
    before = rows(page)
    branch = page.locator(".tree .tree").first
    first, second = (branch.locator(":scope > li > .tree__row").nth(at) for at in (0, 1))
    name = second.locator(".tree__name").inner_text()

    second.locator("[data-grip]").drag_to(first, target_position={"x": 200, "y": 3})
    expect(page.locator("#tree-said")).to_contain_text(f"“{name}” stands in")
    expect(first.locator(".tree__name")).to_have_text(name)
    first.locator("[data-grip]").press("ArrowDown")
    expect(second.locator(".tree__name")).to_have_text(name)
    expect(second.locator("[data-grip]")).to_be_focused()
    assert rows(page) == before

    plain = window(size=PHONE, scripts=False, zh=True)
    page = plain.page
    sign_in(page, shop, CLERK)
    page.goto(f"/zh-hans{TREE}")
    plain.look()
    chinese = rows(page)
    name, next_one = chinese[1:3]

    def place(where: str, ref: str) -> None:
        row = page.locator(".tree__row").filter(has=page.get_by_text(name, exact=True))
        row.get_by_role("link", name="移动").click()
        page.locator("#place [name=where]").select_option(where)
        if ref:
            page.locator("#place [name=ref]").select_option(label=f"\u2003{ref}")
        page.locator("#place .btn--accent").click()

    place("inside", "")
    expect(page.locator("#messages")).to_contain_text("在顶级")
    expect(page.locator(".tree__name").last).to_have_text(name)
    place("before", next_one)
    expect(page.locator(".tree__name").nth(1)).to_have_text(name)
    expect(page.locator(".tree__name")).to_have_count(len(chinese))  # the page may still be coming
    assert rows(page) == chinese
