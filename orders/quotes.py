"""What a basket would cost as an order, and the signed proof of what the shopper was shown."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.utils.translation import get_language
from oscar.core.prices import Price

from catalog.models import Kind
from catalog.partner.strategy import Selector
from catalog.taxes.rates import Taxes, taxes_at
from orders.basket.models import Basket
from orders.checkout.calculators import OrderTotalCalculator
from orders.shipping.repository import POINT, Place, Repository
from orders.tax_words import tax_parts
from payments.gateways import Gateway, gateway_offered, gateways_offered
from payments.wallets.selectors import wallets_usable
from payments.wallets.worth import Tender, tenders_of
from shop.core.money import ZERO

SALT = "orders.quote"
MAX_AGE_SECONDS = 24 * 3600


@dataclass
class Quote:
    """Everything that the preview shows and that placing must find unchanged."""

    basket: Basket
    shipping_method: Any
    #: All that serve it, this one among them; pick-up points only where this is one.
    shipping_methods: list[Any]
    shipping_charge: Price
    total: Price
    shipping_fields: dict[str, Any] = field(default_factory=dict)
    invoice_fields: dict[str, Any] = field(default_factory=dict)
    payment_method: str = ""
    tenders: list[Tender] = field(default_factory=list)

    @property
    def to_pay(self) -> Decimal:
        """What gift cards, credit and points leave to the way to pay."""
        return self.total.incl_tax - sum((one.amount for one in self.tenders), ZERO)

    @property
    def taxes(self) -> Taxes:
        """Which taxes its sums bear."""
        return self.basket.strategy.taxes

    def tax_parts(self) -> list[tuple[str, Decimal]]:
        """Tax by its rate, of goods and delivery."""
        lines = [
            (line.purchase_info.price.tax_code, line.line_tax) for line in self.basket.all_lines()
        ]
        charge = self.shipping_charge
        return tax_parts([*lines, (charge.tax_code, charge.incl_tax - charge.excl_tax)])

    def fingerprint(self) -> str:
        """Signed; hand it to `order_place` as ``shown``."""
        return self.fingerprint_of([self.payment_method])

    def fingerprint_of(self, methods: Iterable[str]) -> str:
        """The same for any of these ways to pay, which cost the same and are shown beside each other."""
        return signing.dumps([self._digest(), *methods], salt=SALT)

    def is_what_was_shown(self, shown: str) -> bool:
        """False for another basket's, an altered or an old fingerprint too."""
        try:
            said = signing.loads(shown, salt=SALT, max_age=MAX_AGE_SECONDS)
        except signing.BadSignature:
            return False
        if not isinstance(said, list) or self.payment_method not in said[1:]:
            return False
        return bool(said[0] == self._digest())

    def _digest(self) -> str:
        return hashlib.sha256(json.dumps(self._facts(), sort_keys=True).encode()).hexdigest()

    def _facts(self) -> dict[str, Any]:
        """All that was shown but for the way to pay."""
        return {
            "basket": self.basket.pk,
            "lines": [
                [
                    line.stockrecord_id,
                    line.quantity,
                    str(line.unit_price_incl_tax),
                    str(line.line_price_incl_tax_incl_discounts),
                ]
                for line in self.basket.all_lines()
            ],
            "offers": sorted(
                [one["offer"].pk, str(one["discount"])] for one in self.basket.offer_applications
            ),
            "shipping": [
                getattr(self.shipping_method, "code", ""),
                str(self.shipping_charge.incl_tax),
            ],
            "to": {key: str(value) for key, value in sorted(self.shipping_fields.items())},
            "bill": sorted(self.invoice_fields.items()),
            "tenders": [[one.wallet_id, str(one.amount), str(one.units)] for one in self.tenders],
            "total": [str(self.total.incl_tax), str(self.total.excl_tax), self.total.currency],
            "tax": [self.taxes.country, self.taxes.region, self.taxes.is_added],
        }


