"""Rows as the JSON objects of Stripe's API, and ``expand``."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from payments.localprovider.cards import CAPTURED_ONCE, HOME
from payments.localprovider.config import API_VERSION
from payments.localprovider.core import Provider
from payments.localprovider.errors import InvalidRequest
from payments.localprovider.store import Row

Shape = Callable[[Provider, Row], dict[str, Any]]
CAPTURABLE = "requires_capture"


def session_shape(provider: Provider, row: Row) -> dict[str, Any]:
    paid = False
    if row["payment_intent"] and row["status"] == "complete":
        paid = provider.store.get("intents", row["payment_intent"])["status"] == "succeeded"
    is_open = row["status"] == "open"
    return {
        "id": row["id"],
        "object": "checkout.session",
        "amount_subtotal": row["amount_total"],
        "amount_total": row["amount_total"],
        "cancel_url": row["cancel_url"],
        "client_reference_id": row["client_reference_id"],
        "created": row["created"],
        "currency": row["currency"],
        "customer": None,
        "customer_details": {"email": row["customer_email"]} if row["customer_email"] else None,
        "customer_email": row["customer_email"],
        "expires_at": int(row["expires_at"]),
        "livemode": False,
        "locale": row["locale"],
        "metadata": row["metadata"],
        "mode": "payment",
        "payment_intent": row["payment_intent"],
        "payment_method_types": ["card"],
        "payment_status": "paid" if paid else "unpaid",
        "status": row["status"],
        "success_url": row["success_url"],
        "ui_mode": "hosted",
        "url": f"{provider.config.base_url}/pay/{row['id']}" if is_open else None,
    }


def line_items_shape(session: Row) -> dict[str, Any]:
    items = [
        {
            "id": f"li_{session['id'][-20:]}{index}",
            "object": "item",
            "amount_subtotal": item["unit_amount"] * item["quantity"],
            "amount_total": item["unit_amount"] * item["quantity"],
            "currency": session["currency"],
            "description": item["name"],
            "price": {
                "object": "price",
                "currency": session["currency"],
                "unit_amount": item["unit_amount"],
            },
            "quantity": item["quantity"],
        }
        for index, item in enumerate(session["line_items"])
    ]
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return {"object": "list", "data": items, "has_more": False, "url": url}


def intent_shape(provider: Provider, row: Row) -> dict[str, Any]:
    next_action = None
    if row["status"] == "requires_action":
        next_action = {
            "type": "redirect_to_url",
            "redirect_to_url": {
                "url": f"{provider.config.base_url}/authenticate/{row['id']}",
                "return_url": row["return_url"],
            },
        }
    return {
        "id": row["id"],
        "object": "payment_intent",
        "amount": row["amount"],
        "amount_capturable": row["amount"] - row["amount_received"]
        if row["status"] == CAPTURABLE
        else 0,
        "amount_received": row["amount_received"],
        "canceled_at": row["canceled_at"],
        "cancellation_reason": row["cancellation_reason"],
        "capture_method": row["capture_method"],
        "client_secret": f"{row['id']}_secret_local",
        "confirmation_method": "automatic",
        "created": row["created"],
        "currency": row["currency"],
        "customer": None,
        "description": row["description"],
        "last_payment_error": row["last_error"],
        "latest_charge": row["latest_charge"],
        "livemode": False,
        "metadata": row["metadata"],
        "next_action": next_action,
        "payment_method": row["payment_method"],
        "payment_method_types": ["card"],
        "receipt_email": row["receipt_email"],
        "status": row["status"],
    }


def is_multicapture(provider: Provider, intent: Row) -> bool:
    """Whether it was asked for and the card allows it."""
    charge = provider.store.get("charges", intent["latest_charge"])
    return bool(intent["multicapture"]) and charge["last4"] not in CAPTURED_ONCE


def _is_parted(provider: Provider, charge: Row) -> bool:
    is_asked = provider.store.get("intents", charge["intent"])["multicapture"]
    return bool(is_asked) and charge["last4"] not in CAPTURED_ONCE


def _print_of(provider: Provider, row: Row) -> str:
    """Test cards have few numbers and many owners, so a card is its number and who holds it.

    One from abroad is one card, whoever pays with it: so it can be tried what a stolen one looks like.
    """
    if row["country"] != HOME:
        return sha256(f"{row['country']}:{row['last4']}".encode()).hexdigest()[:16]
    session = provider.store.first("SELECT * FROM sessions WHERE payment_intent = ?", row["intent"])
    payer = session["customer_email"] if session else None
    return sha256(f"{row['last4']}:{payer or row['intent']}".encode()).hexdigest()[:16]


def charge_shape(provider: Provider, row: Row) -> dict[str, Any]:
    failure = row["failure"] or {}
    succeeded = row["status"] == "succeeded"
    return {
        "id": row["id"],
        "object": "charge",
        "amount": row["amount"],
        "amount_captured": row["amount_captured"],
        "amount_refunded": row["amount_refunded"],
        "balance_transaction": row["balance_transaction"],
        "captured": row["amount_captured"] > 0,
        "created": row["created"],
        "currency": row["currency"],
        "failure_code": failure.get("code"),
        "failure_message": failure.get("message"),
        "livemode": False,
        "metadata": row["metadata"],
        "outcome": {
            "network_status": "approved_by_network" if succeeded else "declined_by_network",
            "reason": failure.get("decline_code"),
            "type": "authorized" if succeeded else "issuer_declined",
        },
        "paid": succeeded,
        "payment_intent": row["intent"],
        "payment_method_details": {
            "type": "card",
            "card": {
                "brand": "visa",
                "country": row["country"],
                "fingerprint": _print_of(provider, row),
                "last4": row["last4"],
                "multicapture": {
                    "status": "available" if _is_parted(provider, row) else "unavailable"
                },
            },
        },
        "refunded": succeeded and 0 < row["amount_captured"] == row["amount_refunded"],
        "status": row["status"],
    }


def refund_shape(provider: Provider, row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "object": "refund",
        "amount": row["amount"],
        "balance_transaction": row["balance_transaction"],
        "charge": row["charge"],
        "created": row["created"],
        "currency": row["currency"],
        "metadata": row["metadata"],
        "payment_intent": row["intent"],
        "reason": row["reason"],
        "status": row["status"],
    }


def balance_transaction_shape(provider: Provider, row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "object": "balance_transaction",
        "amount": row["amount"],
        "available_on": row["created"],
        "created": row["created"],
        "currency": row["currency"],
        "fee": 0,
        "fee_details": [],
        "net": row["amount"],
        "reporting_category": row["type"],
        "source": row["source"],
        "status": "available",
        "type": row["type"],
    }


def event_shape(provider: Provider, row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "object": "event",
        "api_version": API_VERSION,
        "created": row["created"],
        "data": {"object": row["object"]},
        "livemode": False,
        "pending_webhooks": provider.store.first(
            "SELECT count(*) AS n FROM deliveries WHERE event = ? AND state = 'pending'", row["id"]
        )["n"],
        "request": {"id": None, "idempotency_key": None},
        "type": row["type"],
    }


RESOURCES: dict[str, tuple[str, Shape]] = {
    "cs_test_": ("sessions", session_shape),
    "pi_": ("intents", intent_shape),
    "ch_": ("charges", charge_shape),
    "re_": ("refunds", refund_shape),
    "txn_": ("balance_transactions", balance_transaction_shape),
}
EXPANDABLE = {"payment_intent", "latest_charge", "charge", "balance_transaction", "source"}


def expand(provider: Provider, body: dict[str, Any], paths: list[Any]) -> dict[str, Any]:
    """Replace ids by their objects along ``paths`` such as ``payment_intent.latest_charge``."""
    for path in paths[:20]:
        if not isinstance(path, str) or path.count(".") > 4:
            raise InvalidRequest("Invalid expand path.", param="expand")
        _expand_path(provider, body, path.split("."), path)
    return body


def _expand_path(provider: Provider, node: Any, parts: list[str], path: str) -> None:
    for item in node if isinstance(node, list) else [node]:
        _expand_step(provider, item, parts, path)


def _expand_step(provider: Provider, node: Any, parts: list[str], path: str) -> None:
    name, rest = parts[0], parts[1:]
    if not isinstance(node, dict):
        raise InvalidRequest(f"This property cannot be expanded ({path}).", param="expand")
    if name == "line_items" and node.get("object") == "checkout.session":
        node[name] = line_items_shape(provider.store.get("sessions", node["id"]))
    if name not in node:
        raise InvalidRequest(f"This property cannot be expanded ({path}).", param="expand")
    value = node[name]
    if isinstance(value, str):
        found = [item for prefix, item in RESOURCES.items() if value.startswith(prefix)]
        if name not in EXPANDABLE or not found:
            raise InvalidRequest(f"This property cannot be expanded ({path}).", param="expand")
        table, shape = found[0]
        node[name] = value = shape(provider, provider.store.get(table, value))
    if rest and value is not None:
        _expand_path(provider, value, rest, path)
