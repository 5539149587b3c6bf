"""``/v1/payment_intents``."""

from collections.abc import Mapping
from typing import Any

from payments.localprovider import engine
from payments.localprovider import params as read
from payments.localprovider.api.lists import page, row_get
from payments.localprovider.api.sessions import capture_method, is_multicapture_asked
from payments.localprovider.cards import PAYMENT_METHODS
from payments.localprovider.core import Provider
from payments.localprovider.errors import CardDeclined, InvalidRequest
from payments.localprovider.params import Params
from payments.localprovider.shapes import intent_shape
from payments.localprovider.store import Row

TABLE, NOUN = "intents", "payment_intent"
REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")


def create(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    amount = read.amount(params, "amount")
    if amount is None:
        raise read.missing("amount")
    method = _method(params)
    intent = provider.store.add(
        TABLE,
        amount=amount,
        currency=read.currency(params),
        status="requires_confirmation" if method else "requires_payment_method",
        capture_method=capture_method(params),
        multicapture=int(is_multicapture_asked(params)),
        payment_method=method,
        description=read.text(params, "description", limit=1000),
        receipt_email=read.text(params, "receipt_email", limit=800),
        return_url=read.address(params, "return_url"),
        metadata=read.metadata(params),
    )
    if read.choice(params, "confirm", ["true", "false"], "false") == "true":
        return _confirmed(provider, intent, method)
    return intent_shape(provider, intent)


def _method(params: Params) -> str | None:
    method = read.text(params, "payment_method", limit=255)
    if method is not None and method not in PAYMENT_METHODS:
        raise InvalidRequest(
            f"No such PaymentMethod: '{method}'; this provider knows {', '.join(PAYMENT_METHODS)}.",
            code="resource_missing",
            param="payment_method",
        )
    return method


def _confirmed(provider: Provider, intent: Row, method: str | None) -> dict[str, Any]:
    if method is None:
        raise InvalidRequest(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state",
        )
    outcome = PAYMENT_METHODS[method]
    intent = engine.intent_attempt(provider, intent, outcome=outcome, method=method)
    shape = intent_shape(provider, intent)
    if intent["last_error"]:
        raise CardDeclined(
            intent["last_error"], charge=intent["latest_charge"], payment_intent=shape
        )
    return shape


def _own(provider: Provider, path: Mapping[str, str]) -> Row:
    return row_get(provider, TABLE, NOUN, path["id"])


def retrieve(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return intent_shape(provider, _own(provider, path))


def update(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    """Metadata and description at any time."""
    intent = _own(provider, path)
    facts: Row = {"metadata": read.metadata_merge(intent["metadata"], params)}
    if "description" in params:
        facts["description"] = read.text(params, "description", limit=1000)
    return intent_shape(provider, provider.store.change(TABLE, intent["id"], **facts))


def confirm(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    intent = _own(provider, path)
    if "return_url" in params:
        return_url = read.address(params, "return_url")
        intent = provider.store.change(TABLE, intent["id"], return_url=return_url)
    return _confirmed(provider, intent, _method(params) or intent["payment_method"])


def capture(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    intent = _own(provider, path)
    amount = read.integer(params, "amount_to_capture", low=0, high=read.MAX_AMOUNT)
    final = None
    if "final_capture" in params:
        final = read.choice(params, "final_capture", ["true", "false"], "true") == "true"
    intent = engine.intent_capture(provider, intent, amount=amount, final=final)
    return intent_shape(provider, intent)


def cancel(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    intent = _own(provider, path)
    session = engine.session_of(provider, intent["id"])
    if session and session["status"] == "open":
        raise InvalidRequest(
            "You cannot cancel this PaymentIntent because it was created by a Checkout Session. "
            "Expire the Checkout Session instead."
        )
    reason = None
    if "cancellation_reason" in params:
        reason = read.choice(params, "cancellation_reason", REASONS, REASONS[-1])
    return intent_shape(provider, engine.intent_cancel(provider, intent, reason=reason))


def listed(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return page(provider, params, table=TABLE, url="/v1/payment_intents", shape=intent_shape)
