"""Each way to pay beside the card, until the order is paid: in English at a desk, in Chinese on a phone."""

import re
from collections.abc import Mapping
from decimal import Decimal

import psycopg
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.clerk import order_send, sign_in
from tests.browser.conftest import DESK, PHONE, Window
from tests.browser.live_shop import PATIENT_SECONDS, LiveShop
from tests.browser.shopper import Shopper

pytestmark = pytest.mark.req("S1.01", "S5.03", "S5.04", "S5.16", "S7.03")

FINANCE, OWNER = "finance@storekeep.example", "owner@storekeep.example"
MEMBER = "shopper@storekeep.example"
# A wallet's page differs for phones, which it knows by what they call themselves.
ANDROID = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
OFFERED = {
    ("alipay", True): ("支付宝", "用支付宝扫码，或在手机上打开支付宝付款，完成后回到这里。"),
    ("wechat", True): ("微信支付", "用微信扫码，或在手机上打开微信付款。"),
    ("wechat", False): ("WeChat Pay", "Scan a code with WeChat, or open WeChat on your phone."),
    ("paypal", True): ("PayPal", "用 PayPal 账户付款，完成后回到这里。"),
    ("paypal", False): ("PayPal", "Pay with your PayPal account. You come back here."),
    ("transfer", False): (
        "Bank transfer",
        "We send you our account and keep your things aside for 7 days.",
    ),
    ("cod", True): ("货到付款", "收货时以现金或刷卡方式向快递员付款。"),
}
CAME_BACK = {
    False: "You came back without paying. Nothing was charged.",
    True: "你还没有付款，没有产生任何扣款。",
}
PAID = {False: "Paid", True: "已付款"}
HELD = {False: "Payment held", True: "付款已授权"}  # until the parcel leaves
PLENTY = """
SELECT product.slug, product.id FROM partner_stockrecord record
JOIN catalogue_product product ON product.id = record.product_id
WHERE record.partner_sku LIKE 'MORNING-MUG-%'
ORDER BY record.num_in_stock - record.num_allocated DESC LIMIT 1
"""


class Buyer(Shopper):
    """Buys a mug and pays as the test says."""

    def __init__(self, window: Window, shop: LiveShop, *, zh: bool) -> None:
        super().__init__(window.page, shop, window.look, zh=zh)
        self.zh = zh

    def mugs(self, units: int = 1, *, currency: str = "EUR") -> None:
        """Into the basket, priced in ``currency``."""
        with psycopg.connect(self.shop.database_url) as connection:
            slug, pk = connection.execute(PLENTY).fetchone()
        page = self.page
        page.goto(f"{self.prefix}/catalogue/{slug}_{pk}/")
        if currency != "EUR":
            with page.expect_navigation():
                page.locator(f"#currency [value={currency}]").click()
        page.locator("#add-quantity").fill(str(units))
        page.locator("#add-button").click()
        expect(page.locator("#basket-link .count")).to_have_text(str(units))

    def ways(self, email: str) -> None:
        """To the page with the ways to pay; a guest."""
        self.page.goto(f"{self.prefix}/checkout/")
        self.page.locator(f"form[action='{self.prefix}/checkout/'] [name=email]").fill(email)
        self.address_write()
        self.page.locator("#place-form").wait_for()

    def order(self, code: str) -> None:
        """With the way to pay of this code, which is named and explained."""
        choice = self.page.locator("#place-form .choice", has=self.page.locator(f"[value={code}]"))
        name, note = OFFERED[code, self.zh]
        expect(choice.locator(".choice__title")).to_have_text(name)
        expect(choice.locator(".choice__note")).to_have_text(note)
        choice.locator("input").check()
        self.page.locator("#place-button button").click()

    def at_wallet(self, page: Page | None = None) -> None:
        """The page that stands for the wallet says that it is none, in the reader's language."""
        page = page or self.page
        page.wait_for_url("**/wallet/**")
        expect(page.locator(".notice")).to_contain_text("测试支付" if self.zh else "Test provider")
        hint = "不会扣款" if self.zh else "Nothing is charged"
        expect(page.locator(".single__hint")).to_contain_text(hint)

    def agree(self) -> None:
        self.page.locator("form .btn--accent").click()

    def walk_away(self) -> None:
        """Back at the order, which says so, is not paid, and can be paid."""
        self.page.locator("a.btn--quiet").click()
        self.came_back()

    def came_back(self) -> None:
        self.page.wait_for_url("**/orders/**")
        expect(self.page.locator("#messages")).to_contain_text(CAME_BACK[self.zh])
        expect(self.page.locator(".order-head .chip")).not_to_have_text(PAID[self.zh])

    def pay_again(self, code: str = "") -> None:
        """The same way, or the one with this code."""
        page = self.page
        if not code:
            page.locator("form[action$='/pay/'] .btn--accent").click()
            return
        self.otherwise()
        page.locator(f"#pay-otherwise [value={code}]").check()
        page.locator("#pay-otherwise button").click()

    def otherwise(self) -> None:
        """See the other ways."""
        words = "换一种付款方式" if self.zh else "Pay another way"
        self.page.locator("summary", has_text=words).click()

    def is_paid(self, email: str, number: str, state: Mapping[bool, str] = PAID) -> None:
        """Says the mail, and the page that it leads to; both in the language of the order."""
        mail = self.shop.mail(to=email, about=number)
        assert mail["Content-Language"] == ("zh-hans" if self.zh else "en")
        assert ("订单" in mail["Subject"]) == self.zh
        self.page.goto(self.shop.order_link(mail))
        expect(self.page.locator("html")).to_have_attribute("lang", "zh-Hans" if self.zh else "en")
        expect(self.page.locator(".order-head .chip")).to_have_text(state[self.zh])
        expect(self.page.locator("form[action$='/pay/']")).to_have_count(0)


