"""Pricing policies: what a price is made of."""

from decimal import Decimal

from oscar.apps.partner.prices import Base

from catalog.taxes.rates import Taxes


class ShopPrice(Base):
    """The price that is shown, and the tax in it or beside it.

    ``shown`` is what shoppers see and what offers are reckoned on: with tax in most countries,
    without it where the tax is added. ``rate``: 0.19 for 19 %. ``tax_place``: who says which.
    """

    exists = True
    is_tax_known = True

    def __init__(self, *, currency: str, shown: Decimal, rate: Decimal, taxes: Taxes) -> None:
        self.currency = currency
        self.shown = shown
        self.rate = rate
        self.taxes = taxes
        self.tax_code = f"{(rate * 100).normalize():f}%"
        self.incl_tax, self.excl_tax = self.sums(shown)
        self.tax = self.incl_tax - self.excl_tax

    def sums(self, amount: Decimal) -> tuple[Decimal, Decimal]:
        """A sum of shown prices with and without tax; rounded once, here."""
        return self.taxes.sums(amount, self.rate, self.currency)

    @property
    def effective_price(self) -> Decimal:
        """Offers are reckoned on what the shopper sees."""
        return self.shown
