"""Finding and deciding: from a word that is spelt wrongly to the right variant in the basket."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.shopper import Shopper

pytestmark = pytest.mark.req("S1.10", "S5.04", "S7.05")

HEADPHONES = re.compile(r"/hush-headphones_\d+/")
RADIO = re.compile(r"/kitchen-radio_\d+/")


def search(page: Page, query: str) -> None:
    """By the box in the header, as everybody does."""
    box = page.locator("#search-q")
    box.fill(query)
    box.press("Enter")
    page.wait_for_url("**/search/**")


def card_open(page: Page, address: re.Pattern) -> None:
    for link in page.locator(".card__link").all():
        if address.search(link.get_attribute("href")):
            link.click()
            page.wait_for_url(address)
            return
    raise AssertionError(f"no card leads to {address.pattern}")


def compare(page: Page) -> None:
    page.locator("form[action$='/compare/'] .keep__button").first.click()
    expect(page.locator(".keep__button[aria-pressed=true]").first).to_be_visible()


def variant_take(page: Page) -> str:
    """Another variant than the first, into the basket; its name."""
    pick = page.locator("#product .pick:not([aria-current]):not(.pick--out)").first
    name = pick.inner_text().strip()
    pick.click()
    expect(page.locator("#product .pick[aria-current]", has_text=name)).to_be_visible()
    page.locator("#add-button").click()
    expect(page.locator("#basket-link .count")).to_have_text("1")
    return name


def test_typo_then_filter_compare_and_a_variant_into_the_basket(shop, window):
    one = window(size=DESK)
    page = one.page
    page.goto("/")

    search(page, "headpones")
    expect(page.locator(".search-note b")).to_have_text("headphones")
    one.look()
    page.locator("#f-colour-graphite").check()
    page.wait_for_url("**colour=graphite**")
    expect(page.locator(".filters__off")).to_have_count(1)
    one.look()
    page.go_back()
    expect(page.locator(".filters__off")).to_have_count(0)
    page.go_forward()
    expect(page.locator(".filters__off")).to_have_count(1)
    card_open(page, HEADPHONES)
    one.look()
    compare(page)
    search(page, "radio")
    card_open(page, RADIO)
    compare(page)
    page.goto("/compare/")
    expect(page.locator(".compare__product")).to_have_count(2)
    one.look()
    page.locator(".compare__link").first.click()
    name = variant_take(page)
    page.goto("/basket/")

    expect(page.locator(".basket__lines .line")).to_contain_text(name)


def test_the_same_in_chinese_by_pinyin_on_a_phone(shop, window):
    one = window(size=PHONE, touch=True, zh=True)
    page = one.page
    page.goto("/zh-hans/")

    search(page, "erji")
    one.look()
    page.locator(".list-bar__filter a").click()
    page.locator("#f-colour-graphite").check()
    page.wait_for_url("**colour=graphite**")
    one.look()
    page.keyboard.press("Escape")
    card_open(page, HEADPHONES)
    expect(page.locator("h1")).to_contain_text("耳机")
    compare(page)
    search(page, "shouyinji")
    card_open(page, RADIO)
    compare(page)
    page.goto("/zh-hans/compare/")
    expect(page.locator(".compare__product")).to_have_count(2)
    one.look()
    page.locator(".compare__link").first.click()
    name = variant_take(page)
    page.goto("/zh-hans/basket/")

    expect(page.locator(".basket__lines .line")).to_contain_text(name)


def test_the_walk_without_scripts(shop, window):
    one = window(scripts=False)
    page = one.page
    page.goto("/")

    search(page, "headpones")
    page.locator("#f-colour-graphite").check()
    page.locator("#listing-form .no-js-only.btn--wide").click()
    page.wait_for_url("**colour=graphite**")
    card_open(page, HEADPHONES)
    compare(page)
    page.goto("/compare/")
    expect(page.locator(".compare__product")).to_have_count(1)
    page.go_back()
    variant_take(page)


def test_suggestions_are_chosen_by_keyboard(shop, window):
    page = window().page
    page.goto("/")
    page.locator("#search-q").press_sequentially("hush", delay=20)
    expect(page.locator("#search-hints [role=option]").first).to_be_visible()

    page.keyboard.press("ArrowDown")
    chosen = page.locator("#search-hints [role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    expect(page.locator("#search-q")).to_have_attribute(
        "aria-activedescendant", chosen.get_attribute("id")
    )
    page.keyboard.press("Escape")
    expect(page.locator("#search-hints")).to_be_hidden()


def test_suggestions_stay_while_a_hand_chooses_from_them(shop, window):
    page = window().page
    page.goto("/")
    page.locator("#search-q").press_sequentially("hus", delay=20)
    expect(page.locator("#hint-all")).to_be_visible()

    page.keyboard.type("h")  # a newer list is due
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#search-hints [role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    page.wait_for_timeout(600)
    expect(chosen).to_have_count(1)


def test_a_price_explains_itself(shop, window):
    one = window()
    page = one.page
    page.goto("/search/?q=hush")
    card_open(page, HEADPHONES)

    page.locator("#product a[href*='/catalogue/price/']").first.click()
    expect(page.locator("dialog[open]")).to_be_visible()
    one.look()
    page.keyboard.press("Escape")

    plain = window(scripts=False).page
    plain.goto(page.url)
    plain.locator("#product a[href*='/catalogue/price/']").first.click()
    expect(plain.locator("h1")).to_be_visible()


def test_shopper_can_still_buy(shop, window):
    """What was found can be paid for: the pages of deciding lead into the same sale."""
    one = window()
    shopper = Shopper(one.page, shop, one.look, zh=False)
    one.page.goto("/search/?q=hush")
    card_open(one.page, HEADPHONES)
    shopper.add()
    shopper.buy(email="finder@example.com")
