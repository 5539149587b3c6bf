"""Alipay's open gateway: one address, RSA2 both ways.

Source: opendocs.alipay.com/open, alipay.trade.page.pay and the calls around it.
"""

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from payments.localprovider.core import Provider
from payments.localprovider.message import Message
from payments.localprovider.store import Row
from payments.localprovider.wallets import trades
from payments.localprovider.wallets.crypto import is_signed, sign
from payments.localprovider.wallets.trades import TradeRefused

WALLET = "alipay"
BEIJING = ZoneInfo("Asia/Shanghai")
SKEW = dt.timedelta(
    hours=48
)  # how far off a stale or future message is; Alipay resends for 25 hours
PAGES = {"alipay.trade.page.pay", "alipay.trade.wap.pay"}
CODES = {
    "unknown": "ACQ.TRADE_NOT_EXIST",
    "closed": "ACQ.TRADE_HAS_CLOSE",
    "paid": "ACQ.TRADE_HAS_SUCCESS",
    "other": "ACQ.CONTEXT_INCONSISTENT",
    "unpaid": "ACQ.TRADE_STATUS_ERROR",
    "too much": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
}


def params_of(request: Request, body: str) -> dict[str, str]:
    return dict(parse_qsl(f"{request.url.query}&{body}", keep_blank_values=True))


def operation(request: Request, body: str) -> str:
    return params_of(request, body).get("method", "alipay")


def gateway(provider: Provider, request: Request, body: str) -> Response:
    params = params_of(request, body)
    keys = provider.config.wallets[WALLET]
    method = params.get("method", "")
    signature = params.pop("sign", "")
    if params.get("app_id") != keys["app_id"]:
        return _failed(provider, method, "40002", "isv.invalid-app-id")
    if not is_signed(_joined(params), signature, keys["app_public_key"]):
        return _failed(provider, method, "40002", "isv.invalid-signature")
    try:
        content = json.loads(params.get("biz_content", ""))
        if method in PAGES:
            return _cashier(provider, params, content)
        answer = CALLS[method](provider, content)
    except TradeRefused as refusal:
        return _failed(provider, method, "40004", CODES[refusal.code])
    except (KeyError, ValueError, TypeError, InvalidOperation):
        return _failed(provider, method, "40002", "isv.invalid-parameter")
    return _answer(provider, method, {"code": "10000", "msg": "Success", **answer})


def _joined(params: dict[str, str]) -> str:
    return "&".join(f"{name}={text}" for name, text in sorted(params.items()) if text)


def _answer(provider: Provider, method: str, answer: dict[str, Any]) -> Response:
    name = f"{method.replace('.', '_')}_response"
    said = json.dumps(answer, separators=(",", ":"))
    signature = sign(said, provider.config.wallets[WALLET]["key"])
    text = f'{{"{name}":{said},"sign":"{signature}"}}'
    return Response(text, media_type="text/html;charset=utf-8")


def _failed(provider: Provider, method: str, code: str, sub_code: str) -> Response:
    says = {"40002": "Invalid Arguments", "40004": "Business Failed"}[code]
    answer = {"code": code, "msg": says, "sub_code": sub_code, "sub_msg": sub_code}
    return _answer(provider, method or "error", answer)


def _minor(text: Any) -> int:
    units = Decimal(str(text)) * 100
    if units != units.to_integral_value() or units <= 0:
        raise ValueError(text)
    return int(units)


def _major(units: int) -> str:
    return f"{Decimal(units) / 100:.2f}"


