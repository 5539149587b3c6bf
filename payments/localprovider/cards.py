"""The test cards: what a shopper or a test can choose to happen."""

from dataclasses import dataclass
from typing import Any

HOME = "DE"  # of the shop in the box


@dataclass(frozen=True)
class Card:
    """A test card. ``failure`` is what the bank says, or None when it pays.

    ``country``: where it was issued.
    """

    outcome: str
    last4: str
    failure: dict[str, Any] | None = None
    country: str = HOME


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
#: Cards that pay, by where they were issued. Source: docs.stripe.com/testing, international cards. The
#: first is the ordinary one, which at Stripe is American and here from where the shop is.
NUMBERS = {
    HOME: "4242424242424242",
    "AT": "4000000400000008",
    "BR": "4000000760000002",
    "CH": "4000007560000009",
    "CN": "4000001560000002",
    "FR": "4000002500000003",
    "GB": "4000008260000000",
    "HK": "4000003440000004",
    "JP": "4000003920000003",
    "US": "4000056655665556",
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
        *(
            Card(f"pay_{country}", number[-4:], country=country)
            for country, number in NUMBERS.items()
            if country != HOME
        ),
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
    **{f"pm_card_{country.lower()}": f"pay_{country}" for country in NUMBERS if country != HOME},
}
HOSTED_METHODS = {
    "pay": "pm_card_visa",
    "pay_once": "pm_card_capturedOnce",
    "decline": "pm_card_visa_chargeDeclined",
    "insufficient_funds": "pm_card_visa_chargeDeclinedInsufficientFunds",
    "second_factor": "pm_card_authenticationRequired",
    "processing": "pm_usBankAccount_processing",
    **{f"pay_{country}": f"pm_card_{country.lower()}" for country in NUMBERS if country != HOME},
}


def outcome_from(outcome: str, country: str) -> str:
    """The card that pays, of another country; the others are of none in particular."""
    abroad = f"{outcome}_{country}"
    return abroad if abroad in CARDS else outcome
