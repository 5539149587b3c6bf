"""What ``/_control`` can do with wallets."""

from collections.abc import Mapping
from typing import Any

from payments.localprovider.core import Provider
from payments.localprovider.errors import NotFound
from payments.localprovider.store import Row
from payments.localprovider.wallets.trades import refunds_of, trade_agree

WALLET_PAY = "wallet.pay"


def trade_list(provider: Provider, body: Row, path: Mapping[str, str]) -> Any:
    return [
        {**trade, "refunds": refunds_of(provider, trade)}
        for trade in provider.store.all("SELECT * FROM trades ORDER BY seq")
    ]


def trade_pay(provider: Provider, body: Row, path: Mapping[str, str]) -> Any:
    trade = provider.store.first(
        "SELECT * FROM trades WHERE number = ? OR id = ?", path["id"], path["id"]
    )
    if trade is None:
        raise NotFound("trade", path["id"])
    return trade_agree(provider, trade, is_refused=body.get("is_refused") is True)


def trade_age(provider: Provider, body: dict[str, Any], path: Mapping[str, str]) -> Any:
    """A promise made today is tried again days later, and nobody can wait for that."""
    trade = provider.store.get("trades", path["id"])
    facts = dict(trade["facts"])
    if "promised_at" in facts:
        facts["promised_at"] -= float(body["days"]) * 24 * 3600
    return provider.store.change("trades", trade["id"], facts=facts)
