"""PayPal's orders API v2: a token, orders, captures, refunds, and the check of a webhook.

Source: developer.paypal.com/docs/api/orders/v2, /payments/v2, /webhooks/v1.
"""

import base64
import binascii
import datetime as dt
import hmac
import json
import secrets
import time
import zlib
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from payments.localprovider.core import Provider
from payments.localprovider.message import Message
from payments.localprovider.money import digits
from payments.localprovider.store import Row
from payments.localprovider.wallets import trades
from payments.localprovider.wallets.crypto import is_signed, sign
from payments.localprovider.wallets.trades import TradeRefused

WALLET = "paypal"
SKEW = dt.timedelta(days=5)  # PayPal sends again for three
TOKEN_SECONDS = 9 * 3600
HONOURED_SECONDS = 3 * 24 * 3600  # of an authorization; then it has to be given anew
VALID = dt.timedelta(days=29)
STATES = {
    "open": "PAYER_ACTION_REQUIRED",
    "approved": "APPROVED",
    "paid": "COMPLETED",
    "closed": "VOIDED",
}
REFUSALS = {
    "unknown": (404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID"),
    "not approved": (422, "UNPROCESSABLE_ENTITY", "ORDER_NOT_APPROVED"),
    "captured": (422, "UNPROCESSABLE_ENTITY", "ORDER_ALREADY_CAPTURED"),
    "unpaid": (422, "UNPROCESSABLE_ENTITY", "INVALID_CAPTURE_STATUS"),
    "too much": (422, "UNPROCESSABLE_ENTITY", "REFUND_AMOUNT_EXCEEDED"),
    "other": (422, "UNPROCESSABLE_ENTITY", "DUPLICATE_REQUEST_ID"),
    "closed": (422, "UNPROCESSABLE_ENTITY", "ORDER_VOIDED"),
    "declined": (422, "UNPROCESSABLE_ENTITY", "INSTRUMENT_DECLINED"),
    "other intent": (422, "UNPROCESSABLE_ENTITY", "ACTION_DOES_NOT_MATCH_INTENT"),
    "promise taken": (422, "UNPROCESSABLE_ENTITY", "AUTHORIZATION_ALREADY_CAPTURED"),
    "promise void": (422, "UNPROCESSABLE_ENTITY", "AUTHORIZATION_VOIDED"),
    "promise over": (422, "UNPROCESSABLE_ENTITY", "AUTHORIZATION_EXPIRED"),
    "promise stands": (422, "UNPROCESSABLE_ENTITY", "REAUTHORIZATION_NOT_SUPPORTED"),
    "promise too small": (422, "UNPROCESSABLE_ENTITY", "MAX_CAPTURE_AMOUNT_EXCEEDED"),
    "known": (422, "UNPROCESSABLE_ENTITY", "DUPLICATE_INVOICE_ID"),
    "wrong": (400, "INVALID_REQUEST", "INVALID_PARAMETER_VALUE"),
}
Answer = Callable[[Provider, Request, str], tuple[int, dict[str, Any]]]


def call(answer: Answer) -> Callable[[Provider, Request, str], Response]:
    """An endpoint that wants the token."""

    def run(provider: Provider, request: Request, body: str) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not _is_token(provider, token):
            return JSONResponse({"error": "invalid_token"}, status_code=401)
        try:
            status, said = answer(provider, request, body)
        except TradeRefused as refusal:
            status, name, issue = REFUSALS[refusal.code]
            said = {"name": name, "details": [{"issue": issue}], "debug_id": secrets.token_hex(7)}
        except (KeyError, IndexError, ValueError, TypeError, InvalidOperation):
            status, said = 400, {"name": "INVALID_REQUEST", "details": []}
        return JSONResponse(said, status_code=status)

    return run


def _is_token(provider: Provider, token: str) -> bool:
    ends, _, signature = token.partition(".")
    key = provider.config.wallets[WALLET]["secret"].encode()
    expected = hmac.new(key, ends.encode(), "sha256").hexdigest()
    is_ours = hmac.compare_digest(signature.encode(), expected.encode())
    return is_ours and ends.isdigit() and int(ends) > time.time()


def token(provider: Provider, request: Request, body: str) -> Response:
    keys = provider.config.wallets[WALLET]
    given = request.headers.get("authorization", "").removeprefix("Basic ")
    try:
        client = base64.b64decode(given).decode()
    except (binascii.Error, UnicodeDecodeError):
        client = ""
    if not hmac.compare_digest(client.encode(), f"{keys['client_id']}:{keys['secret']}".encode()):
        return JSONResponse({"error": "invalid_client"}, status_code=401)
    ends = str(int(time.time()) + TOKEN_SECONDS)
    signature = hmac.new(keys["secret"].encode(), ends.encode(), "sha256").hexdigest()
    said = {"access_token": f"{ends}.{signature}", "token_type": "Bearer"}
    return JSONResponse({**said, "expires_in": TOKEN_SECONDS})


def order_create(provider: Provider, request: Request, body: str) -> tuple[int, dict[str, Any]]:
    number = request.headers.get("paypal-request-id", "") or secrets.token_hex(16)
    said = json.loads(body)
    (unit,) = said["purchase_units"]
    amount, currency = _minor(unit["amount"])
    context = said["payment_source"]["paypal"]["experience_context"]
    if said["intent"] not in ("CAPTURE", "AUTHORIZE") or len(unit["custom_id"]) > 127:
        raise TradeRefused("wrong")
    trade = trades.trade_find(provider, WALLET, number)
    if trade is None:
        trade = trades.trade_open(
            provider,
            WALLET,
            number,
            amount=amount,
            currency=currency,
            title=unit["description"][:127],
            return_url=context["return_url"],
            facts={
                "custom_id": unit["custom_id"],
                "locale": context["locale"],
                "intent": said["intent"],
                "asked": amount,
            },
        )
    elif (trade["amount"], trade["currency"]) != (amount, currency):
        raise TradeRefused("other")
    return 200, _order(provider, trade)


def order_get(provider: Provider, request: Request, body: str) -> tuple[int, dict[str, Any]]:
    return 200, _order(provider, trades.trade_get(provider, WALLET, request.path_params["id"]))


def order_capture(provider: Provider, request: Request, body: str) -> tuple[int, dict[str, Any]]:
    """The same request answered again is the same capture; another one comes too late."""
    trade = trades.trade_get(provider, WALLET, request.path_params["id"])
    asked = request.headers.get("paypal-request-id", "")
    if _intent(trade) != "CAPTURE":
        raise TradeRefused("other intent")
    if trade["status"] == "paid" and trade["facts"].get("captured_by") != asked:
        raise TradeRefused("captured")
    if trade["status"] == "open":
        raise TradeRefused("not approved")
    if trade["status"] == "approved":
        _refuse_declined(provider, trade)
        facts = {**trade["facts"], "captured_by": asked}
        provider.store.change("trades", trade["id"], facts=facts)
        trade = trades.trade_take(provider, trade)
    return 201, _order(provider, trade)


def order_authorize(provider: Provider, request: Request, body: str) -> tuple[int, dict[str, Any]]:
    """The payer agreed: the money is promised, and taken when the shop says so."""
    trade = trades.trade_get(provider, WALLET, request.path_params["id"])
    if _intent(trade) != "AUTHORIZE":
        raise TradeRefused("other intent")
    if trade["status"] == "open":
        raise TradeRefused("not approved")
    if trade["status"] == "closed":
        raise TradeRefused("closed")
    if not trade["facts"].get("promised_at"):
        _refuse_declined(provider, trade)
        trade = _promise(provider, trade)
    return 201, _order(provider, trade)


def _refuse_declined(provider: Provider, trade: Row) -> None:
    if trade["facts"].get("is_refused"):
        trades.trade_refuse(provider, trade)
        raise TradeRefused("declined")


def authorization_capture(
    provider: Provider, request: Request, body: str
) -> tuple[int, dict[str, Any]]:
    """``amount`` of what was promised; as often as there is some left, unless it is the final capture."""
    trade, _round = _promised(provider, request.path_params["id"])
    said = json.loads(body)
    amount, currency = _minor(said["amount"])
    number, asked = said.get("invoice_id", ""), request.headers.get("paypal-request-id", "")
    made = captures_of(trade)
    for one in made:
        if asked and one["asked"] == asked:
            return 201, _capture(trade, one)
        if number and one["invoice_id"] == number:
            raise TradeRefused("known")
    if trade["status"] == "paid":
        raise TradeRefused("promise taken")
    if trade["status"] != "approved":
        raise TradeRefused("promise void")
    if trade["facts"]["promised_at"] < time.time() - HONOURED_SECONDS:
        raise TradeRefused("promise over")
    if currency != trade["currency"]:
        raise TradeRefused("wrong")
    so_far = amount + sum(one["amount"] for one in made)
    if so_far > trade["facts"]["asked"]:
        raise TradeRefused("promise too small")
    is_final = said.get("final_capture", False) is True
    capture = {
        "id": _capture_id(trade, len(made) + 1),
        "amount": amount,
        "refunded": 0,
        "invoice_id": number,
        "asked": asked,
        "is_final": is_final,
    }
    facts = {**trade["facts"], "captures": [*made, capture]}
    is_over = is_final or so_far == trade["facts"]["asked"]
    provider.store.change("trades", trade["id"], facts=facts, amount=so_far)
    trade = trades.trade_take(
        provider, trade, status="paid" if is_over else "approved", capture=capture["id"]
    )
    return 201, _capture(trade, capture)


def authorization_void(
    provider: Provider, request: Request, body: str
) -> tuple[int, dict[str, Any]]:
    trade, _round = _promised(provider, request.path_params["id"])
    if trade["status"] == "paid":
        raise TradeRefused("promise taken")
    provider.store.change("trades", trade["id"], status="closed")
    return 200, {"id": request.path_params["id"], "status": "VOIDED"}


def authorization_again(
    provider: Provider, request: Request, body: str
) -> tuple[int, dict[str, Any]]:
    """A promise that is honoured no longer is given anew, once, under another id."""
    trade, number = _promised(provider, request.path_params["id"])
    if trade["status"] != "approved":
        raise TradeRefused("promise void")
    if number > 1 or trade["facts"]["promised_at"] >= time.time() - HONOURED_SECONDS:
        raise TradeRefused("promise stands")
    trade = _promise(provider, trade)
    return 201, _authorization(trade)


def _intent(trade: Row) -> str:
    return trade["facts"].get("intent", "CAPTURE")


def _promise(provider: Provider, trade: Row) -> Row:
    facts = trade["facts"]
    facts = {**facts, "promised_at": time.time(), "promise": facts.get("promise", 0) + 1}
    return provider.store.change("trades", trade["id"], facts=facts)


def _promised(provider: Provider, authorization: str) -> tuple[Row, int]:
    number, _letter, promise = authorization.rpartition("A")
    trade = trades.trade_get(provider, WALLET, number)
    if trade["facts"].get("promise", 0) != int(promise or 0):
        raise TradeRefused("unknown")
    return trade, int(promise)


def _authorization(trade: Row) -> dict[str, Any]:
    facts = trade["facts"]
    is_begun = "PARTIALLY_CAPTURED" if facts.get("captures") else "CREATED"
    status = {"paid": "CAPTURED", "closed": "VOIDED"}.get(trade["status"], is_begun)
    begun = dt.datetime.fromtimestamp(facts["promised_at"], dt.UTC)
    return {
        "id": f"{trade['id']}A{facts['promise']}",
        "status": status,
        "amount": _amount(facts["asked"], trade["currency"]),
        "custom_id": facts["custom_id"],
        "create_time": begun.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "expiration_time": (begun + VALID).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def refund(provider: Provider, request: Request, body: str) -> tuple[int, dict[str, Any]]:
    capture_id = request.path_params["id"]
    trade = trades.trade_get(provider, WALLET, capture_id.partition("C")[0])
    capture = next((one for one in captures_of(trade) if one["id"] == capture_id), None)
    if capture is None:
        raise TradeRefused("unknown")
    said = json.loads(body)
    amount, currency = _minor(said["amount"])
    if currency != trade["currency"]:
        raise TradeRefused("wrong")
    key = request.headers.get("paypal-request-id", "") or secrets.token_hex(16)
    if (
        trades.refund_find(provider, trade, key) is None
        and capture["refunded"] + amount > capture["amount"]
    ):
        raise TradeRefused("too much")
    facts = {"invoice_id": said.get("invoice_id", ""), "capture": capture_id}
    made, is_new = trades.trade_refund(provider, trade, key=key, amount=amount, facts=facts)
    if is_new and "captures" in trade["facts"]:
        capture["refunded"] += amount
        others = [capture if one["id"] == capture_id else one for one in captures_of(trade)]
        facts = {**trade["facts"], "captures": others}
        provider.store.change("trades", trade["id"], facts=facts)
    return 201, _refund(provider, trade, made)


def verify(provider: Provider, request: Request, body: str) -> tuple[int, dict[str, Any]]:
    """Whether a message is ours. Its checksum is over the text as it was sent."""
    keys, said = provider.config.wallets[WALLET], json.loads(body)
    event = body.partition('"webhook_event":')[2].strip()[:-1]
    text = _signed_text(
        said["transmission_id"], said["transmission_time"], said["webhook_id"], event.encode()
    )
    is_ours = said["webhook_id"] == keys["webhook_id"] and said["auth_algo"] == "SHA256withRSA"
    is_genuine = is_ours and is_signed(text, said["transmission_sig"], keys["public_key"])
    return 200, {"verification_status": "SUCCESS" if is_genuine else "FAILURE"}


def _signed_text(key: str, at: str, webhook: str, event: bytes) -> str:
    return f"{key}|{at}|{webhook}|{zlib.crc32(event)}"


def _minor(amount: Row) -> tuple[int, str]:
    currency = amount["currency_code"]
    units = Decimal(amount["value"]).scaleb(digits(currency.lower()))
    if units != units.to_integral_value() or units <= 0 or len(currency) != 3:
        raise TradeRefused("wrong")
    return int(units), currency


def _amount(units: int, currency: str) -> dict[str, str]:
    places = digits(currency.lower())
    return {"currency_code": currency, "value": f"{Decimal(units).scaleb(-places):.{places}f}"}


def _capture_id(trade: Row, number: int = 1) -> str:
    return f"{trade['id']}C{number if number > 1 else ''}"


def captures_of(trade: Row) -> list[Row]:
    """What was taken, in order; of an order that is captured at once it is one capture of all."""
    if not trade["paid_at"] or "captures" in trade["facts"]:
        return [dict(one) for one in trade["facts"].get("captures", [])]
    whole = {"id": _capture_id(trade), "amount": trade["amount"], "refunded": trade["refunded"]}
    return [{**whole, "invoice_id": "", "asked": "", "is_final": True}]


def _order(provider: Provider, trade: Row) -> dict[str, Any]:
    unit: dict[str, Any] = {
        "reference_id": "default",
        "custom_id": trade["facts"]["custom_id"],
        "description": trade["title"],
        "amount": _amount(trade["facts"].get("asked", trade["amount"]), trade["currency"]),
    }
    payments: dict[str, Any] = {}
    if trade["facts"].get("promised_at"):
        payments["authorizations"] = [_authorization(trade)]
    if trade["paid_at"]:
        made = [_refund(provider, trade, one) for one in trades.refunds_of(provider, trade)]
        taken = [_capture(trade, one) for one in captures_of(trade)]
        payments |= {"captures": taken} | ({"refunds": made} if made else {})
    if payments:
        unit["payments"] = payments
    links = []
    if trade["status"] == "open":
        links = [
            {"rel": "payer-action", "href": trades.trade_address(provider, trade), "method": "GET"}
        ]
    moved = dt.datetime.fromtimestamp(trade["facts"].get("moved_at", trade["created"]), dt.UTC)
    return {
        "id": trade["id"],
        "update_time": moved.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "intent": _intent(trade),
        "status": "COMPLETED" if "authorizations" in payments else STATES[trade["status"]],
        "purchase_units": [unit],
        "links": links,
    }


def _capture(trade: Row, capture: Row, more: int = 0) -> dict[str, Any]:
    left = capture["amount"] - capture["refunded"]
    went_back = "REFUNDED" if not left else "PARTIALLY_REFUNDED"
    return {
        "id": capture["id"],
        "status": went_back if capture["refunded"] else "COMPLETED",
        "amount": _amount(capture["amount"] + more, trade["currency"]),
        "custom_id": trade["facts"]["custom_id"],
        "invoice_id": capture["invoice_id"],
        "final_capture": capture["is_final"],
    }


def _refund(provider: Provider, trade: Row, made: Row) -> dict[str, Any]:
    capture = made["facts"].get("capture") or _capture_id(trade)
    address = f"{provider.config.base_url}/paypal/v2/payments/captures/{capture}"
    return {
        "id": made["id"],
        "status": "COMPLETED",
        "amount": _amount(made["amount"], trade["currency"]),
        "invoice_id": made["facts"].get("invoice_id", ""),
        "custom_id": trade["facts"]["custom_id"],
        "links": [{"rel": "up", "href": address, "method": "GET"}],
    }


def _told_of(trade: Row, event: Row) -> Row:
    made = captures_of(trade)
    return next((one for one in made if one["id"] == event["object"].get("capture")), made[-1])


def notice(provider: Provider, event: Row, tamper: str | None) -> Message:
    """A webhook, signed over its checksum; whoever gets it asks us whether it is ours."""
    keys = provider.config.wallets[WALLET]
    trade = provider.store.get("trades", event["object"]["trade"])
    kind = event["type"].partition(".")[2]
    more = int(tamper == "wrong_amount")
    said = {
        "id": f"WH-{event['id']}",
        "event_version": "1.0",
        "resource_version": "2.0",
        "event_type": kind,
        "resource": _order(provider, trade)
        if "CAPTURE" not in kind
        else _capture(trade, _told_of(trade, event), more),
    }
    body = json.dumps(said)
    at = dt.datetime.now(dt.UTC)
    at += {"stale": -SKEW, "future": SKEW}.get(tamper or "", dt.timedelta())
    headers = {
        "Content-Type": "application/json",
        "Paypal-Transmission-Id": secrets.token_hex(16),
        "Paypal-Transmission-Time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Paypal-Auth-Algo": "SHA256withRSA",
        "Paypal-Cert-Url": f"{provider.config.base_url}/paypal/certificate",
    }
    text = _signed_text(
        headers["Paypal-Transmission-Id"],
        headers["Paypal-Transmission-Time"],
        "somebody else's" if tamper == "bad_signature" else keys["webhook_id"],
        body.encode(),
    )
    headers["Paypal-Transmission-Sig"] = sign(text, keys["key"])
    if tamper == "altered":
        body += " "
    return Message(url=provider.config.paypal_webhook_url, body=body.encode(), headers=headers)
