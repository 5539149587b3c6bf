"""The search box for people without a mouse, with an input method, and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.req("S5.06")


def marked(page: Page) -> str | None:
    """What the box says is chosen."""
    return page.locator("#search-q").get_attribute("aria-activedescendant")


def test_the_list_is_walked_by_keys_and_said_aloud(window):
    here = window()
    page = here.page
    page.goto("/")
    box, hints = page.locator("#search-q"), page.locator("#search-hints")

    box.press_sequentially("headph")
    expect(hints).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("search-box [role=status]")).to_contain_text("arrow keys")
    here.look()
    box.press("ArrowUp")
    assert marked(page) == "hint-all"
    box.press("Home")
    first = marked(page)
    assert page.locator(f"#{first}").get_attribute("aria-selected") == "true"
    box.press("Escape")
    expect(hints).to_be_hidden()
    assert (marked(page), box.input_value()) == (None, "headph")
    box.press("ArrowDown")
    expect(hints).to_be_visible()
    box.press("ArrowDown")
    while not marked(page).startswith("hint-products"):
        box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url(re.compile(r"/hush-headphones_\d+/"))


def test_nothing_is_asked_while_an_input_method_composes(window):
    page = window(zh=True).page
    page.goto("/zh-hans/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "suggest" in request.url else 0)
    with page.expect_response("**/suggest/**"):
        page.locator("#search-q").focus()  # an empty box offers what is popular
    asked.clear()

    keyboard = page.context.new_cdp_session(page)
    keyboard.send(
        "Input.imeSetComposition", {"text": "er ji", "selectionStart": 5, "selectionEnd": 5}
    )
    page.wait_for_timeout(600)  # three times as long as the box waits
    assert asked == []
    keyboard.send("Input.insertText", {"text": "耳机"})

    expect(page.locator("#hint-all")).to_contain_text("耳机")
    assert len(asked) == 1


def test_on_a_phone_the_list_is_as_wide_as_the_screen(window):
    here = window(size=PHONE, touch=True)
    page = here.page
    page.goto("/")

    page.locator("#search-q").press_sequentially("headph")
    expect(page.locator("#search-hints")).to_be_visible()

    assert page.locator("#search-hints").bounding_box()["width"] == PHONE["width"]
    here.look()


def test_without_scripts_the_form_simply_submits(window):
    page = window(scripts=False).page
    page.goto("/")

    page.locator("#search-q").fill("headphones")
    page.locator("#search-q").press("Enter")

    page.wait_for_url("**/search/?q=headphones")
    expect(page.locator("#search-hints")).to_be_hidden()
