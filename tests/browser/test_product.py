"""The product page by keys alone and with a closer look."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.req("S5.06")


def to_a_product(page: Page) -> None:
    page.goto("/catalogue/")
    page.locator(".card:has(.swatches) .card__link").first.click()
    expect(page.locator("#product")).to_be_visible()


def test_pictures_are_reached_by_keys_and_looked_at_closely(window):
    page = window().page
    to_a_product(page)
    page.locator("#picture-1").focus()

    page.keyboard.press("ArrowRight")
    expect(page.locator("#picture-2")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator(".gallery__slide").last).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.locator(".lightbox")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".lightbox__count")).to_contain_text("2 /")
    page.keyboard.press("+")
    expect(page.locator(".lightbox__stage")).to_have_attribute("data-large", "")
    page.keyboard.press("Escape")

    expect(page.locator(".lightbox")).to_be_hidden()
    expect(page.locator("#picture-2")).to_be_focused()


def test_another_country_changes_the_promise_and_keeps_the_place(window):
    page = window().page
    to_a_product(page)

    page.locator("#delivery-change").click()
    page.locator("#country").select_option("AT")
    page.locator(".country-form .btn").click()

    expect(page.locator("#delivery")).to_contain_text("Austria")
    expect(page.locator("#delivery-dialog")).to_be_hidden()
    expect(page.locator("#delivery-change")).to_be_focused()
