"""``/v1/checkout/sessions``."""

import time
from collections.abc import Mapping
from typing import Any

from payments.localprovider import engine
from payments.localprovider import params as read
from payments.localprovider.api.lists import page, row_get
from payments.localprovider.core import Provider
from payments.localprovider.errors import InvalidRequest
from payments.localprovider.params import MAX_AMOUNT, Params
from payments.localprovider.shapes import line_items_shape, session_shape
from payments.localprovider.store import Row

TABLE, NOUN = "sessions", "checkout.session"
MIN_LIFE, MAX_LIFE = 30 * 60, 24 * 3600  # seconds; Stripe's limits
CLOCK_SLACK = 5  # seconds between the shop's clock and ours, and the way here
MAX_LINES = 100


def create(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    read.choice(params, "mode", ["payment"], "payment")
    lines, currency = _lines(params)
    total = sum(line["unit_amount"] * line["quantity"] for line in lines)
    if not 0 < total <= MAX_AMOUNT:
        raise InvalidRequest(
            f"The total of a Checkout Session must lie between 1 and {MAX_AMOUNT}.",
            code="amount_too_small" if total <= 0 else "amount_too_large",
            param="line_items",
        )
    row = provider.store.add(
        TABLE,
        expires_at=_deadline(params),
        currency=currency,
        amount_total=total,
        client_reference_id=read.text(params, "client_reference_id", limit=200),
        customer_email=read.text(params, "customer_email", limit=800),
        locale=read.text(params, "locale", limit=12),
        success_url=read.address(params, "success_url", required=True),
        cancel_url=read.address(params, "cancel_url"),
        line_items=lines,
        intent_data=_intent_data(params) | {"multicapture": is_multicapture_asked(params)},
        metadata=read.metadata(params),
    )
    return session_shape(provider, row)


def _deadline(params: Params) -> int:
    now = int(time.time())
    wanted = read.integer(params, "expires_at", low=0, high=10**12)
    if wanted is None:
        return now + MAX_LIFE
    if not now + MIN_LIFE - CLOCK_SLACK <= wanted <= now + MAX_LIFE + CLOCK_SLACK:
        raise InvalidRequest(
            "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from "
            "Checkout Session creation.",
            param="expires_at",
        )
    return wanted


def _intent_data(params: Params) -> Row:
    data = read.mapping(params, "payment_intent_data")
    return {
        "capture_method": capture_method(data),
        "description": read.text(data, "description", limit=1000),
        "metadata": read.metadata(data),
    }


def capture_method(params: Params) -> str:
    """``automatic`` or ``manual``; Stripe's default ``automatic_async`` counts as automatic."""
    options = ["automatic", "automatic_async", "manual"]
    return read.choice(params, "capture_method", options, "automatic")


def is_multicapture_asked(params: Params) -> bool:
    card = read.mapping(read.mapping(params, "payment_method_options"), "card")
    options = ["if_available", "never"]
    return read.choice(card, "request_multicapture", options, "never") == "if_available"


def _lines(params: Params) -> tuple[list[Row], str]:
    raw = read.sequence(params, "line_items")
    if not raw:
        raise read.missing("line_items")
    if len(raw) > MAX_LINES:
        raise InvalidRequest(f"At most {MAX_LINES} line items.", param="line_items")
    lines, currencies = [], set()
    for index, item in enumerate(raw):
        if not isinstance(item, dict):
            raise InvalidRequest("Invalid object", param=f"line_items[{index}]")
        line, currency = _line(item, index)
        lines.append(line)
        currencies.add(currency)
    if len(currencies) > 1:
        raise InvalidRequest("All line items must have one currency.", param="line_items")
    return lines, currencies.pop()


def _line(item: Params, index: int) -> tuple[Row, str]:
    price = read.mapping(item, "price_data")
    where = f"line_items[{index}][price_data]"
    if not price:
        raise read.missing(where)
    product = read.mapping(price, "product_data")
    unit_amount = read.integer(price, "unit_amount", low=0, high=MAX_AMOUNT)
    if unit_amount is None:
        raise read.missing(f"{where}[unit_amount]")
    quantity = read.integer(item, "quantity", low=1, high=999_999)
    if quantity is None:
        raise read.missing(f"line_items[{index}][quantity]")
    images = [url for url in read.sequence(product, "images") if isinstance(url, str)]
    line = {
        "name": read.text(product, "name", required=True),
        "description": read.text(product, "description"),
        "image": next(filter(read.origin, images), None),
        "unit_amount": unit_amount,
        "quantity": quantity,
    }
    return line, read.currency(price)


def retrieve(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return session_shape(provider, row_get(provider, TABLE, NOUN, path["id"]))


def line_items(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return line_items_shape(row_get(provider, TABLE, NOUN, path["id"]))


def expire(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    session = row_get(provider, TABLE, NOUN, path["id"])
    return session_shape(provider, engine.session_expire(provider, session))


def listed(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return page(
        provider,
        params,
        table=TABLE,
        url="/v1/checkout/sessions",
        shape=session_shape,
        filters=[("payment_intent", "payment_intent"), ("status", "status")],
    )