def money_of(text: str) -> Decimal:
    return Decimal(re.sub(r"[^\d.]", "", text))


@pytest.fixture
def desk(shop: LiveShop, window) -> Buyer:
    return Buyer(window(size=DESK), shop, zh=False)


@pytest.fixture
def phone(shop: LiveShop, window) -> Buyer:
    return Buyer(window(size=PHONE, touch=True, zh=True, agent=ANDROID), shop, zh=True)


def test_paypal_given_up_for_a_card_that_is_declined_and_then_paid(desk: Buyer):
    email = "paypal@example.com"
    desk.mugs()
    desk.ways(email)
    desk.order("paypal")
    desk.at_wallet()
    desk.look()
    desk.walk_away()

    desk.pay_again("stripe")
    desk.page.wait_for_url("**/pay/**")
    desk.pay("decline")
    expect(desk.page.get_by_role("alert")).to_contain_text("Nothing was charged")
    desk.walk_away()
    expect(desk.page.locator("main")).to_contain_text("You chose: Card.")
    desk.otherwise()
    expect(desk.page.locator("#pay-otherwise")).to_be_visible()
    desk.look()

    desk.otherwise()  # closed once more
    desk.pay_again("paypal")
    desk.at_wallet()
    desk.agree()
    desk.is_paid(email, desk.thanked(), HELD)
    expect(desk.page.locator(".order-facts")).to_contain_text("PayPal")


def test_a_code_of_wechat_at_a_desk_is_scanned_with_a_phone(desk: Buyer, window):
    email = "scanned@example.com"
    desk.mugs(currency="CNY")
    desk.ways(email)
    desk.order("wechat")
    code = desk.page.get_by_role("img", name="Code to scan with WeChat Pay")
    expect(code).to_be_visible()
    assert code.evaluate("one => one.decode().then(() => one.naturalWidth)") > 100
    expect(desk.page.locator(".pay-code")).to_contain_text("This page goes on by itself.")
    desk.look()
    desk.page.get_by_role("link", name="Pay another way").click()
    desk.came_back()
    expect(desk.page.locator("#pay-otherwise")).to_be_visible()  # it was asked for
    desk.pay_again()

    hand = window(size=PHONE, touch=True)
    hand.page.goto(desk.page.locator(".pay-code a[target=_blank]").get_attribute("href"))
    desk.at_wallet(hand.page)
    hand.page.locator("form .btn--accent").click()
    expect(hand.page.locator("h1")).to_have_text("This payment is done")
    hand.look()

    # Nobody presses anything at the desk: the wallet tells the shop, and a worker hears it.
    desk.page.wait_for_url("**/thank-you/**", timeout=PATIENT_SECONDS * 1000)
    desk.is_paid(email, desk.thanked())


