"""How money moves here: every state change of intents, charges, refunds and sessions.

Each function runs inside the caller's transaction. Amounts are in the smallest unit of
their currency.
"""

import time
from typing import Any

from payments.localprovider.cards import AUTHENTICATION_FAILURE, CARDS, HOSTED_METHODS, Card
from payments.localprovider.core import Provider
from payments.localprovider.errors import InvalidRequest
from payments.localprovider.events import emit
from payments.localprovider.money import shown
from payments.localprovider.shapes import (
    charge_shape,
    intent_shape,
    is_multicapture,
    refund_shape,
    session_shape,
)
from payments.localprovider.store import Row

UNPAID = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = (*UNPAID, "requires_capture", "processing")
# In the order of the index: by ``seq`` SQLite would read all sessions that ever were.
SESSIONS_DUE = (
    "SELECT * FROM sessions WHERE status = 'open' AND expires_at <= ? ORDER BY expires_at, seq"
)


def unexpected_state(row: Row, verb: str) -> InvalidRequest:
    return InvalidRequest(
        f"This PaymentIntent could not be {verb} because it has a status of {row['status']}.",
        code="payment_intent_unexpected_state",
    )


# Intents


def intent_attempt(provider: Provider, intent: Row, *, outcome: str, method: str) -> Row:
    """Try to pay ``intent`` with the test card behind ``outcome``; returns the intent after it.

    A declined card is an ordinary outcome: look at ``last_error``. Raises
    ``InvalidRequest`` when the intent does not wait for a payment method.
    """
    if intent["status"] not in UNPAID:
        raise unexpected_state(intent, "confirmed")
    card = CARDS[outcome]
    intent = provider.store.change("intents", intent["id"], payment_method=method, last_error=None)
    if outcome in {"second_factor", "processing"}:
        status = "requires_action" if outcome == "second_factor" else "processing"
        intent = provider.store.change("intents", intent["id"], status=status)
        if status == "processing":
            _session_complete(provider, intent)
        return intent
    if card.failure:
        return _intent_decline(provider, intent, card)
    return _intent_charge(provider, intent, card)


def _intent_charge(provider: Provider, intent: Row, card: Card) -> Row:
    """Authorise, and capture too unless the intent is to be captured by hand."""
    charge = provider.store.add(
        "charges",
        intent=intent["id"],
        amount=intent["amount"],
        currency=intent["currency"],
        status="succeeded",
        last4=card.last4,
        country=card.country,
        metadata=intent["metadata"],
    )
    intent = provider.store.change(
        "intents", intent["id"], latest_charge=charge["id"], status="requires_capture"
    )
    if intent["capture_method"] == "manual":
        emit(
            provider,
            "payment_intent.amount_capturable_updated",
            intent_shape(provider, intent),
        )
    else:
        intent = intent_capture(provider, intent, amount=intent["amount"])
    _session_complete(provider, intent)
    return intent


def _intent_decline(provider: Provider, intent: Row, card: Card) -> Row:
    charge = provider.store.add(
        "charges",
        intent=intent["id"],
        amount=intent["amount"],
        currency=intent["currency"],
        status="failed",
        failure=card.failure,
        last4=card.last4,
        country=card.country,
        metadata=intent["metadata"],
    )
    failure = {**(card.failure or {}), "charge": charge["id"]}
    return _intent_fail(provider, intent, failure, latest_charge=charge["id"])


def _intent_fail(provider: Provider, intent: Row, failure: dict[str, Any], **facts: Any) -> Row:
    intent = provider.store.change(
        "intents",
        intent["id"],
        status="requires_payment_method",
        payment_method=None,
        last_error=failure,
        **facts,
    )
    emit(provider, "payment_intent.payment_failed", intent_shape(provider, intent))
    return intent


