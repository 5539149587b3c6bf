"""Adding up an order."""

from oscar.apps.checkout import calculators as core


class OrderTotalCalculator(core.OrderTotalCalculator):
    """Oscar's; here so that our code has one name for it."""
