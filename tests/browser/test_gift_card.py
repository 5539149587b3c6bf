"""A guest pays a part of an order with the code of a gift card and the rest by bank card, on a phone."""

import psycopg
import pytest
from playwright.sync_api import expect

from payments.wallets.codes import code_of_key
from tests.browser.conftest import PHONE
from tests.browser.live_shop import LiveShop
from tests.browser.shopper import Shopper

pytestmark = pytest.mark.req("S7.03")

HERS = """
    SELECT w.key FROM wallets_wallet w JOIN wallets_giftcard c ON c.wallet_id = w.id
    WHERE c.recipient_name = 'Lena' AND w.balance > 0
"""


def code_of_demo(shop: LiveShop, settings) -> str:
    """Of the demo's card that was spent in part; the tables alone do not tell it."""
    with psycopg.connect(shop.database_url) as connection:
        ((key,),) = connection.execute(HERS).fetchall()
    settings.SECRET_KEY = shop.environment()["SECRET_KEY"]
    return code_of_key(key)


def test_a_gift_card_pays_a_part_and_a_bank_card_the_rest(shop, window, settings):
    code = code_of_demo(shop, settings)
    phone = window(size=PHONE, touch=True)
    page = phone.page
    buyer = Shopper(page, shop, lambda: None, zh=False)
    page.goto("/")
    page.goto(page.locator(".site-nav__list a").first.get_attribute("href") + "?sort=price-down")
    page.locator(".card__link").first.click()
    buyer.add()
    buyer.checkout(email="gifted@example.com")

    page.locator("[aria-labelledby=tenders] summary").click()
    page.locator("[name=code]").fill(code)
    page.locator("[aria-labelledby=tenders] .disclosure__body button").click()
    expect(page.locator(".summary__row--total").last).to_contain_text("Left to pay")
    phone.look()
    buyer.place()
    buyer.pay()

    buyer.thanked()
    expect(page.locator("main")).to_contain_text("Gift card")
    phone.look()
