"""Pricing policies: what a price is made of."""

from decimal import Decimal

from oscar.apps.partner.prices import Base

from shop.core.money import net_of


class GrossPrice(Base):
    """A price that includes tax, as shoppers see it. ``rate``: 0.19 for 19 %."""

    exists = True
    is_tax_known = True

    def __init__(self, *, currency: str, incl_tax: Decimal, rate: Decimal) -> None:
        self.currency = currency
        self.incl_tax = incl_tax
        self.rate = rate
        self.tax_code = f"{rate * 100:.4g}%"
        self.excl_tax = net_of(incl_tax, rate, currency)
        self.tax = incl_tax - self.excl_tax

    @property
    def effective_price(self) -> Decimal:
        """Offers are reckoned on what the shopper pays."""
        return self.incl_tax
