"""What a visitor's checkout has gathered so far, and what is missing."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from oscar.apps.address.models import UserAddress
from oscar.apps.checkout import utils as core
from oscar.core.prices import Price

from orders.basket.models import Basket, lines_sent
from orders.checkout.countries import address_fields
from orders.models import BillingAddress, ShippingAddress
from orders.quotes import Quote, is_all_sent, quote_make
from orders.shipping.repository import HOME_COUNTRY, Repository, is_by_value


class CheckoutSessionData(core.CheckoutSessionData):
    """Oscar's, without a write of the session for every look into it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def _check_namespace(self, namespace: str) -> None:
        self.request.session.setdefault(self.SESSION_KEY, {}).setdefault(namespace, {})

    def _get(self, namespace: str, key: str, default: Any = None) -> Any:
        return self.request.session.get(self.SESSION_KEY, {}).get(namespace, {}).get(key, default)

    def _flush_namespace(self, namespace: str) -> None:
        self._check_namespace(namespace)
        super()._flush_namespace(namespace)


WALLETS_AT_MOST = 10


@dataclass(frozen=True)
class DeliveryChoice:
    """One way to send this basket to this address."""

    code: str
    name: str
    description: str
    charge: Price
    promise: tuple[dt.date | None, dt.date | None]


class CheckoutState:
    """The session's half of a checkout; the basket is the other one.

    ``bare`` is the basket without its offers, which cost the most: whoever only asks what is in it
    takes that.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.data = CheckoutSessionData(request)
        self.sent: list[bool] | None = None  # by line, where nobody asked for more

    @property
    def basket(self) -> Basket:
        return self.request.basket

    @property
    def bare(self) -> Basket:
        return self.request.basket_bare()

    @property
    def user(self) -> Any:
        """The member, or None for a guest."""
        return self.request.user if self.request.user.is_authenticated else None

    @property
    def email(self) -> str:
        return self.user.email if self.user else self.data.get_guest_email() or ""

    def glance(self) -> None:
        """Who places an order reads its lines under a lock: here it is enough to know what is sent."""
        self.sent = lines_sent(self.bare) if self.bare.pk else []

    @property
    def is_empty(self) -> bool:
        return self.bare.is_empty if self.sent is None else not self.sent

    @property
    def is_all_sent(self) -> bool:
        """Whether everything in it comes to the door."""
        return is_all_sent(self.bare) if self.sent is None else all(self.sent)

    @cached_property
    def needs_shipping(self) -> bool:
        return self.bare.is_shipping_required() if self.sent is None else any(self.sent)

    @property
    def saved_address_id(self) -> int:
        return self.data.shipping_user_address_id() or 0

    @cached_property
    def shipping_fields(self) -> dict[str, Any] | None:
        """Columns of the chosen address; None while there is none, or nothing is sent."""
        if not self.needs_shipping:
            return None
        if self.saved_address_id and self.user:
            saved = UserAddress.objects.filter(user=self.user, pk=self.saved_address_id).first()
            return address_fields(saved) if saved else None
        return self.data.new_shipping_address_fields()

    @property
    def address(self) -> ShippingAddress | None:
        return ShippingAddress(**self.shipping_fields) if self.shipping_fields else None

    @property
    def invoice_fields(self) -> dict[str, Any]:
        """Columns of another address for the invoice; empty while it has none of its own."""
        return self.data.new_billing_address_fields() or {}

    @property
    def invoice_address(self) -> BillingAddress | None:
        return BillingAddress(**self.invoice_fields) if self.invoice_fields else None

    def choose_invoice(self, columns: dict[str, str] | None) -> None:
        """An address for the invoice; None for that of the delivery."""
        if columns is None and not self.invoice_fields:
            return
        self.data._flush_namespace("billing")
        if columns is not None:
            self.data._set("billing", "new_address_fields", columns)

    def deliveries(self) -> list[DeliveryChoice]:
        """The ways to send it, each with its price and its days."""
        return choices_made(self._methods(self.basket), self.basket)

    @cached_property
    def delivery_codes(self) -> list[str]:
        """Of these ways, the usual one first."""
        country = (self.shipping_fields or {}).get("country_id") or HOME_COUNTRY
        basket = self.basket if is_by_value(country) else self.bare
        return [method.code for method in self._methods(basket)]

    def _methods(self, basket: Basket) -> list[Any]:
        return Repository().get_shipping_methods(
            basket=basket, shipping_addr=self.address, user=self.user, request=self.request
        )

    @property
    def shipping_chosen(self) -> str:
        """The way that the shopper chose; empty while it is the usual one, or nothing is sent."""
        return (self.data.shipping_method_code(self.bare) or "") if self.needs_shipping else ""

    @property
    def shipping_code(self) -> str:
        return self.shipping_chosen or next(iter(self.delivery_codes), "")

    @property
    def wallet_ids(self) -> tuple[int, ...]:
        """Gift cards, credit and points that were chosen to pay with; nobody else's count."""
        return tuple(self.data._get("tenders", "wallets", []))

    def use_wallet(self, wallet_id: int) -> None:
        kept = [one for one in self.wallet_ids if one != wallet_id]
        self.data._set("tenders", "wallets", [*kept, wallet_id][-WALLETS_AT_MOST:])

    def drop_wallet(self, wallet_id: int) -> None:
        self.data._set("tenders", "wallets", [one for one in self.wallet_ids if one != wallet_id])

    def quote(self, *, payment_method: str = "") -> Quote | None:
        """Prices the basket once for the whole request; None if it cannot be sent as was chosen."""
        self.request.basket = self.bare  # or its first reader would price it by other terms before
        return quote_make(
            basket=self.bare,
            user=self.user,
            request=self.request,
            shipping_fields=self.shipping_fields,
            invoice_fields=self.invoice_fields,
            shipping_code=self.shipping_chosen or None,
            payment_method=payment_method,
            wallet_ids=self.wallet_ids,
        )

    def gap(self) -> str:
        """The URL name of the first step that still lacks something; empty if none does.

        Whether it can be sent as was chosen, its `quote` finds out.
        """
        if self.is_empty:
            return "basket:summary"
        if not self.email:
            return "checkout:index"
        lacks_address = self.needs_shipping and not self.shipping_fields
        return "checkout:shipping-address" if lacks_address else ""

    def choose_address(self, columns: dict[str, str]) -> None:
        code = self.data.shipping_method_code(self.bare)
        self.data.reset_shipping_data()
        # Plain text already: nothing for Oscar's session to serialise.
        self.data._set("shipping", "new_address_fields", columns)
        self._keep_method(code)

    def choose_saved_address(self, address: UserAddress) -> None:
        code = self.data.shipping_method_code(self.bare)
        self.data.ship_to_user_address(address)
        self._keep_method(code)

    def finish(self) -> None:
        """The order is placed: the next basket starts with nothing but the guest's e-mail."""
        email = self.data.get_guest_email()
        self.data.flush()
        if email:
            self.data.set_guest_email(email)
        self.request.session.modified = True

    def _keep_method(self, code: str | None) -> None:
        if code:
            self.data.use_shipping_method(code)
        for name in ("shipping_fields", "delivery_codes"):
            self.__dict__.pop(name, None)


def choices_made(methods: Iterable[Any], basket: Basket) -> list[DeliveryChoice]:
    """Methods in words, with what each asks for this basket."""
    return [
        DeliveryChoice(
            code=method.code,
            name=str(method.name),
            description=str(method.description),
            charge=method.calculate(basket),
            promise=method.promise(),
        )
        for method in methods
    ]
