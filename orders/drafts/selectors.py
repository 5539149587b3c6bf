"""What a draft would cost, priced by the one way in which every basket is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from catalog.partner.strategy import Selector, ShopStrategy
from catalog.taxes.rates import taxes_at
from orders.drafts.models import Draft
from orders.models import Order, ShippingAddress
from orders.quotes import Quote, gateways_for, quote_make
from orders.services import Checkout
from orders.shipping.repository import Repository
from payments.gateways import Gateway


@dataclass(frozen=True)
class Delivery:
    """One way to send it. ``charge`` as it is shown, in the draft's currency."""

    code: str
    name: str
    charge: Any
    promise: Any


@dataclass(frozen=True)
class DraftPrice:
    """``quote`` None: the basket is empty. ``deliveries`` is empty where nothing is sent."""

    quote: Quote | None
    deliveries: list[Delivery]
    is_sent: bool

    @property
    def code(self) -> str:
        return self.quote.shipping_method.code if self.quote else ""


def drafts_open() -> QuerySet[Draft]:
    rows = Draft.objects.filter(order=None, dropped_at=None)
    return rows.select_related("customer", "taken_by").order_by("-changed_at", "-pk")


def draft_strategy(draft: Draft) -> ShopStrategy:
    """Prices of the draft's customer, in its currency, with the taxes of its place."""
    place = draft.place or {}
    taxes = taxes_at(place.get("country_id", draft.country), place.get("state") or "")
    return Selector().strategy(user=draft.customer, currency=draft.currency, taxes=taxes)


def draft_price(draft: Draft, *, payment_method: str = "") -> DraftPrice:
    """The draft as it stands; the usual delivery where none was chosen, or the chosen one is gone."""
    basket = draft.basket
    basket.strategy = draft_strategy(draft)
    basket._lines = None  # read the lines anew
    if not basket.all_lines():
        return DraftPrice(None, [], False)
    is_sent = basket.is_shipping_required()
    place = draft.place if is_sent else None
    methods = Repository().get_shipping_methods(
        basket=basket,
        shipping_addr=ShippingAddress(**place) if place else None,
        user=draft.customer,
    )
    codes = [one.code for one in methods]
    code = draft.shipping_code if draft.shipping_code in codes else next(iter(codes), "")
    quote = quote_make(
        basket=basket,
        user=draft.customer,
        shipping_fields=place,
        shipping_code=code,
        payment_method=payment_method,
        currency=draft.currency,
        country=draft.country,
    )
    deliveries = [
        Delivery(one.code, str(one.name), one.calculate(basket), one.promise())
        for one in (methods if is_sent else [])
    ]
    return DraftPrice(quote, deliveries, is_sent)


def draft_checkout(draft: Draft, *, code: str, payment_method: str, shown: str) -> Checkout:
    """All that a checkout would have gathered."""
    is_sent = draft.basket.is_shipping_required()
    return Checkout(
        basket_id=draft.basket_id,
        email=draft.email,
        language=draft.language,
        shipping_code=code,
        payment_method=payment_method,
        shown=shown,
        user=draft.customer,
        currency=draft.currency,
        country=draft.country,
        shipping_fields=(draft.place or {}) if is_sent else {},
    )


def draft_gaps(draft: Draft, price: DraftPrice) -> list[str]:
    """What is missing before it can be placed: ``lines``, ``customer``, ``place``."""
    gaps = [] if price.quote else ["lines"]
    if not draft.email:
        gaps.append("customer")
    if price.is_sent and not draft.place:
        gaps.append("place")
    return gaps


def payments_offered(price: DraftPrice, *, is_office: bool) -> list[dict[str, str]]:
    """Each way to pay with the fingerprint that placing with it needs.

    ``is_office``: only what is paid outside of the browser, for the team cannot type a card.
    """
    quote = price.quote
    if quote is None or not quote.total.incl_tax:
        return []
    choices = []
    for one in gateways_for(quote.basket):
        if is_office and one.is_hosted:
            continue
        quote.payment_method = one.code
        choices.append(_choice(one, quote.fingerprint()))
    quote.payment_method = ""
    return choices


def _choice(one: Gateway, shown: str) -> dict[str, str]:
    return {
        "code": one.code,
        "label": str(one.label),
        "help": str(one.help),
        "icon": one.icon,
        "shown": shown,
    }


def draft_of_order(order: Order) -> Draft | None:
    """Who took it, if the team did."""
    return Draft.objects.filter(order=order).select_related("taken_by", "placed_by").first()


def language_now() -> str:
    return get_language() or "en"
