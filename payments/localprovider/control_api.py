"""``/_control``: break things on purpose, look behind the counter. Loopback only."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from payments.localprovider import engine
from payments.localprovider.api.lists import row_get
from payments.localprovider.api.settlement import settlement_csv
from payments.localprovider.cards import CARDS
from payments.localprovider.config import is_loopback
from payments.localprovider.core import Provider
from payments.localprovider.errors import ApiError, InvalidRequest, NotFound
from payments.localprovider.faults import TAMPERS, fault_add, faults_clear
from payments.localprovider.http import Endpoint, body_read, key_check, with_faults
from payments.localprovider.shapes import charge_shape, intent_shape, session_shape
from payments.localprovider.wallets.control import WALLET_PAY, trade_age, trade_list, trade_pay
from payments.localprovider.wallets.settlement import FEES, wallet_settlement_csv
from payments.localprovider.webhooks import event_resend, message_build

Body = dict[str, Any]
Action = Callable[[Provider, Body, Mapping[str, str]], Any]
PAY_OPERATION = "checkout.sessions.pay"


def _control(provider: Provider, action: Action, operation: str | None = None) -> Endpoint:
    """A control endpoint; only those with an ``operation`` are subject to faults."""

    def run(body: Body, request: Request) -> Response:
        with provider.store.transaction():
            return JSONResponse(action(provider, body, request.path_params))

    async def endpoint(request: Request) -> Response:
        try:
            if request.client is None or not is_loopback(request.client.host):
                raise ApiError(403, "invalid_request_error", "Only from this machine.")
            key_check(provider, request)
            body = _body(await body_read(request))
            if operation is None:
                return run(body, request)
            return await with_faults(provider, operation, lambda: run(body, request))
        except ApiError as error:
            return JSONResponse(error.body, status_code=error.status)

    return endpoint


def _body(text: str) -> Body:
    try:
        body = json.loads(text or "{}")
    except ValueError as error:
        raise InvalidRequest("The body is not JSON.") from error
    if not isinstance(body, dict):
        raise InvalidRequest("The body is not a JSON object.")
    return body


def _fault_set(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    known = {"kind", "target", "times", "args"}
    if set(body) - known or not isinstance(body.get("args", {}), dict):
        raise InvalidRequest(f"A fault takes {', '.join(sorted(known))}.")
    return fault_add(
        provider.store,
        kind=str(body.get("kind", "")),
        target=str(body.get("target", "*")),
        times=body.get("times", 1),
        args=body.get("args", {}),
    )


def _fault_list(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    return provider.store.faults()


def _fault_clear(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    return {"cleared": faults_clear(provider.store)}


def _charge_list(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    """Every charge, oldest first, with the session it belongs to."""
    return [
        {
            **charge_shape(provider, row),
            "released": bool(row["released"]),
            "session": session["id"] if session else None,
            "client_reference_id": session["client_reference_id"] if session else None,
        }
        for row in provider.store.all("SELECT * FROM charges ORDER BY seq")
        for session in [engine.session_of(provider, row["intent"])]
    ]


def _delivery_list(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    return provider.store.all(
        "SELECT d.*, e.type FROM deliveries d JOIN events e ON e.id = d.event ORDER BY d.seq"
    )


def _session_pay(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    outcome = str(body.get("outcome", "pay"))
    if outcome not in CARDS:
        raise InvalidRequest(f"outcome is one of {', '.join(CARDS)}.", param="outcome")
    session = row_get(provider, "sessions", "checkout.session", path["id"])
    return session_shape(provider, engine.session_pay(provider, session, outcome=outcome))


def _session_deadline(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    seconds = body.get("in_seconds")
    if not isinstance(seconds, int | float) or not 0 <= seconds <= 86_400:
        raise InvalidRequest("in_seconds lies between 0 and 86400.", param="in_seconds")
    session = row_get(provider, "sessions", "checkout.session", path["id"])
    session = provider.store.change("sessions", session["id"], expires_at=time.time() + seconds)
    provider.wake.set()
    return session_shape(provider, session)


def _intent_authenticate(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    intent = row_get(provider, "intents", "payment_intent", path["id"])
    approved = body.get("approved", True) is True
    return intent_shape(provider, engine.intent_authenticate(provider, intent, approved=approved))


def _intent_settle(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    intent = row_get(provider, "intents", "payment_intent", path["id"])
    succeeded = body.get("succeeded", True) is True
    return intent_shape(provider, engine.intent_settle(provider, intent, succeeded=succeeded))


def _event_resend(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    if not provider.config.webhook_url:
        raise InvalidRequest("This provider was started without --webhook-url.")
    row_get(provider, "events", "event", path["id"])
    count = body.get("count", 1)
    if not isinstance(count, int) or not 1 <= count <= 1000:
        raise InvalidRequest("count lies between 1 and 1000.", param="count")
    try:
        event_resend(provider, path["id"], count=count, tamper=body.get("tamper"))
    except ValueError as error:
        raise InvalidRequest(str(error), param="tamper") from error
    return {"queued": count}


def _event_list(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    return provider.store.all("SELECT id, type, created FROM events ORDER BY seq")


def _event_message(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    """A delivery as it would go out now, to be carried by hand; ``tamper`` spoils it."""
    event = row_get(provider, "events", "event", path["id"])
    tamper = body.get("tamper")
    if tamper is not None and tamper not in TAMPERS:
        raise InvalidRequest(f"tamper is one of {', '.join(TAMPERS)}.", param="tamper")
    message = message_build(provider, event, tamper)
    return {"url": message.url, "body": message.body.decode(), "headers": message.headers}


def _settlement(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    wallet = path.get("wallet", "")
    if wallet and wallet not in FEES:
        raise NotFound("wallet", wallet)
    return {"csv": wallet_settlement_csv(provider, wallet) if wallet else settlement_csv(provider)}


def _reset(provider: Provider, body: Body, path: Mapping[str, str]) -> Any:
    provider.store.clear()
    return {"reset": True}


def control_routes(provider: Provider) -> list[Route]:
    """The routes, to be mounted under ``/_control``."""
    table: list[tuple[str, str, Action, str | None]] = [
        ("GET", "/faults", _fault_list, None),
        ("POST", "/faults", _fault_set, None),
        ("DELETE", "/faults", _fault_clear, None),
        ("GET", "/charges", _charge_list, None),
        ("GET", "/deliveries", _delivery_list, None),
        ("POST", "/sessions/{id}/pay", _session_pay, PAY_OPERATION),
        ("POST", "/sessions/{id}/deadline", _session_deadline, None),
        ("POST", "/payment_intents/{id}/authenticate", _intent_authenticate, None),
        ("POST", "/payment_intents/{id}/settle", _intent_settle, None),
        ("GET", "/events", _event_list, None),
        ("POST", "/events/{id}/message", _event_message, None),
        ("POST", "/events/{id}/resend", _event_resend, None),
        ("GET", "/trades", trade_list, None),
        ("POST", "/trades/{id}/pay", trade_pay, WALLET_PAY),
        ("POST", "/trades/{id}/age", trade_age, None),
        ("GET", "/settlement", _settlement, None),
        ("GET", "/settlement/{wallet}", _settlement, None),
        ("POST", "/reset", _reset, None),
    ]
    return [
        Route(address, _control(provider, action, operation), methods=[method])
        for method, address, action, operation in table
    ]
