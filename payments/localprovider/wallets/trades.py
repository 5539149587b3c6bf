"""How money moves in a wallet. Amounts are in the smallest unit; runs in the caller's transaction."""

import time
from typing import Any

from payments.localprovider.core import Provider
from payments.localprovider.events import emit
from payments.localprovider.store import Row

LIFE = 2 * 3600  # seconds; WeChat's longest


class TradeRefused(Exception):
    """The wallet says no; ``code`` says why, and each protocol has its own word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def trade_find(provider: Provider, wallet: str, number: str) -> Row | None:
    """The trade with the merchant's number or the wallet's own, closed if its time is over."""
    trade = provider.store.first(
        "SELECT * FROM trades WHERE wallet = ? AND (number = ? OR id = ?)", wallet, number, number
    )
    return _due(provider, trade) if trade else None


def trade_get(provider: Provider, wallet: str, number: str) -> Row:
    """Raises ``TradeRefused`` for one that does not exist."""
    trade = trade_find(provider, wallet, number)
    if trade is None:
        raise TradeRefused("unknown")
    return trade


def trade_open(
    provider: Provider, wallet: str, number: str, *, amount: int, currency: str, **facts: Any
) -> Row:
    """The open trade with this number: a new one, or the same again with the same amount."""
    trade = trade_find(provider, wallet, number)
    if trade is None:
        known = {"expires_at": time.time() + LIFE, "facts": {}, "title": ""}
        return provider.store.add(
            "trades",
            wallet=wallet,
            number=number,
            amount=amount,
            currency=currency,
            **known | facts,
        )
    if trade["status"] == "closed":
        raise TradeRefused("closed")
    if trade["status"] == "paid":
        raise TradeRefused("paid")
    if (trade["amount"], trade["currency"]) != (amount, currency):
        raise TradeRefused("other")
    return trade


def _due(provider: Provider, trade: Row) -> Row:
    if trade["status"] == "open" and trade["expires_at"] <= time.time():
        return provider.store.change("trades", trade["id"], status="closed")
    return trade


def trade_agree(provider: Provider, trade: Row, *, is_refused: bool = False) -> Row:
    """The payer says yes. PayPal's shop still has to take the money; the others have it.

    ``is_refused``: of PayPal's, with a card that will not pay when the shop takes it.
    """
    trade = _due(provider, trade)
    if trade["status"] != "open":
        return trade
    if trade["wallet"] == "paypal":
        facts = {**moved_on(trade), "is_refused": is_refused}
        trade = provider.store.change("trades", trade["id"], status="approved", facts=facts)
        emit(provider, "paypal.CHECKOUT.ORDER.APPROVED", {"trade": trade["id"]})
        return trade
    return trade_take(provider, trade)


def trade_refuse(provider: Provider, trade: Row) -> Row:
    """Its payer's card does not pay: they are asked for another one."""
    facts = {**moved_on(trade), "is_refused": False}
    return provider.store.change("trades", trade["id"], status="open", facts=facts)


def moved_on(trade: Row) -> Row:
    """Its facts with the second at which it changed; no two changes have the same."""
    facts = trade["facts"]
    return {**facts, "moved_at": max(int(time.time()), facts.get("moved_at", 0) + 1)}


def trade_take(provider: Provider, trade: Row, *, status: str = "paid", capture: str = "") -> Row:
    """The money changes hands; of PayPal's perhaps a part of it, by one ``capture``."""
    trade = provider.store.change("trades", trade["id"], status=status, paid_at=int(time.time()))
    kinds = {"alipay": "trade", "wechat": "TRANSACTION.SUCCESS"}
    kind = kinds.get(trade["wallet"], "PAYMENT.CAPTURE.COMPLETED")
    told = {"capture": capture} if capture else {}
    emit(provider, f"{trade['wallet']}.{kind}", {"trade": trade["id"], **told})
    return trade


def trade_address(provider: Provider, trade: Row) -> str:
    """The page on which its payer says yes."""
    return f"{provider.config.base_url}/wallet/{trade['id']}"


def trade_close(provider: Provider, trade: Row) -> Row:
    if trade["status"] == "paid":
        raise TradeRefused("paid")
    return provider.store.change("trades", trade["id"], status="closed")


def refund_find(provider: Provider, trade: Row, key: str) -> Row | None:
    return provider.store.first(
        "SELECT * FROM trade_refunds WHERE trade = ? AND key = ?", trade["id"], key
    )


def refunds_of(provider: Provider, trade: Row) -> list[Row]:
    return provider.store.all(
        "SELECT * FROM trade_refunds WHERE trade = ? ORDER BY seq", trade["id"]
    )


def trade_refund(
    provider: Provider, trade: Row, *, key: str, amount: int, facts: Row | None = None
) -> tuple[Row, bool]:
    """Send ``amount`` back once per ``key``; the flag says whether money moved now."""
    known = refund_find(provider, trade, key)
    if known:
        if known["amount"] != amount:
            raise TradeRefused("other")
        return known, False
    if not trade["paid_at"]:
        raise TradeRefused("unpaid")
    if trade["refunded"] + amount > trade["amount"]:
        raise TradeRefused("too much")
    provider.store.change("trades", trade["id"], refunded=trade["refunded"] + amount)
    refund = provider.store.add(
        "trade_refunds", trade=trade["id"], key=key, amount=amount, facts=facts or {}
    )
    return refund, True