def test_a_transfer_is_found_on_the_statement_that_finance_takes_in(desk: Buyer, shop, window):
    email = "by.transfer@example.com"
    desk.mugs()
    desk.ways(email)
    desk.order("transfer")
    number = desk.thanked()
    told = desk.page.locator("[aria-labelledby=bank]")
    expect(told).to_contain_text("DE02 1203 0000 0000 2020 51")
    expect(told.locator("copy-text code")).to_have_text(number)
    amount = money_of(told.locator(".facts__value.num").inner_text())
    desk.look()
    link = shop.order_link(shop.mail(to=email, about="DE02 1203 0000 0000 2020 51"))
    desk.page.goto(link)
    expect(desk.page.locator(".order-head .chip")).to_have_text("Awaiting payment")

    finance = window().page
    sign_in(finance, shop, FINANCE)
    finance.goto("/dashboard/bank/")
    finance.get_by_role("link", name="Take in a statement").click()
    finance.locator("[name=table]").fill(
        "date,amount,currency,reference,payer,id\n"
        f"{timezone.localdate()},{amount},EUR,Order {number.lower()} thank you,Ada König,{number}\n"
    )
    finance.get_by_role("button", name="Take it in").click()
    expect(finance.locator("#messages")).to_contain_text("assigned at once: 1")

    desk.page.reload()
    expect(desk.page.locator(".order-head .chip")).to_have_text("Paid")
    expect(told).to_have_count(0)
    mail = shop.mail(to=email, about="We have your payment")
    assert number in mail["Subject"]
    assert mail["Content-Language"] == "en"


def test_alipay_on_a_phone_given_up_and_then_paid(phone: Buyer):
    email = "alipay@example.com"
    phone.mugs(currency="CNY")
    phone.ways(email)
    phone.look()
    phone.order("alipay")
    phone.at_wallet()
    phone.look()
    phone.walk_away()
    phone.look()
    phone.pay_again()
    phone.at_wallet()
    phone.agree()
    phone.is_paid(email, phone.thanked())


def test_wechat_opens_on_the_phone(phone: Buyer):
    email = "wechat@example.com"
    phone.mugs(currency="CNY")
    phone.ways(email)
    phone.order("wechat")
    phone.page.get_by_role("button", name="打开微信支付").wait_for()
    phone.look()
    phone.page.get_by_role("button", name="打开微信支付").click()
    phone.at_wallet()
    phone.walk_away()
    phone.pay_again()
    phone.page.get_by_role("button", name="打开微信支付").click()
    phone.at_wallet()
    phone.agree()
    phone.is_paid(email, phone.thanked())


def test_cash_is_paid_at_the_door_and_booked(phone: Buyer, shop, window):
    email = "door@example.com"
    phone.mugs()
    phone.ways(email)
    phone.order("cod")
    number = phone.thanked()
    expect(phone.page.locator(".thanks__lead")).to_contain_text("收货时向快递员付款")
    phone.look()
    mail = shop.mail(to=email, about=number)
    assert mail["Content-Language"] == "zh-hans"
    phone.page.goto(shop.order_link(mail))
    expect(phone.page.locator(".order-head .chip")).to_have_text("货到付款")

    owner = window().page
    sign_in(owner, shop, OWNER)
    shop.told()
    order_send(owner, number, "SF1234567890123", state="Awaiting payment")
    owner.get_by_role("button", name="The money has come").click()
    expect(owner.locator("#messages")).to_contain_text("The payment is booked.")

    phone.page.reload()
    expect(phone.page.locator(".order-head .chip")).to_have_text("已签收")
    total = phone.page.locator(".summary__row--total .summary__value").inner_text()
    expect(phone.page.locator(".order-facts")).to_contain_text(total)  # paid, to the cent
    phone.look()
    assert shop.mail(to=email, about="已送达")["Content-Language"] == "zh-hans"


def test_a_members_credit_pays_a_part_and_paypal_the_rest(phone: Buyer, shop):
    page = phone.page
    page.goto("/zh-hans/accounts/login/")
    form = page.locator("form[action$='/accounts/login/']")
    form.locator("[name=username]").fill(MEMBER)
    form.locator("[name=password]").fill(shop.password(MEMBER))
    form.locator(".btn--accent").click()
    page.wait_for_url(lambda url: "login" not in url)
    phone.mugs(3)
    page.goto("/zh-hans/checkout/shipping-address/")
    phone.address_write()
    page.locator("#place-form").wait_for()

    credit = page.locator(".tenders__one", has_text="店铺余额")
    credit.get_by_role("button").click()
    expect(page.locator(".summary__row--total").last).to_contain_text("还需支付")
    phone.look()
    phone.order("paypal")
    phone.at_wallet()
    phone.agree()
    number = phone.thanked()

    phone.is_paid(MEMBER, number, HELD)
    expect(page.locator(".order-facts")).to_contain_text("店铺余额 + PayPal")


def test_after_all_of_it_the_books_agree(shop):
    """Last in this file, so that it looks at what the others left."""
    shop.told()
    done = shop.verify()

    assert done.returncode == 0, done.stdout + done.stderr
