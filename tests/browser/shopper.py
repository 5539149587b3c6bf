"""What a shopper does, found by what the pages are made of, so that it works in any language."""

import re
from collections.abc import Callable, Mapping

from playwright.sync_api import Page, expect

from tests.browser.live_shop import LiveShop
from tests.flows.shopper import CHINA, GERMANY

ADDRESSES = {"en": GERMANY, "zh": CHINA}
CHOOSERS = ("state",)  # fields that are a list to choose from where the country has regions


class Shopper:
    """Walks the pages. ``look`` is called on each page that a sale comes by."""

    def __init__(
        self,
        page: Page,
        shop: LiveShop,
        look: Callable[[], None],
        *,
        zh: bool,
        scripts: bool = True,
    ) -> None:
        self.page, self.shop, self.look, self.scripts = page, shop, look, scripts
        self.prefix, self.address = ("/zh-hans", CHINA) if zh else ("", GERMANY)

    def browse(self, *, department: int = 0, units: int = 2) -> None:
        """Home, a department (the next one if it has nothing), a family; another variant of it, of
        which there are ``units``.
        """
        page = self.page
        page.goto(f"{self.prefix}/")
        self.look()
        links = page.locator(".site-nav__list a")
        shelves = [link.get_attribute("href") for link in links.all()]
        for step in range(len(shelves)):
            shelf = shelves[(department + step) % len(shelves)]
            page.locator(f".site-nav__list a[href='{shelf}']").click()
            expect(page.locator(".shelf-head")).to_be_visible()
            self.look()
            if self.family_choose(units=units):
                self.look()
                return
        raise AssertionError("no department has a family with enough of a second variant")

    def family_choose(self, *, units: int) -> bool:
        """Of the shelf that is open; False if none has enough of a second variant."""
        page = self.page
        families = page.locator(".card:has(.swatches) .card__link")
        for at in range(families.count()):
            families.nth(at).click()
            expect(page.locator("#product")).to_be_visible()
            if self.variant_choose(units=units):
                return True
            page.go_back()
        return False

    def variant_choose(self, *, units: int) -> bool:
        """Another variant of which ``units`` can be bought. False if there is none."""
        others = self.page.locator(".pick:not([aria-current]):not(.pick--out)")
        for name in [one.strip() for one in others.all_inner_texts()]:
            self.page.locator(".pick", has_text=name).click()
            expect(self.page.locator(".pick[aria-current]", has_text=name)).to_be_visible()
            if int(self.page.locator("#add-quantity").get_attribute("max") or units) >= units:
                return True
        return False

    def add(self) -> None:
        """Into the basket, and there."""
        page = self.page
        page.locator("#add-button").click()
        if self.scripts:
            expect(page.locator("#add-answer .alert")).to_be_visible()
        expect(page.locator("#basket-link .count")).to_have_text("1")
        page.locator("#basket-link").click()
        if self.scripts:
            drawer = page.locator("#basket-drawer")
            expect(drawer.locator(".things__item")).to_have_count(1)
            self.look()
            drawer.locator("a[href$='/basket/']").click()
        expect(page.locator(".basket__lines .line")).to_have_count(1)

    def quantity_change(self, units: int) -> None:
        """Write it and let the page send it, or press the button beside it."""
        field = self.page.locator(".line .quantity__input")
        field.fill(str(units))
        if self.scripts:
            field.blur()
        else:
            self.page.locator(".line__form .no-js-only").click()
        expect(self.page.locator("#basket-link .count")).to_have_text(str(units))
        expect(field).to_have_value(str(units))

    def coupon_try(self, code: str) -> None:
        """A coupon that there is not: the page says so beside the field."""
        coupons = self.page.locator("#voucher")
        coupons.locator("summary").click()
        coupons.locator("[name=code]").fill(code)
        coupons.locator(".coupon-form button").click()
        expect(coupons.locator(".field__error")).to_contain_text(code)

    def checkout(self, *, email: str = "", is_new: bool = False) -> None:
        """To the last page before the order. A guest gives an ``email``; a member is known.

        ``is_new``: an address is written though some are saved.
        """
        page = self.page
        page.locator("a[href$='/checkout/']").click()
        page.wait_for_url("**/checkout/" if email else "**/shipping-address/")
        self.look()
        if email:
            page.locator(f"form[action='{self.prefix}/checkout/'] [name=email]").fill(email)
        self.address_write(is_new=is_new)
        self.button_reached()
        page.locator("a[href$='/shipping-method/']").click()
        page.wait_for_url("**/shipping-method/")
        self.look()
        page.locator("[name=method]").first.check()
        page.locator("form:has([name=method]) .btn--accent").click()
        self.button_reached()
        self.look()

    def button_reached(self) -> None:
        """The page with the button answered a form; with scripts it has its own address, and is asked for by it."""
        self.page.locator("#place-form").wait_for()
        if self.scripts:
            self.page.wait_for_url("**/preview/")
            with self.page.expect_request(lambda asked: asked.is_navigation_request()) as asked:
                self.page.reload()
            assert asked.value.method == "GET"
            self.page.locator("#place-form").wait_for()

    def address_write(self, *, is_new: bool = False) -> None:
        """A saved address if there is one, else all that the country asks for."""
        page = self.page
        if is_new:
            page.locator(".disclosure__title").click()
        elif page.locator("[name=saved]").count():
            page.locator("[name=saved]").first.check()
            page.locator("form:has([name=saved]) .btn--accent").click()
            return
        address_fill(page, self.address, scripts=self.scripts)
        page.locator("form:has(#address-fields) .form__actions .btn").click()

    def place(self) -> None:
        """Order, and come to the page of the payment provider."""
        self.page.locator("[name=payment][value=stripe]").check()
        self.page.locator("#place-button button").click()
        self.page.wait_for_url("**/pay/**")

    def pay(self, outcome: str = "pay") -> None:
        self.page.locator(f"[name=outcome][value={outcome}]").check()
        self.page.locator("form .btn--accent").click()

    def thanked(self) -> str:
        """The number of the order that the last page thanks for. It has its own address, but for who
        comes back to it without scripts."""
        own = "thank-you" if self.scripts else "(thank-you|payments/return)"
        self.page.wait_for_url(re.compile(f"/{own}/[^?#]+$"))
        number = self.page.locator(".thanks copy-text code").first.inner_text()
        assert re.fullmatch(r"[0-9A-Z-]{6,}", number)
        return number

    def buy(self, *, email: str = "") -> str:
        """From the basket to the thanks; the order's number."""
        self.checkout(email=email)
        self.place()
        self.pay()
        return self.thanked()


def address_fill(page: Page, address: Mapping[str, str], *, scripts: bool = True) -> None:
    """The country first, then all that it asks for."""
    values = dict(address)
    country = values.pop("country")
    del values["for"]
    if page.locator("[name=for]").input_value() != country:
        page.locator("[name=country]").select_option(country)
        if not scripts:
            page.locator("[name=country] + button").click()
        expect(page.locator(f"[name=for][value={country}]")).to_be_attached()
    for name, value in values.items():
        field = page.locator(f"[name={name}]")
        if name in CHOOSERS:
            field.select_option(value)
        else:
            field.fill(value)
