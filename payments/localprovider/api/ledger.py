"""``/v1/events``, ``/v1/balance`` and ``/v1/balance_transactions``."""

from collections.abc import Mapping
from typing import Any

from payments.localprovider.api.lists import page, row_get
from payments.localprovider.core import Provider
from payments.localprovider.params import Params
from payments.localprovider.shapes import balance_transaction_shape, event_shape

MOVEMENTS = "balance_transactions"


def event_retrieve(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return event_shape(provider, row_get(provider, "events", "event", path["id"]))


def event_list(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return page(
        provider,
        params,
        table="events",
        url="/v1/events",
        shape=event_shape,
        filters=[("type", "type")],
    )


def movement_retrieve(
    provider: Provider, params: Params, path: Mapping[str, str]
) -> dict[str, Any]:
    row = row_get(provider, MOVEMENTS, "balance_transaction", path["id"])
    return balance_transaction_shape(provider, row)


def movement_list(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    return page(
        provider,
        params,
        table=MOVEMENTS,
        url="/v1/balance_transactions",
        shape=balance_transaction_shape,
        filters=[("type", "type"), ("source", "source"), ("currency", "currency")],
    )


def balance(provider: Provider, params: Params, path: Mapping[str, str]) -> dict[str, Any]:
    sums = provider.store.all(
        "SELECT currency, sum(amount) AS amount FROM balance_transactions"
        " GROUP BY currency ORDER BY currency"
    )
    available = [{"amount": row["amount"], "currency": row["currency"]} for row in sums]
    return {"object": "balance", "available": available, "livemode": False, "pending": []}
