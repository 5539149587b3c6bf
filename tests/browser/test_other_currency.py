"""One person from the first order to one in another currency, on two devices; its sums to the cent."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.member import member_made, member_signed_in
from tests.browser.shopper import Shopper

pytestmark = pytest.mark.req("S1.01", "S1.09", "S5.04")

BUYER = "abroad@example.com"
NEW_YORK = {
    "country": "US",
    "for": "US",
    "first_name": "Ada",
    "last_name": "King",
    "line1": "350 Fifth Avenue",
    "line2": "",
    "line4": "New York",
    "state": "NY",
    "postcode": "10118",
    "phone_number": "(201) 555-0123",
}
TRIES = 40  # half a second each
TAX = Decimal("0.04")  # of the state of New York, on goods and delivery


def sums_of(page: Page) -> dict[str, Decimal]:
    """The rows of the page's summary by their names, discounts together; free is nothing."""
    found = {"Discounts": Decimal(0)}
    for row in page.locator(".summary__row").all():
        value = row.locator(".summary__value").inner_text()
        name = row.locator("dt").inner_text().split("\n")[0]
        amount = Decimal(re.sub(r"[^\d.]", "", value) or 0)
        if "summary__row--less" in (row.get_attribute("class") or ""):
            found["Discounts"] += amount
        else:
            found[name] = amount
        assert value == "Free" or "$" in value
    return found


def invoiced(page: Page) -> Decimal:
    """The total of the invoice on an order's page, which comes a moment after the money."""
    paper = page.locator("[aria-labelledby=papers] .files__file")
    for _ in range(TRIES):
        if paper.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    pdf = page.request.get(paper.locator("a").get_attribute("href"))
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF-")
    amount = paper.locator(".muted .num").inner_text()
    assert "$" in amount
    return Decimal(re.sub(r"[^\d.]", "", amount))


def test_guest_member_second_device_and_an_order_in_dollars_with_its_tax(shop, window):
    desk = window(size=DESK)
    shopper = Shopper(desk.page, shop, desk.look, zh=False)
    shopper.browse()
    shopper.add()
    number = shopper.buy(email=BUYER)
    member_made(shop, desk, email=BUYER, number=number)
    shopper.browse()
    shopper.add()

    phone = window(size=PHONE, touch=True)
    member_signed_in(shop, phone, email=BUYER)
    phone.page.goto("/basket/")
    expect(phone.page.locator(".basket__lines .line")).to_have_count(1)
    expect(phone.page.locator(".summary__row--total")).to_contain_text("€")
    phone.page.locator("#currency [value=USD]").click()
    expect(phone.page.locator(".summary__row--total")).to_contain_text("$")
    assert "€" not in phone.page.locator("main").inner_text()
    phone.look()

    buyer = Shopper(phone.page, shop, phone.look, zh=False)
    buyer.address = NEW_YORK
    buyer.checkout(is_new=True)
    expected = sums_of(phone.page)
    buyer.place()
    expect(phone.page.locator("body")).to_contain_text(f"{expected['Total']:,.2f}")
    buyer.pay()
    second = buyer.thanked()
    phone.page.goto(f"/accounts/orders/{second}/")
    phone.look()
    sums = sums_of(phone.page)

    assert sums == expected
    taxed = sums["Goods"] - sums["Discounts"] + sums["Delivery"]
    assert abs(sums["Sales tax 4 %"] - taxed * TAX) <= Decimal("0.01")  # rounded twice
    assert taxed + sums["Sales tax 4 %"] == sums["Total"]
    assert invoiced(phone.page) == sums["Total"]
    message = shop.mail(to=BUYER, about=second)
    assert f"${sums['Total']:,.2f}" in message.get_body(("plain",)).get_content()
    desk.page.goto(
        "/accounts/orders/"
    )  # the other device: the old order in euros, the new in dollars
    for one, sign in ((number, "€"), (second, "$")):
        expect(desk.page.locator("main")).to_contain_text(one)
        expect(desk.page.locator("main")).to_contain_text(sign)
    desk.look()