def intent_authenticate(provider: Provider, intent: Row, *, approved: bool) -> Row:
    """The shopper's answer to the second factor. Raises when none was asked for."""
    if intent["status"] != "requires_action":
        raise unexpected_state(intent, "authenticated")
    if approved:
        return _intent_charge(provider, intent, CARDS["second_factor"])
    return _intent_fail(provider, intent, AUTHENTICATION_FAILURE)


def intent_settle(provider: Provider, intent: Row, *, succeeded: bool) -> Row:
    """End an intent that is ``processing``, as a slow bank would."""
    if intent["status"] != "processing":
        raise unexpected_state(intent, "settled")
    session = session_of(provider, intent["id"])
    card = CARDS["pay" if succeeded else "decline"]
    if succeeded:
        intent = _intent_charge(provider, intent, card)
    else:
        intent = _intent_decline(provider, intent, card)
    if session:
        name = "succeeded" if succeeded else "failed"
        emit(
            provider,
            f"checkout.session.async_payment_{name}",
            session_shape(provider, session),
        )
    return intent


def intent_capture(
    provider: Provider, intent: Row, *, amount: int | None, final: bool | None = None
) -> Row:
    """Take ``amount`` of what is held, all of it if None; the rest is released unless ``final`` is False.

    ``final`` can only be said where the card may be captured more than once.
    """
    if intent["status"] != "requires_capture":
        raise unexpected_state(intent, "captured")
    held = intent["amount"] - intent["amount_received"]
    amount = held if amount is None else amount
    _refuse_capture(provider, intent, amount, held, final)
    charge = provider.store.get("charges", intent["latest_charge"])
    if amount:
        movement = _balance_move(provider, "charge", charge["id"], amount, intent["currency"])
        provider.store.change(
            "charges",
            charge["id"],
            amount_captured=charge["amount_captured"] + amount,
            balance_transaction=movement["id"],
        )
    intent = provider.store.change(
        "intents",
        intent["id"],
        status="requires_capture" if final is False else "succeeded",
        amount_received=intent["amount_received"] + amount,
    )
    news = "amount_capturable_updated" if final is False else "succeeded"
    emit(provider, f"payment_intent.{news}", intent_shape(provider, intent))
    if intent["capture_method"] == "manual":
        charge = provider.store.get("charges", charge["id"])
        emit(provider, "charge.captured", charge_shape(provider, charge))
    return intent


def _refuse_capture(
    provider: Provider, intent: Row, amount: int, held: int, final: bool | None
) -> None:
    if final is not None and not is_multicapture(provider, intent):
        raise InvalidRequest(
            "This PaymentIntent cannot be captured more than once.", param="final_capture"
        )
    if amount > held:
        raise InvalidRequest(
            f"The amount requested to capture ({shown(amount, intent['currency'])}) is greater "
            f"than the amount capturable ({shown(held, intent['currency'])}).",
            code="amount_too_large",
            param="amount_to_capture",
        )
    if final is False and amount == held:
        raise InvalidRequest(
            "The last capture of all that is left must be the final one.", param="final_capture"
        )
    if not amount and not (final and intent["amount_received"]):
        raise InvalidRequest(
            "This value must be greater than or equal to 1.", param="amount_to_capture"
        )


def intent_cancel(provider: Provider, intent: Row, *, reason: str | None = None) -> Row:
    """End an intent without taking money; what was authorised is released."""
    if intent["status"] not in CANCELABLE:
        raise unexpected_state(intent, "canceled")
    if intent["amount_received"]:
        raise InvalidRequest(
            "A part of this PaymentIntent was captured; end it with a final capture of nothing."
        )
    if intent["status"] == "requires_capture":
        provider.store.change("charges", intent["latest_charge"], released=1)
    intent = provider.store.change(
        "intents",
        intent["id"],
        status="canceled",
        canceled_at=int(time.time()),
        cancellation_reason=reason,
    )
    emit(provider, "payment_intent.canceled", intent_shape(provider, intent))
    return intent


# Refunds


