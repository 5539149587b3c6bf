"""Where an order can be seen: by its member in the account, by anybody else with a signed link."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from orders.models import Order
from shop.core.addresses import address_with

SALT = "orders.link"
LINK_DAYS = 90
SESSION_KEY = "orders"
REMEMBERED = 20  # orders per browser session


@dataclass(frozen=True)
class OrderLinks:
    """The addresses of one order's pages for one reader."""

    page: str

    @property
    def pay(self) -> str:
        """Where it is paid."""
        return f"{self.page}pay/"

    @property
    def cancel(self) -> str:
        """Where it is ended."""
        return f"{self.page}cancel/"

    @property
    def status(self) -> str:
        """What is asked while the bank is silent."""
        return f"{self.page}status/"

    @property
    def again(self) -> str:
        """Where the same is ordered once more."""
        return f"{self.page}again/"

    @property
    def message(self) -> str:
        """Where the shopper writes to the shop."""
        return f"{self.page}message/"

    @property
    def send_back(self) -> str:
        """Where a return is asked for."""
        return f"{self.page}return/"

    def return_page(self, number: str) -> str:
        """Of one of its returns."""
        return f"{self.page}returns/{number}/"

    @property
    def track(self) -> str:
        """Where its parcels are."""
        return f"{self.page}track/"

    @property
    def addition(self) -> str:
        """Where what was added is paid."""
        return f"{self.page}addition/"

    @property
    def account(self) -> str:
        """Where the account is named to which money goes back."""
        return f"{self.page}refund-account/"

    @property
    def received(self) -> str:
        """Where the shopper says that it has arrived."""
        return f"{self.page}received/"

    @property
    def complain(self) -> str:
        """Where something wrong with a parcel is told."""
        return f"{self.page}complaint/"

    def of(self, order: Order) -> str:
        """The page of another order of the same person, found the same way."""
        if self.page.startswith(reverse("customer:order-list")):
            return links_by_account(order.number).page
        return links_by_token(order_token(order)).page

    def paper(self, number: str) -> str:
        """Where one of its papers is downloaded."""
        return f"{self.page}papers/{number}/"


def order_token(order: Order) -> str:
    return signing.TimestampSigner(salt=SALT).sign(order.number)


def number_of_token(token: str) -> str:
    """Raises ``SignatureExpired`` after 90 days and ``BadSignature`` for anything not ours."""
    return signing.TimestampSigner(salt=SALT).unsign(token, max_age=LINK_DAYS * 24 * 3600)


def links_by_token(token: str) -> OrderLinks:
    return OrderLinks(address_with("orders:order", token))


def links_by_account(number: str) -> OrderLinks:
    return OrderLinks(address_with("customer:order", number))


def thanks_path(number: str) -> str:
    """Where a shopper is thanked for an order."""
    return address_with("checkout:thank-you", number)


def order_url(order: Order) -> str:
    """The signed link for mails: absolute, in the order's language."""
    with translation.override(order.facts.language):
        return settings.PUBLIC_URL + reverse("orders:order", args=[order_token(order)])


def track_url(order: Order) -> str:
    """The signed link to where its parcels are, for mails."""
    with translation.override(order.facts.language):
        return settings.PUBLIC_URL + reverse("orders:order-track", args=[order_token(order)])


def addition_url(order: Order) -> str:
    """The signed link to where what was added is paid, for mails."""
    with translation.override(order.facts.language):
        return settings.PUBLIC_URL + reverse("orders:order-addition", args=[order_token(order)])


def invoice_url(order: Order) -> str:
    """The signed link of its invoice for mails, good before the invoice has a number."""
    with translation.override(order.facts.language):
        return settings.PUBLIC_URL + reverse("orders:order-invoice", args=[order_token(order)])


def order_path(request: HttpRequest, order: Order) -> str:
    """The page of an order for somebody who may see it, in the language of the moment."""
    if order.user_id and order.user_id == request.user.pk:
        return links_by_account(order.number).page
    return links_by_token(order_token(order)).page


def order_remember(request: HttpRequest, order: Order) -> None:
    """This browser placed the order, so it may see it without a link."""
    numbers = [one for one in request.session.get(SESSION_KEY, []) if one != order.number]
    request.session[SESSION_KEY] = [*numbers, order.number][-REMEMBERED:]


def order_is_theirs(request: HttpRequest, order: Order) -> bool:
    """Their own in the account, or a guest's order placed by this browser."""
    if order.user_id:
        return order.user_id == request.user.pk
    return order_was_placed_here(request, order)


def order_was_placed_here(request: HttpRequest, order: Order) -> bool:
    """This browser placed it, whoever it is for."""
    return order.number in request.session.get(SESSION_KEY, [])
