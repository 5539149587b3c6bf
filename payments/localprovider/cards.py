"""The test cards: what a shopper or a test can choose to happen."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Card:
    """A test card. ``failure`` is what the bank says, or None when it pays."""

    outcome: str
    last4: str
    failure: dict[str, Any] | None = None


def _declined(decline_code: str, message: str) -> dict[str, Any]:
    return {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": decline_code,
        "message": message,
    }


AUTHENTICATION_FAILURE = {
    "type": "invalid_request_error",
    "code": "payment_intent_authentication_failure",
    "message": (
        "We are unable to authenticate your payment method. "
        "Please choose a different payment method and try again."
    ),
}
CARDS = {
    card.outcome: card
    for card in (
        Card("pay", "4242"),
        Card("pay_once", "0019"),
        Card("decline", "0002", _declined("generic_decline", "Your card was declined.")),
        Card(
            "insufficient_funds",
            "9995",
            _declined("insufficient_funds", "Your card has insufficient funds."),
        ),
        Card("second_factor", "3155"),
        Card("processing", "0000"),
    )
}
CAPTURED_ONCE = frozenset({CARDS["pay_once"].last4})  # cards that know no second capture
PAYMENT_METHODS = {
    "pm_card_visa": "pay",
    "pm_card_capturedOnce": "pay_once",
    "pm_card_chargeDeclined": "decline",
    "pm_card_visa_chargeDeclined": "decline",
    "pm_card_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "pm_card_authenticationRequired": "second_factor",
    "pm_card_threeDSecure2Required": "second_factor",
    "pm_usBankAccount_processing": "processing",
}
HOSTED_METHODS = {
    "pay": "pm_card_visa",
    "pay_once": "pm_card_capturedOnce",
    "decline": "pm_card_visa_chargeDeclined",
    "insufficient_funds": "pm_card_visa_chargeDeclinedInsufficientFunds",
    "second_factor": "pm_card_authenticationRequired",
    "processing": "pm_usBankAccount_processing",
}
