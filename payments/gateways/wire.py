"""What the gateways share that speak to a provider: patience, keys, numbers, the pay page."""

import hashlib
import textwrap
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.urls import reverse

from payments.exceptions import GatewayUnavailable, WebhookInvalid
from payments.models import PaymentIntent

T = TypeVar("T")

TIMEOUT_SECONDS = 8
RETRIES = 1


class NoAnswer(Exception):
    """Raised by a caller of ``ask`` for an answer that says nothing about the money."""


def ask(call: Callable[[], T], *, lost: tuple[type[Exception], ...]) -> T:
    """Call, and once more if no answer came. ``lost``: what is raised then.

    Raises ``GatewayUnavailable``. Only for calls that the provider carries out once however often
    they come.
    """
    for attempt in range(RETRIES + 1):
        try:
            return call()
        except lost as error:
            if attempt == RETRIES:
                raise GatewayUnavailable(f"{type(error).__name__}: {error}"[:200]) from error
    raise AssertionError("unreachable")


def pem(key: str, kind: str) -> str:
    """``key`` with its frame: consoles of wallets hand out bare base64. ``kind``: ``PRIVATE KEY``."""
    if key.lstrip().startswith("-----"):
        return key.strip()
    body = "\n".join(textwrap.wrap("".join(key.split()), 64))
    return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----"


def trade_number(intent: PaymentIntent) -> str:
    """Our number for a payment at a wallet: 32 characters, WeChat's limit."""
    return intent.key.hex


def refund_number(intent: PaymentIntent, key: str) -> str:
    """The number of a refund at a wallet: never another one for the same key, 40 characters.

    The intent is in it, because keys are unique in one shop and numbers in one merchant's account.
    """
    return hashlib.sha256(f"{intent.key}:{key}".encode()).hexdigest()[:40]


def capture_number(intent: PaymentIntent, key: str) -> str:
    """The number of a capture, made as that of a refund is."""
    return hashlib.sha256(f"{intent.key}:capture:{key}".encode()).hexdigest()[:40]


def back_url(intent: PaymentIntent) -> str:
    return settings.PUBLIC_URL + reverse("payment-return", args=[intent.key])


def pay_page_url(intent: PaymentIntent) -> str:
    """Our own page, for wallets whose address is made anew for each visit or is a code to scan."""
    return settings.PUBLIC_URL + reverse("payments:pay", args=[intent.key])


def webhook_url(code: str) -> str:
    return settings.PUBLIC_URL + reverse("payments:webhook", args=[code])


def title_of(intent: PaymentIntent) -> str:
    return f"{settings.OSCAR_SHOP_NAME} {intent.order_number}"


def kept(text: object, limit: int = 200) -> str:
    """``text`` of a message as our columns can keep it. Raises ``WebhookInvalid``."""
    if not isinstance(text, str) or "\0" in text or not 0 < len(text) <= limit:
        raise WebhookInvalid("signed, but not a message that can be kept")
    return text
