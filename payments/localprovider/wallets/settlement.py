"""``/_control/settlement/<wallet>``: what a wallet moved, in the columns of `api.settlement`.

A fee of 0.6 % at Alipay and WeChat Pay, of 2.49 % and 35 of the smallest units at PayPal, on each payment.
References are those that each wallet's own report has: Alipay names a refund by the merchant's number.
"""

import csv
import io
import time
from collections.abc import Iterator

from payments.localprovider.api.settlement import COLUMNS, major
from payments.localprovider.core import Provider
from payments.localprovider.store import Row
from payments.localprovider.wallets.paypal import captures_of
from payments.localprovider.wallets.trades import refunds_of

FEES = {"alipay": (60, 0), "wechat": (60, 0), "paypal": (249, 35)}  # of ten thousand, and for each


def wallet_settlement_csv(provider: Provider, wallet: str) -> str:
    """All movements so far, one payout for each day."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for trade in provider.store.all(
        "SELECT * FROM trades WHERE wallet = ? AND paid_at IS NOT NULL ORDER BY seq", wallet
    ):
        writer.writerows(_rows(provider, wallet, trade))
    return out.getvalue()


def _rows(provider: Provider, wallet: str, trade: Row) -> Iterator[list[str]]:
    share, each = FEES[wallet]
    taken = captures_of(trade) if wallet == "paypal" else [{"id": trade["id"], **trade}]
    for one in taken:
        fee = (one["amount"] * share + 5000) // 10000 + each
        yield _row(trade, "payment", one["id"], trade["paid_at"], one["amount"], fee)
    for refund in refunds_of(provider, trade):
        number = refund["key"] if wallet == "alipay" else refund["id"]
        yield _row(trade, "refund", number, refund["created"], -refund["amount"], 0)


def _row(trade: Row, kind: str, number: str, moment: float, gross: int, fee: int) -> list[str]:
    day, currency = time.strftime("%Y-%m-%d", time.gmtime(moment)), trade["currency"].upper()
    money = [major(units, currency) for units in (gross, fee, gross - fee)]
    return [f"{trade['wallet']}_{day.replace('-', '')}", day, kind, number, "", currency, *money]