def _taxes(shipping_fields: dict[str, Any] | None, country: str) -> Taxes | None:
    """Those of the address, else of the country; None: the strategy asks the reader."""
    if shipping_fields:
        return taxes_at(shipping_fields.get("country_id", ""), shipping_fields.get("state") or "")
    return taxes_at(country) if country else None


def gateways_for(basket: Basket) -> list[Gateway]:
    """Ways to pay for this basket."""
    return gateways_to_pay(basket.currency, is_all_sent=is_all_sent(basket))


def is_all_sent(basket: Basket) -> bool:
    """Whether everything in it comes to the door."""
    return all(line.product.is_shipping_required for line in basket.all_lines())


def gateways_to_pay(currency: str, *, is_all_sent: bool) -> list[Gateway]:
    """Nobody pays at the door for what does not come to the door."""
    offered = gateways_offered(currency=currency, language=get_language() or "")
    return [one for one in offered if is_all_sent or not one.ships_before_capture]


def can_pay_with(code: str, currency: str, *, is_all_sent: bool) -> bool:
    """Whether the gateway of this code is one of `gateways_to_pay`."""
    one = gateway_offered(code, currency=currency)
    return one is not None and (is_all_sent or not one.ships_before_capture)


def quote_make(
    *,
    basket: Basket,
    user: Any = None,
    request: Any = None,
    shipping_fields: dict[str, Any] | None = None,
    invoice_fields: dict[str, Any] | None = None,
    shipping_code: str | None = "",
    payment_method: str = "",
    currency: str = "",
    country: str = "",
    wallet_ids: Collection[int] = (),
    with_others: bool = True,
) -> Quote | None:
    """Price the basket from the database as it stands. None if that shipping is not to be had.

    ``shipping_fields``: the columns of a ShippingAddress, or None where nothing is shipped;
    ``invoice_fields``: of a BillingAddress, where the invoice has another address.
    ``shipping_code``: None for the usual way.
    ``currency``: of all sums; left out, the reader's. ``country``: whose taxes hold where nothing is
    sent; left out, the one that the reader chose. ``wallet_ids``: what else they chose to pay with.
    ``with_others``: whether the other ways to send it are wanted too, or only that of ``shipping_code``.
    """
    user = user or AnonymousUser()  # Oscar gives vouchers to somebody, not to None
    strategy = Selector().strategy(
        request=request,
        user=user,
        currency=currency,
        taxes=_taxes(shipping_fields, country),
    )
    basket.price(strategy, user=user, request=request)
    methods = Repository().get_shipping_methods(
        basket=basket,
        shipping_addr=Place.of(shipping_fields) if shipping_fields else None,
        user=user,
        code=None if with_others else shipping_code,
        has_points=(shipping_code or "").startswith(POINT),
    )
    wanted = (one for one in methods if shipping_code in (None, one.code))
    method = next(wanted, None)
    if method is None:
        return None
    charge = method.calculate(basket)
    total = OrderTotalCalculator().calculate(basket, charge)
    return Quote(
        basket=basket,
        shipping_method=method,
        shipping_methods=methods,
        shipping_charge=charge,
        total=total,
        tenders=_tenders(basket, total, user, wallet_ids),
        shipping_fields=shipping_fields or {},
        invoice_fields=invoice_fields or {},
        payment_method=payment_method,
    )


def _tenders(basket: Basket, total: Price, user: Any, wallet_ids: Collection[int]) -> list[Tender]:
    """What the chosen wallets pay; gift cards are not bought with stored value."""
    if not wallet_ids:
        return []
    chosen = [
        one for one in wallets_usable(user_id=user.pk, card_ids=wallet_ids) if one.pk in wallet_ids
    ]
    return tenders_of(
        chosen, total=total.incl_tax - gift_cards_cost(basket), exchange=basket.strategy.exchange
    )


def gift_cards_cost(basket: Basket) -> Decimal:
    """What the gift cards in the basket cost, tax included."""
    prices = [
        line.line_price_incl_tax_incl_discounts
        for line in basket.all_lines()
        if line.product.get_product_class().kind == Kind.VOUCHER
    ]
    return sum((price for price in prices if price is not None), ZERO)
