"""Every form of the storefront with something wrong in it: said at the field, said aloud, and valid HTML."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.live_shop import LiveShop
from tests.browser.mistakes import untold
from tests.browser.rooms import MEMBER
from tests.browser.validity import invalid
from tests.browser.visitor import Forms, Visitor

pytestmark = pytest.mark.req("S1.10", "S5.06")


@dataclass(frozen=True)
class Mistake:
    """A form: the page it is on, the end of its address, and values that cannot be right."""

    name: str
    path: str
    action: str
    values: dict[str, str]


STRANGER = (
    Mistake(
        "sign-in",
        "/accounts/login/",
        "/accounts/login/",
        {"username": "who@example.com", "password": "no"},
    ),
    Mistake("register", "/accounts/login/", "/accounts/register/", {"email": "nobody"}),
    Mistake("password", "/accounts/password/", "/accounts/password/", {"email": "nobody"}),
    Mistake("find order", "/orders/find/", "/orders/find/", {"number": "", "email": "nobody"}),
    Mistake("country", "/delivery/", "/delivery/", {"country": "XX"}),
)
SHOPPER = (
    Mistake("coupon", "/basket/", "/vouchers/add/", {"code": ""}),
    Mistake("guest", "/checkout/", "/checkout/", {"email": "nobody"}),
)
ACCOUNT = (
    Mistake(
        "address", "/accounts/addresses/add/", "/addresses/add/", {"for": "DE", "country": "DE"}
    ),
    Mistake("profile", "/accounts/profile/", "/accounts/profile/", {"first_name": "x" * 500}),
    Mistake(
        "new password", "/accounts/profile/password/", "/profile/password/", {"old_password": "no"}
    ),
    Mistake("new e-mail", "/accounts/profile/email/", "/profile/email/", {"email": "nobody"}),
)


def told(visitor: Visitor, mistakes: tuple[Mistake, ...]) -> tuple[list[str], dict[str, str]]:
    """What is not told, and the pages."""
    missing, pages = [], {}
    for one in mistakes:
        answer = visitor.submit(f"{visitor.prefix}{one.path}", one.action, one.values)
        assert answer.status_code in (200, 422), f"{one.name} answers {answer.status_code}"
        missing += [f"{one.name}: {what}" for what in untold(answer.text)]
        pages[one.name] = answer.text
    return missing, pages


@pytest.fixture(params=[False, True], ids=["en", "zh"])
def visitor(shop, request) -> Iterator[Visitor]:
    with Visitor(shop.url, zh=request.param) as one:
        yield one


def test_a_mistake_is_said_at_its_field_and_aloud(shop, visitor):
    missing, pages = told(visitor, STRANGER)
    visitor.gather()
    lines = [
        a for a, _ in Forms(visitor.get(f"{visitor.prefix}/basket/").text).found if "/lines/" in a
    ]
    quantity = Mistake("quantity", "/basket/", lines[0], {"quantity": "-1"})
    for more in (told(visitor, (*SHOPPER, quantity)), told(member(shop, visitor), ACCOUNT)):
        missing += more[0]
        pages |= more[1]

    assert missing == []
    assert invalid(pages) == []


def member(shop: LiveShop, visitor: Visitor) -> Visitor:
    visitor.cookies.clear()
    visitor.sign_in(MEMBER, shop.password(MEMBER))
    return visitor


def test_the_focus_goes_to_what_is_wrong(window):
    one = window()
    one.watch.allow(422)
    page = one.page

    page.goto("/orders/find/")
    page.locator("form[action='/orders/find/'] .btn--accent").click()
    expect(page.locator("[data-autofocus]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("form[action='/orders/find/'] [aria-invalid='true']").first).to_be_focused()

    page.goto("/catalogue/")
    page.locator(".card:has(.swatches) .card__link").first.click()
    page.locator("#add-button").click()
    expect(page.locator("#add-answer .alert")).to_be_visible()
    page.goto("/basket/")
    page.locator("#voucher summary").click()
    page.locator("#voucher [name=code]").fill("NOSUCHCOUPON")
    page.locator("#voucher .coupon-form button").click()
    expect(page.locator("#voucher [aria-invalid='true']")).to_be_focused()
    one.look()
