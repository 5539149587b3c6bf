"""The frame around every endpoint: key, parameters, idempotency, faults, answer."""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from payments.localprovider.config import API_VERSION
from payments.localprovider.core import Provider
from payments.localprovider.errors import ApiError, InvalidRequest
from payments.localprovider.faults import fault_take
from payments.localprovider.params import Params, params_parse
from payments.localprovider.shapes import expand
from payments.localprovider.store import Row

logger = logging.getLogger(__name__)

MAX_BODY = 1_000_000
MAX_HANG = 600.0
TRANSPORT = "localprovider.transport"

Handler = Callable[[Provider, Params, Mapping[str, str]], dict[str, Any]]
Endpoint = Callable[[Request], Awaitable[Response]]


class TransportExposed:
    """Outermost wrapper: lets a fault cut the connection, which ASGI has no word for.

    uvicorn's ``send`` is a method of the object that holds the transport.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cycle = getattr(send, "__self__", None)
        await self.app({**scope, TRANSPORT: getattr(cycle, "transport", None)}, receive, send)


class DroppedResponse(Response):
    """No answer at all: the connection is closed without a byte."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope[TRANSPORT].abort()
        await asyncio.sleep(0)  # lets the server notice before it wonders about the answer


class HungResponse(Response):
    """No answer until the caller gives up."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(MAX_HANG):
                while (await receive())["type"] != "http.disconnect":
                    continue
        except (TimeoutError, asyncio.CancelledError):  # cancelled: the provider is stopping
            scope[TRANSPORT].abort()
            await asyncio.sleep(0)


async def body_read(request: Request) -> str:
    """The body as text. Raises ``InvalidRequest`` above one megabyte."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise InvalidRequest("The request is too large.")
        chunks.append(chunk)
    return b"".join(chunks).decode("utf-8", "replace")


def key_check(provider: Provider, request: Request) -> None:
    """Raise (401) unless the request carries the secret key, as Bearer or as Basic user name."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            value = base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            value = ""
    if not value:
        raise ApiError(
            401, "invalid_request_error", "You did not provide an API key in the request."
        )
    expected = provider.config.secret_key
    if not hmac.compare_digest(value.encode(), expected.encode()):
        raise ApiError(401, "invalid_request_error", f"Invalid API Key provided: {value[:8]}***")


def api(provider: Provider, operation: str, handler: Handler) -> Endpoint:
    """An endpoint under ``/v1`` that runs ``handler`` in one transaction."""

    async def endpoint(request: Request) -> Response:
        try:
            key_check(provider, request)
            body = await body_read(request)
            params = params_parse(body or request.url.query)
            return await with_faults(
                provider, operation, lambda: _answer(provider, request, params, handler)
            )
        except ApiError as error:
            return _json(request, error.status, error.body)

    return endpoint


async def with_faults(
    provider: Provider, operation: str, effect: Callable[[], Response]
) -> Response:
    """Run ``effect`` with whatever fault is armed for ``operation``."""
    if provider.store.is_calm:
        return effect()
    with provider.store.transaction():
        fault = fault_take(provider.store, operation)
    if fault is None:
        return effect()
    kind, args = fault["kind"], fault["args"]
    response = effect() if args["effect"] else None
    if kind in {"drop", "refuse"}:
        return DroppedResponse()
    if kind == "hang":
        return HungResponse()
    if kind == "delay":
        await asyncio.sleep(args["ms"] / 1000)
        return response if response is not None else effect()
    return _fault_answer(int(args["status"]))


def _fault_answer(status: int) -> Response:
    kind, code = ("invalid_request_error", "rate_limit") if status == 429 else ("api_error", None)
    error = ApiError(status, kind, "A fault was asked for through /_control.", code=code)
    return JSONResponse(error.body, status_code=status, headers={"Request-Id": _request_id()})


def _answer(provider: Provider, request: Request, params: Params, handler: Handler) -> Response:
    key = request.headers.get("idempotency-key", "") if request.method == "POST" else ""
    if len(key) > 255:
        raise InvalidRequest("The idempotency key is longer than 255 characters.")
    fingerprint = _fingerprint(request, params)
    with provider.store.transaction():
        kept = provider.store.answer_find(key) if key else None
        if kept:
            return _replay(request, kept, fingerprint)
        try:
            status, body = 200, _handle(provider, request, params, handler)
        except ApiError as error:
            if not error.keeps_effect:
                raise
            status, body = error.status, error.body
        if key:
            provider.store.answer_keep(key, fingerprint, status, body)
    return _json(request, status, body)


def _handle(
    provider: Provider, request: Request, params: Params, handler: Handler
) -> dict[str, Any]:
    wanted = params.pop("expand", [])
    if not isinstance(wanted, list):
        raise InvalidRequest("Invalid array", param="expand")
    return expand(provider, handler(provider, params, request.path_params), wanted)


def _replay(request: Request, kept: Row, fingerprint: str) -> Response:
    if kept["fingerprint"] != fingerprint:
        raise ApiError(
            400,
            "idempotency_error",
            "Keys for idempotent requests can only be used with the same parameters they were "
            f"first used with. Try using a key other than '{kept['key']}' if you meant to "
            "execute a different request.",
        )
    return _json(request, kept["status"], kept["body"], {"Idempotent-Replayed": "true"})


def _fingerprint(request: Request, params: Params) -> str:
    text = json.dumps([request.method, request.url.path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _request_id() -> str:
    return f"req_{secrets.token_hex(8)}"


def _json(
    request: Request, status: int, body: dict[str, Any], extra: Mapping[str, str] | None = None
) -> Response:
    headers = {
        "Request-Id": _request_id(),
        "Stripe-Version": request.headers.get("stripe-version", API_VERSION),
        **(extra or {}),
    }
    if key := request.headers.get("idempotency-key"):
        headers["Idempotency-Key"] = key
    return JSONResponse(body, status_code=status, headers=headers)


async def not_found(request: Request, _: Exception) -> Response:
    """An address this provider does not speak."""
    path = f"{request.method}: {request.url.path}"
    error = ApiError(404, "invalid_request_error", f"Unrecognized request URL ({path}).")
    return _json(request, error.status, error.body)
