"""Stripe's lists: newest first, with cursors and a time filter."""

from collections.abc import Sequence
from typing import Any

from payments.localprovider import params as read
from payments.localprovider.core import Provider
from payments.localprovider.errors import NotFound
from payments.localprovider.params import Params
from payments.localprovider.shapes import Shape
from payments.localprovider.store import Row

# What a wallet has to tell is in the same table and no event of Stripe's.
OURS = "substr(type, 1, 7) NOT IN ('alipay.', 'wechat.', 'paypal.')"
_COMPARE = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def row_get(provider: Provider, table: str, noun: str, key: str, *, param: str = "id") -> Row:
    """The row ``key``. Raises ``NotFound`` in Stripe's words."""
    try:
        return provider.store.get(table, key)
    except KeyError as error:
        raise NotFound(noun, key, param=param) from error


def page(
    provider: Provider,
    params: Params,
    *,
    table: str,
    url: str,
    shape: Shape,
    filters: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:
    """One page of ``table``. ``filters`` pairs a parameter with the column it must equal."""
    limit = read.integer(params, "limit", low=1, high=100) or 10
    where, args = _conditions(provider, params, table, filters)
    backwards = "ending_before" in params
    order = "ASC" if backwards else "DESC"
    rows = provider.store.all(
        f"SELECT * FROM {table} WHERE {' AND '.join(where)} ORDER BY seq {order} LIMIT ?",  # noqa: S608
        *args,
        limit + 1,
    )
    has_more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    return {
        "object": "list",
        "data": [shape(provider, row) for row in rows],
        "has_more": has_more,
        "url": url,
    }


def _conditions(
    provider: Provider, params: Params, table: str, filters: Sequence[tuple[str, str]]
) -> tuple[list[str], list[Any]]:
    where: list[str] = [OURS] if table == "events" else ["1"]
    args: list[Any] = []
    for name, column in filters:
        value = read.text(params, name)
        if value is not None:
            where.append(f"{column} = ?")
            args.append(value)
    for name, sign in (("starting_after", "<"), ("ending_before", ">")):
        cursor = read.text(params, name)
        if cursor is not None:
            where.append(f"seq {sign} ?")
            args.append(row_get(provider, table, table, cursor, param=name)["seq"])
    created = params.get("created")
    if isinstance(created, dict):
        for name, sign in _COMPARE.items():
            bound = read.integer(created, name, low=0, high=10**12)
            if bound is not None:
                where.append(f"created {sign} ?")
                args.append(bound)
    elif created is not None:
        where.append("created = ?")
        args.append(read.integer(params, "created", low=0, high=10**12))
    return where, args
