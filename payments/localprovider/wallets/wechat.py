"""WeChat Pay, API v3: signed requests, signed answers, encrypted notices.

Source: pay.weixin.qq.com/doc/v3/merchant, native and H5 orders, domestic refunds.
"""

import datetime as dt
import json
import re
import secrets
import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from payments.localprovider.core import Provider
from payments.localprovider.message import Message
from payments.localprovider.store import Row
from payments.localprovider.wallets import trades
from payments.localprovider.wallets.crypto import encrypt, is_signed, sign
from payments.localprovider.wallets.trades import TradeRefused

WALLET = "wechat"
MOUNT = "/wechat"  # not part of what is signed
BEIJING = ZoneInfo("Asia/Shanghai")
SCHEME = "WECHATPAY2-SHA256-RSA2048"
TOLERANCE = 300  # seconds
SKEW = 3600
JSON = "application/json; charset=utf-8"
_FIELD = re.compile(r'(\w+)="([^"]*)"')
_NUMBER = re.compile(r"[0-9A-Za-z_\-*]{6,32}")
REFUSALS = {
    "unknown": (404, "ORDER_NOT_EXIST"),
    "no refund": (404, "RESOURCE_NOT_EXISTS"),
    "closed": (400, "ORDER_CLOSED"),
    "paid": (400, "ORDERPAID"),
    "other": (400, "OUT_TRADE_NO_USED"),
    "unpaid": (400, "INVALID_REQUEST"),
    "too much": (400, "INVALID_REQUEST"),
    "wrong": (400, "PARAM_ERROR"),
    "signature": (401, "SIGN_ERROR"),
}
STATES = {"open": "NOTPAY", "closed": "CLOSED"}
Answer = Callable[[Provider, Request, Row], dict[str, Any] | None]


def call(answer: Answer) -> Callable[[Provider, Request, str], Response]:
    """An endpoint of API v3: checks the signature before, signs after."""

    def run(provider: Provider, request: Request, body: str) -> Response:
        try:
            if not _is_signed(provider, request, body):
                raise TradeRefused("signature")
            said = answer(provider, request, json.loads(body) if body else {})
        except TradeRefused as refusal:
            status, code = REFUSALS[refusal.code]
            return _signed(provider, {"code": code, "message": refusal.code}, status)
        except (KeyError, ValueError, TypeError):
            return _signed(provider, {"code": "PARAM_ERROR", "message": "参数错误"}, 400)
        return _signed(provider, said, 204 if said is None else 200)

    return run


def _is_signed(provider: Provider, request: Request, body: str) -> bool:
    keys = provider.config.wallets[WALLET]
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    said = dict(_FIELD.findall(rest))
    own = (said.get("mchid"), said.get("serial_no")) == (keys["mch_id"], keys["serial"])
    at = said.get("timestamp", "")
    if scheme != SCHEME or not own or not at.isdigit() or abs(int(at) - time.time()) > TOLERANCE:
        return False
    path = request.url.path.removeprefix(MOUNT)
    if request.url.query:
        path += f"?{request.url.query}"
    text = "".join(f"{part}\n" for part in (request.method, path, at, said["nonce_str"], body))
    return is_signed(text, said.get("signature", ""), keys["merchant_public_key"])


def _headers(provider: Provider, body: str, *, at: int, spoilt: bool = False) -> dict[str, str]:
    keys, nonce = provider.config.wallets[WALLET], secrets.token_hex(16)
    text = "something else" if spoilt else f"{at}\n{nonce}\n{body}\n"
    return {
        "Wechatpay-Timestamp": str(at),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": keys["key_id"],
        "Wechatpay-Signature": sign(text, keys["key"]),
        "Wechatpay-Signature-Type": SCHEME,
    }


def _signed(provider: Provider, said: dict[str, Any] | None, status: int) -> Response:
    text = "" if said is None else json.dumps(said, ensure_ascii=False)
    headers = _headers(provider, text, at=int(time.time()))
    return Response(text, status_code=status, headers=headers, media_type=JSON)


def _order(provider: Provider, said: Row) -> Row:
    keys = provider.config.wallets[WALLET]
    own = (said["mchid"], said["appid"]) == (keys["mch_id"], keys["app_id"])
    amount = said["amount"]
    if not own or amount["currency"] != "CNY" or type(amount["total"]) is not int:
        raise TradeRefused("wrong")
    if not _NUMBER.fullmatch(said["out_trade_no"]) or amount["total"] <= 0:
        raise TradeRefused("wrong")
    return trades.trade_open(
        provider,
        WALLET,
        said["out_trade_no"],
        amount=amount["total"],
        currency="CNY",
        title=said["description"][:127],
        expires_at=dt.datetime.fromisoformat(said["time_expire"]).timestamp(),
        notify_url=said["notify_url"],
    )