def _time(moment: float) -> str:
    return dt.datetime.fromtimestamp(moment, BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def _cashier(provider: Provider, params: dict[str, str], content: Row) -> Response:
    ends = dt.datetime.strptime(content["time_expire"] + "+0800", "%Y-%m-%d %H:%M:%S%z")
    trade = trades.trade_find(provider, WALLET, content["out_trade_no"])
    if trade is None or trade["status"] == "open":
        trade = trades.trade_open(
            provider,
            WALLET,
            content["out_trade_no"],
            amount=_minor(content["total_amount"]),
            currency="CNY",
            title=content["subject"][:256],
            expires_at=ends.timestamp(),
            return_url=params.get("return_url", ""),
            notify_url=params.get("notify_url", ""),
        )
    return RedirectResponse(trades.trade_address(provider, trade), status_code=303)


def _query(provider: Provider, content: Row) -> dict[str, Any]:
    trade = trades.trade_get(provider, WALLET, content["out_trade_no"])
    answer = {
        "trade_no": trade["id"],
        "out_trade_no": trade["number"],
        "trade_status": _status(trade),
        "total_amount": _major(trade["amount"]),
        "buyer_logon_id": "bue***@example.com",
    }
    return answer | ({"send_pay_date": _time(trade["paid_at"])} if trade["paid_at"] else {})


def _status(trade: Row) -> str:
    """Alipay calls a trade closed too when all of its money went back."""
    if trade["status"] == "paid":
        return "TRADE_CLOSED" if trade["refunded"] == trade["amount"] else "TRADE_SUCCESS"
    return "TRADE_CLOSED" if trade["status"] == "closed" else "WAIT_BUYER_PAY"


def _close(provider: Provider, content: Row) -> dict[str, Any]:
    trade = trades.trade_get(provider, WALLET, content["out_trade_no"])
    if trade["status"] == "paid":
        raise TradeRefused("unpaid")  # ACQ.TRADE_STATUS_ERROR: not in a state to be closed
    trades.trade_close(provider, trade)
    return {"trade_no": trade["id"], "out_trade_no": trade["number"]}


def _refund(provider: Provider, content: Row) -> dict[str, Any]:
    trade = trades.trade_get(provider, WALLET, content["out_trade_no"])
    _, moved = trades.trade_refund(
        provider,
        trade,
        key=content.get("out_request_no") or content["out_trade_no"],
        amount=_minor(content["refund_amount"]),
    )
    trade = trades.trade_get(provider, WALLET, trade["number"])
    return {
        "trade_no": trade["id"],
        "out_trade_no": trade["number"],
        "fund_change": "Y" if moved else "N",
        "refund_fee": _major(trade["refunded"]),
    }


def _refund_query(provider: Provider, content: Row) -> dict[str, Any]:
    trade = trades.trade_get(provider, WALLET, content["out_trade_no"])
    refund = trades.refund_find(provider, trade, content["out_request_no"])
    if refund is None:
        return {}
    return {
        "trade_no": trade["id"],
        "out_trade_no": trade["number"],
        "out_request_no": refund["key"],
        "refund_status": "REFUND_SUCCESS",
        "refund_amount": _major(refund["amount"]),
        "total_amount": _major(trade["amount"]),
    }


CALLS = {
    "alipay.trade.query": _query,
    "alipay.trade.close": _close,
    "alipay.trade.refund": _refund,
    "alipay.trade.fastpay.refund.query": _refund_query,
}


def notice(provider: Provider, event: Row, tamper: str | None) -> Message:
    """The asynchronous notice: a signed form; the shop answers with the text "success"."""
    keys = provider.config.wallets[WALLET]
    trade = provider.store.get("trades", event["object"]["trade"])
    at = dt.datetime.now(BEIJING)
    at += {"stale": -SKEW, "future": SKEW}.get(tamper or "", dt.timedelta())
    fields = {
        "notify_id": event["id"],
        "notify_type": "trade_status_sync",
        "notify_time": at.strftime("%Y-%m-%d %H:%M:%S"),
        "charset": "utf-8",
        "version": "1.0",
        "app_id": keys["app_id"],
        "trade_no": trade["id"],
        "out_trade_no": trade["number"],
        "trade_status": "TRADE_SUCCESS",
        "total_amount": _major(trade["amount"] + (tamper == "wrong_amount")),
        "subject": trade["title"],
    }
    key = keys["key"]
    if tamper == "bad_signature":
        signed = sign("something else", key)
    else:
        signed = sign(_joined(fields), key)
    if tamper == "altered":
        fields["total_amount"] = _major(trade["amount"] + 1)
    body = urlencode({**fields, "sign": signed, "sign_type": "RSA2"})
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return Message(url=trade["notify_url"], body=body.encode(), headers=headers)