def refund_create(
    provider: Provider, charge: Row, *, amount: int | None, reason: str | None, metadata: Row
) -> Row:
    """Send back ``amount``, or all that is left. Raises when that is more than is left."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["status"] != "succeeded" or charge["amount_captured"] == 0:
        raise InvalidRequest(
            f"Charge {charge['id']} has not been captured, so there is nothing to refund.",
            code="charge_not_refundable",
        )
    if left == 0:
        raise InvalidRequest(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    wanted = left if amount is None else amount
    if wanted > left:
        raise InvalidRequest(
            f"Refund amount ({shown(wanted, charge['currency'])}) is greater than unrefunded "
            f"amount on charge ({shown(left, charge['currency'])})",
            param="amount",
        )
    refund = provider.store.add(
        "refunds",
        charge=charge["id"],
        intent=charge["intent"],
        currency=charge["currency"],
        amount=wanted,
        status="succeeded",
        reason=reason,
        metadata=metadata,
    )
    movement = _balance_move(provider, "refund", refund["id"], -wanted, charge["currency"])
    refund = provider.store.change("refunds", refund["id"], balance_transaction=movement["id"])
    charge = provider.store.change(
        "charges", charge["id"], amount_refunded=charge["amount_refunded"] + wanted
    )
    emit(provider, "refund.created", refund_shape(provider, refund))
    emit(provider, "charge.refunded", charge_shape(provider, charge))
    return refund


def _balance_move(provider: Provider, kind: str, source: str, amount: int, currency: str) -> Row:
    return provider.store.add(
        "balance_transactions", type=kind, source=source, amount=amount, currency=currency
    )


# Sessions


def session_of(provider: Provider, intent_id: str) -> Row | None:
    """The checkout session that an intent belongs to, if any."""
    return provider.store.first("SELECT * FROM sessions WHERE payment_intent = ?", intent_id)


def session_pay(provider: Provider, session: Row, *, outcome: str) -> Row:
    """A shopper pays ``session`` with a test card; returns the session after it.

    A session that is no longer open is returned as it is, so that a second click or a second
    tab never makes a second charge.
    """
    sessions_expire_due(provider)
    session = provider.store.get("sessions", session["id"])
    if session["status"] != "open":
        return session
    intent = _session_intent(provider, session)
    intent_attempt(provider, intent, outcome=outcome, method=HOSTED_METHODS[outcome])
    return provider.store.get("sessions", session["id"])


def _session_intent(provider: Provider, session: Row) -> Row:
    """The session's intent; like Stripe's it is made when the shopper first tries to pay."""
    if session["payment_intent"]:
        return provider.store.get("intents", session["payment_intent"])
    data = session["intent_data"]
    intent = provider.store.add(
        "intents",
        amount=session["amount_total"],
        currency=session["currency"],
        status="requires_payment_method",
        capture_method=data["capture_method"],
        multicapture=int(data.get("multicapture", False)),
        description=data["description"],
        receipt_email=session["customer_email"],
        metadata=data["metadata"],
    )
    provider.store.change("sessions", session["id"], payment_intent=intent["id"])
    return intent


def _session_complete(provider: Provider, intent: Row) -> None:
    session = session_of(provider, intent["id"])
    if session is None or session["status"] != "open":
        return
    session = provider.store.change("sessions", session["id"], status="complete")
    emit(provider, "checkout.session.completed", session_shape(provider, session))


def session_expire(provider: Provider, session: Row) -> Row:
    """Close an open session and cancel what it began. Raises when it is not open."""
    if session["status"] != "open":
        raise InvalidRequest(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}."
        )
    session = provider.store.change("sessions", session["id"], status="expired")
    if session["payment_intent"]:
        intent = provider.store.get("intents", session["payment_intent"])
        intent_cancel(provider, intent, reason="automatic")
    emit(provider, "checkout.session.expired", session_shape(provider, session))
    return session


def sessions_expire_due(provider: Provider) -> None:
    """Expire every open session whose time is over; asked so often that the index of open ones has to answer."""
    for session in provider.store.all(SESSIONS_DUE, time.time()):
        session_expire(provider, session)
