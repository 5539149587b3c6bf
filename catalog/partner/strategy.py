"""Which stock record serves a shopper, at what price, and whether it can be bought."""

from decimal import Decimal

from django.utils import timezone
from django.utils.functional import cached_property
from oscar.apps.partner import strategy as core
from oscar.apps.partner.availability import Available, StockRequired
from oscar.apps.partner.prices import Unavailable

from catalog.exchange.rates import exchange_of
from catalog.exchange.shopper import shopper_currency
from catalog.models import Kind
from catalog.partner.prices import ShopPrice
from catalog.pricing.lists import (
    ListPrice,
    groups_of,
    list_prices_attach,
    list_prices_for,
    list_prices_in,
    next_tier,
    own_price,
    unit_price,
)
from catalog.taxes.rates import Taxes
from catalog.taxes.shopper import shopper_taxes


class Selector:
    """Oscar's hook: one strategy for everybody."""

    def strategy(
        self, request=None, user=None, currency="", taxes=None, **kwargs
    ) -> "ShopStrategy":
        return ShopStrategy(request, user=user, currency=currency, taxes=taxes)


class ShopStrategy(core.UseFirstStockRecord, core.StockRequired, core.Structured):
    """First stock record, its price in the shopper's currency, stock needed where it is tracked.

    ``currency`` of all prices and ``taxes`` in them or beside them; left out, the reader's.
    """

    def __init__(self, request=None, user=None, currency="", taxes=None) -> None:
        super().__init__(request)
        self._taxes: Taxes | None = taxes
        self.exchange = exchange_of(currency or shopper_currency())
        if self.user is None and user is not None and user.is_authenticated:
            self.user = user

    def has_terms_of(self, other: "ShopStrategy") -> bool:
        """Whether both say the same of everything: currency, rate, taxes, and for whom."""
        mine, theirs = (one.user.pk if one.user else None for one in (self, other))
        return (mine, self.exchange, self.taxes) == (theirs, other.exchange, other.taxes)

    def fetch_for_line(self, line, stockrecord=None):
        """The basket keeps its stock record, so the price cannot jump to another's.

        Price lists know the quantity of the line.
        """
        info = self.fetch_for_product(line.product, stockrecord or line.stockrecord)
        if line.quantity <= 1 or not info.price.exists:
            return info
        price = self.pricing_policy(line.product, info.stockrecord, quantity=line.quantity)
        return info._replace(price=price)

    def pricing_policy(self, product, stockrecord, quantity=1):
        if stockrecord is None or stockrecord.price is None:
            return Unavailable()
        if not self.exchange.serves(stockrecord.price_currency):
            return Unavailable()
        return ShopPrice(
            currency=self.currency,
            shown=self.unit_price(stockrecord, quantity),
            rate=self.tax_rate(product),
            taxes=self.taxes,
        )

    def unit_price(self, record, quantity: int) -> Decimal:
        """Of the price lists that this shopper may use, as in `catalog.pricing.resolver`."""
        return unit_price(
            self.usable_lists(record),
            own=self.own_price(record),
            quantity=quantity,
            currency=self.currency,
        )

    @property
    def currency(self) -> str:
        return self.exchange.currency

    @cached_property
    def taxes(self) -> Taxes:
        """Read when a price is made; lists ask for none."""
        return self._taxes or shopper_taxes()

    def own_price(self, record) -> Decimal:
        """Without any list, in the shopper's currency."""
        self._attach(record)
        return own_price(record, self.exchange, known=record.set_prices)

    def _attach(self, record) -> None:
        if getattr(record, "attached_for", "") != self.currency:
            together = getattr(record, "priced_with", [record])
            list_prices_attach(together, exchange=self.exchange)

    def usable_lists(self, record) -> list[ListPrice]:
        """The entries of a record that count for this shopper now. No query in a basket."""
        self._attach(record)
        return list_prices_for(
            list_prices_in(record.list_prices, self.exchange),
            user_id=self.user.pk if self.user else None,
            groups=self.groups if any(one.group_id for one in record.list_prices) else (),
            currency=self.currency,
            moment=timezone.now(),
        )

    def next_tier(self, record, quantity: int) -> tuple[int, Decimal] | None:
        """How many of it would cost less each, and how little."""
        return next_tier(
            self.usable_lists(record),
            own=self.own_price(record),
            quantity=quantity,
            currency=self.currency,
        )

    @cached_property
    def groups(self) -> frozenset[int]:
        return groups_of(self.user.pk if self.user else None)

    def availability_policy(self, product, stockrecord):
        """A set's record holds no units; 0 says that its parts do not allow one now."""
        if product.get_product_class().kind == Kind.SET:
            is_short = stockrecord is None or stockrecord.num_in_stock == 0
            return StockRequired(0) if is_short else Available()
        return super().availability_policy(product, stockrecord)

    def parent_pricing_policy(self, product, children_stock):
        """The lowest price among the variants."""
        records = [record for _, record in children_stock if record and record.price is not None]
        if not records:
            return Unavailable()
        return self.pricing_policy(product, min(records, key=self.own_price))

    def tax_rate(self, product) -> Decimal:
        """Of the product's class, where it is sent: 0.19 for 19 %."""
        return self.taxes.rate(product.get_product_class().tax_class)
