"""An operator puts the home page in order, plans a block and publishes; readers get it. In Chinese too, and without scripts."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.browser.clerk import sign_in
from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.req("S3.02", "S3.05")
MARKETER = "marketing@storekeep.example"
BOARD = "/dashboard/home/"


def names(page: Page) -> list[str]:
    return [one.strip() for one in page.locator(".board__name").all_inner_texts()]


def headings(page: Page) -> list[str]:
    """Of all sections, those that are not drawn yet because they are far from the window too."""
    titles = page.locator("main h2.section__title").all_text_contents()
    return [title.strip() for title in titles]


def preview(page: Page):
    return page.frame_locator("iframe[name=home-preview]")


def test_blocks_are_dragged_written_planned_and_published(shop, window):
    one = window(size={"width": 1400, "height": 1000})
    page = one.page
    sign_in(page, shop, MARKETER)
    page.goto(BOARD)
    one.look()
    before = names(page)

    last = page.locator(".board__row").nth(4).locator("[data-grip]")
    with page.expect_response("**/home/arrange/"):
        last.drag_to(page.locator(".board__row").nth(1), target_position={"x": 40, "y": 4})
    expect(page.locator(".board__row").nth(1)).to_contain_text(before[4])
    with page.expect_response("**/move/"):
        page.locator(".board__row").nth(1).locator("button[value=down]").press("Enter")
    expect(page.locator(".board__row").nth(2)).to_contain_text(before[4])

    page.goto(f"{BOARD}blocks/add/text/")
    page.locator("[name=title_en]").fill("A note from the browser")
    page.locator("[name=title_zh_hans]").fill("浏览器里的一句话")
    page.locator("[name=text_en]").fill("Written **just now**.")
    page.locator("[name=text_zh_hans]").fill("刚刚写的。")
    expect(preview(page).locator("main")).to_contain_text("Written just now.")
    one.look()
    page.locator(".form__actions .btn").first.click()
    expect(page.locator(".board__row").last).to_contain_text("A note from the browser")
    expect(page.locator("#board .chip--warn").first).to_have_text("Not published yet")
    expect(preview(page).locator("main")).to_contain_text("A note from the browser")
    with page.expect_response("**/publish/"):
        page.locator("#board .btn--accent").click()
    expect(page.locator("#board .chip--good").first).to_have_text("As readers see it")

    reader = window(size=PHONE, touch=True).page
    reader.goto("/")
    assert headings(reader)[-1] == "A note from the browser"
    reader.goto("/zh-hans/")
    expect(reader.locator("main")).to_contain_text("浏览器里的一句话")


def test_a_planned_block_is_looked_at_before_its_time(shop, window):
    one = window(size=PHONE)
    page = one.page
    sign_in(page, shop, MARKETER)
    page.goto(f"{BOARD}blocks/add/text/")
    page.locator("[name=title_en]").fill("For the weekend")
    page.locator("[name=text_en]").fill("Soon.")
    begins = dt.datetime.now(dt.UTC) + dt.timedelta(days=9)
    page.locator("[name=shown_from]").fill(begins.strftime("%Y-%m-%dT%H:%M"))
    page.locator(".form__actions .btn").first.click()
    one.look()

    row = page.locator(".board__row", has_text="For the weekend")
    expect(row).to_contain_text("Planned")
    frame = preview(page)
    page.locator("iframe[name=home-preview]").scroll_into_view_if_needed()  # it loads when seen
    expect(frame.locator("h1")).to_be_visible()
    expect(frame.locator("main")).not_to_contain_text("For the weekend")
    later = begins + dt.timedelta(days=1)
    page.locator(".board-preview [name=at]").fill(later.strftime("%Y-%m-%dT%H:%M"))
    expect(frame.locator("main")).to_contain_text("For the weekend")
    row.locator(".board__name").click()
    page.locator(".btn--danger").click()
    expect(page.locator(".board__row", has_text="For the weekend")).to_have_count(0)


def test_the_board_works_without_scripts_and_in_chinese(shop, window):
    page = window(size=DESK, scripts=False, zh=True).page
    sign_in(page, shop, MARKETER)
    page.goto(f"/zh-hans{BOARD}")
    before = names(page)

    page.locator(".board__row").nth(1).locator("button[value=down]").click()

    assert names(page)[1:3] == [before[2], before[1]]
    page.locator(".board__row").nth(2).locator("button[value=up]").click()
    assert names(page) == before
    page.locator(".board__row").nth(1).locator("button[name=show]").click()
    expect(page.locator(".board__row").nth(1)).to_contain_text("未显示")
    page.locator(".board__row").nth(1).locator("button[name=show]").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_notice_is_closed_and_stays_closed(shop, window, scripts):
    one = window(size=PHONE, touch=True, scripts=scripts)
    page = one.page
    page.goto("/")
    notice = page.locator(".announce", has_text="rainy evening")
    expect(notice).to_be_visible()
    one.look()

    notice.locator("button").click()

    expect(notice).to_have_count(0)
    page.goto("/guides/")
    expect(notice).to_have_count(0)
