from payments.exceptions import PaymentError


class WalletRefused(PaymentError):
    """A wallet cannot do what was asked; ``message`` is for whoever asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class WalletShort(PaymentError):
    """Somebody else has just used what was shown of a wallet, or it was blocked or ran out."""
