"""How prices end. Pure arithmetic."""

from decimal import ROUND_HALF_UP, Decimal

from catalog.exchange.models import Ending
from shop.core.money import exponent, rounded

#: The step between two such prices, and how far each lies under a whole step.
STEPS = {
    Ending.NINETY_NINE: (Decimal(1), Decimal("0.01")),
    Ending.NINETY_FIVE: (Decimal(1), Decimal("0.05")),
    Ending.WHOLE: (Decimal(1), Decimal(0)),
    Ending.TENS: (Decimal(10), Decimal(0)),
    Ending.NINES: (Decimal(10), Decimal(1)),
}
LEAST_STEPS = 5  # below so many steps an ending would move the price by more than a tenth


def ended(amount: Decimal, *, ending: str, currency: str) -> Decimal:
    """``amount`` as a price: the nearest that ends as it should, half up.

    Small amounts are only rounded to the smallest coin, and so is what has no such coin.
    """
    exact = rounded(amount, currency)
    step, under = STEPS.get(Ending(ending), (Decimal(0), Decimal(0)))
    if not step or exact < step * LEAST_STEPS:
        return exact
    steps = ((amount + under) / step).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    price = steps * step - under
    return price.quantize(exponent(currency)) if price == rounded(price, currency) else exact