def native(provider: Provider, request: Request, said: Row) -> dict[str, Any]:
    """A code to scan. WeChat's begins with ``weixin://``; ours leads to the page that is the phone."""
    return {"code_url": trades.trade_address(provider, _order(provider, said))}


def h5(provider: Provider, request: Request, said: Row) -> dict[str, Any]:
    if not said["scene_info"]["payer_client_ip"] or not said["scene_info"]["h5_info"]["type"]:
        raise TradeRefused("wrong")
    return {"h5_url": f"{trades.trade_address(provider, _order(provider, said))}?h5=1"}


def query(provider: Provider, request: Request, said: Row) -> dict[str, Any]:
    keys = provider.config.wallets[WALLET]
    if request.query_params.get("mchid") != keys["mch_id"]:
        raise TradeRefused("wrong")
    trade = trades.trade_get(provider, WALLET, request.path_params["number"])
    return _transaction(provider, trade)


def _transaction(provider: Provider, trade: Row, more: int = 0) -> dict[str, Any]:
    keys = provider.config.wallets[WALLET]
    state = STATES.get(trade["status"]) or ("REFUND" if trade["refunded"] else "SUCCESS")
    told = {
        "mchid": keys["mch_id"],
        "appid": keys["app_id"],
        "out_trade_no": trade["number"],
        "trade_state": state,
        "trade_state_desc": state,
    }
    if trade["paid_at"]:
        total = trade["amount"] + more
        told |= {
            "transaction_id": trade["id"],
            "trade_type": "NATIVE",
            "success_time": _time(trade["paid_at"]),
            "amount": {"total": total, "payer_total": total, "currency": "CNY"},
        }
    return told


def close(provider: Provider, request: Request, said: Row) -> None:
    trade = trades.trade_get(provider, WALLET, request.path_params["number"])
    trades.trade_close(provider, trade)


def refund(provider: Provider, request: Request, said: Row) -> dict[str, Any]:
    trade = trades.trade_get(provider, WALLET, said["out_trade_no"])
    amount = said["amount"]
    if (amount["total"], amount["currency"]) != (trade["amount"], "CNY"):
        raise TradeRefused("wrong")
    made, moved = trades.trade_refund(
        provider, trade, key=said["out_refund_no"], amount=amount["refund"]
    )
    return _refund(trade, made, "PROCESSING" if moved else "SUCCESS")


def refund_query(provider: Provider, request: Request, said: Row) -> dict[str, Any]:
    made = provider.store.first(
        "SELECT r.* FROM trade_refunds r JOIN trades t ON t.id = r.trade"
        " WHERE t.wallet = 'wechat' AND r.key = ?",
        request.path_params["number"],
    )
    if made is None:
        raise TradeRefused("no refund")
    return _refund(provider.store.get("trades", made["trade"]), made, "SUCCESS")


def _refund(trade: Row, made: Row, status: str) -> dict[str, Any]:
    return {
        "refund_id": made["id"],
        "out_refund_no": made["key"],
        "transaction_id": trade["id"],
        "out_trade_no": trade["number"],
        "status": status,
        "create_time": _time(made["created"]),
        "amount": {"total": trade["amount"], "refund": made["amount"], "currency": "CNY"},
    }


def _time(moment: float) -> str:
    return dt.datetime.fromtimestamp(moment, BEIJING).isoformat(timespec="seconds")


def notice(provider: Provider, event: Row, tamper: str | None) -> Message:
    """A notice: the resource encrypted with the API v3 key, the whole signed."""
    keys = provider.config.wallets[WALLET]
    trade = provider.store.get("trades", event["object"]["trade"])
    told = json.dumps(_transaction(provider, trade, more=tamper == "wrong_amount"))
    nonce = secrets.token_hex(6)
    body = json.dumps(
        {
            "id": event["id"],
            "create_time": _time(event["created"]),
            "resource_type": "encrypt-resource",
            "event_type": event["type"].partition(".")[2],
            "summary": "支付成功",
            "resource": {
                "original_type": "transaction",
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": encrypt(
                    told, key=keys["api_v3_key"], nonce=nonce, about="transaction"
                ),
                "associated_data": "transaction",
                "nonce": nonce,
            },
        },
        ensure_ascii=False,
    )
    at = int(time.time()) + {"stale": -SKEW, "future": SKEW}.get(tamper or "", 0)
    headers = _headers(provider, body, at=at, spoilt=tamper == "bad_signature")
    if tamper == "altered":
        body = body.replace('"summary"', '"summary" ', 1)
    headers["Content-Type"] = "application/json"
    return Message(url=trade["notify_url"], body=body.encode(), headers=headers)
