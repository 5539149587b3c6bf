class CheckoutRefused(Exception):
    """The order cannot be placed as it stands; ``message`` is for the shopper."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class PriceChanged(CheckoutRefused):
    """A price, an offer, the shipping or the total differs from what the shopper was shown."""


class ImpossibleStep(Exception):
    """The order is not in a state from which this step can be taken."""


class EditRefused(ImpossibleStep):
    """The order cannot be changed that way; ``message`` is for the clerk."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class OnHold(ImpossibleStep):
    """Somebody told the order to wait; it has to be released first."""


class NoRoute(ImpossibleStep):
    """No warehouse, and no few of them together, can send what is still to be sent."""


class StepRefused(ImpossibleStep):
    """A step in the warehouse is not possible; ``message`` is for who stands there."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotPaid(StepRefused):
    """Goods would leave although nobody paid or promised their price."""


class WrongBarcode(StepRefused):
    """What was scanned is not what is wanted here."""
