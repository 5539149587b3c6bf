class PaymentError(Exception):
    """Base of what can go wrong with money."""


class GatewayUnavailable(PaymentError):
    """No clear answer (down, timed out, 5xx). The same call may be made again with the same key."""


class GatewayRefused(PaymentError):
    """The provider said no, for good. The message is for operators, not for shoppers."""


class WebhookInvalid(PaymentError):
    """Signature, age or form of a webhook is wrong; nothing of it is kept."""


class RefundTooLarge(PaymentError):
    """Earlier refunds plus this one exceed what was captured."""


class PaymentShort(PaymentError):
    """Only a part of a transfer has come: what is missing comes too, or is written off by who may."""


class ImpossibleStep(PaymentError):
    """Our own code asked for a state that cannot follow the present one."""
