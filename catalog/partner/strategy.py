"""Which stock record serves a shopper, at what price, and whether it can be bought."""

from decimal import Decimal

from django.conf import settings
from oscar.apps.partner import strategy as core
from oscar.apps.partner.prices import Unavailable

from catalog.partner.prices import GrossPrice
from shop.core.money import rounded


class Selector:
    """Oscar's hook: one strategy for everybody."""

    def strategy(self, request=None, user=None, **kwargs) -> "ShopStrategy":
        return ShopStrategy(request)


class ShopStrategy(core.UseFirstStockRecord, core.StockRequired, core.Structured):
    """First stock record, tax included in its price, stock needed where it is tracked."""

    def fetch_for_line(self, line, stockrecord=None):
        """The basket keeps its stock record, so the price cannot jump to another's."""
        return self.fetch_for_product(line.product, stockrecord or line.stockrecord)

    def pricing_policy(self, product, stockrecord):
        if stockrecord is None or stockrecord.price is None:
            return Unavailable()
        return GrossPrice(
            currency=stockrecord.price_currency,
            incl_tax=rounded(stockrecord.price, stockrecord.price_currency),
            rate=self.tax_rate(product),
        )

    def parent_pricing_policy(self, product, children_stock):
        """The lowest price among the variants."""
        records = [record for _, record in children_stock if record and record.price is not None]
        if not records:
            return Unavailable()
        return self.pricing_policy(product, min(records, key=lambda record: record.price))

    def tax_rate(self, product) -> Decimal:
        """Of the product's class: 0.19 for 19 %."""
        return settings.STORE_TAX_RATES[product.get_product_class().tax_class]
