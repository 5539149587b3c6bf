"""WeChat Pay (微信支付): the bill of trades (交易账单, *bill_type* ALL) as CSV; each cell begins with a backtick.

Source: pay.weixin.qq.com, *GET /v3/bill/tradebill*. A day of it is one payout; the money stays in the
merchant's account, withdrawals are told by the bank statement. Names of goods may have commas, so cells
are divided where a backtick follows.
"""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from payments.ledger.exceptions import SettlementRefused
from payments.ledger.models import LineKind
from payments.ledger.readers.base import (
    Cells,
    SettlementRow,
    amount_of,
    currency_of,
    day_of,
    filled,
    names_needed,
    rows_of,
)
from shop.core.money import rounded

MOMENT, TRADE, STATE, CURRENCY = "交易时间", "微信订单号", "交易状态", "货币种类"
PAID, REFUND, BACK, FEE = "应结订单金额", "微信退款单号", "退款金额", "手续费"
NEEDED = (MOMENT, TRADE, STATE, CURRENCY, PAID, REFUND, BACK, FEE)
HEAD = (
    MOMENT, "公众账号ID", "商户号", "特约商户号", "设备号", TRADE, "商户订单号", "用户标识", "交易类型", STATE,
    "付款银行", CURRENCY, PAID, "代金券金额", REFUND, "商户退款单号", BACK, "充值券退款金额", "退款类型", "退款状态",
    "商品名称", "商户数据包", FEE, "费率", "订单金额", "申请退款金额", "费率备注",
)  # fmt: skip
TOTALS = "总交易单数"
SUCCESS = "SUCCESS"


class WechatReader:
    gateway = "wechat"
    name = "微信支付"

    def knows(self, text: str) -> bool:
        head = text.lstrip().partition("\n")[0]
        return MOMENT in head and TRADE in head

    def read(self, text: str) -> list[SettlementRow]:
        head, *body = text.strip().splitlines()
        names = [name.strip(" `\r") for name in head.split(",")]
        names_needed(names, NEEDED)
        lines: list[tuple[int, Cells]] = []
        for place, line in enumerate(body, start=2):
            if line.startswith(TOTALS):
                break
            if line.strip():
                cells = [cell.strip() for cell in line.strip().removeprefix("`").split(",`")]
                lines.append((place, dict(zip(names, cells, strict=False))))
        return rows_of(lines, _row)

    def write(self, rows: Sequence[SettlementRow]) -> str:
        paid = sum(one.amount for one in rows if one.kind == LineKind.PAYMENT)
        back = -sum(one.amount for one in rows if one.kind == LineKind.REFUND)
        fees = sum(one.fee for one in rows)
        totals = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
        sums = (len(rows), paid, back, "0.00", fees, paid, back)
        return "\n".join(
            [",".join(HEAD), *(_ticked(_cells(row)) for row in rows), totals, _ticked(sums), ""]
        )


def _row(cells: Cells) -> SettlementRow:
    filled(cells, MOMENT, TRADE, STATE, CURRENCY)
    currency = currency_of(cells[CURRENCY], "wechat")
    day = day_of(cells[MOMENT])
    is_payment = cells[STATE] == SUCCESS
    amount = amount_of(cells.get(PAID if is_payment else BACK, ""), currency)
    if amount <= 0:
        raise SettlementRefused([_("payments are above zero, refunds below")])
    return SettlementRow(
        payout=f"WECHAT-{day:%Y%m%d}",
        paid_on=day,
        kind=LineKind.PAYMENT if is_payment else LineKind.REFUND,
        reference=cells[TRADE] if is_payment else cells.get(REFUND) or cells[TRADE],
        order_number="",
        currency=currency,
        amount=amount if is_payment else -amount,
        fee=_fee(cells.get(FEE) or "0", currency),
        is_paid_out=False,
    )


def _fee(text: str, currency: str) -> Decimal:
    """Five decimals, of which the account sees two."""
    try:
        return rounded(Decimal(text), currency)
    except (InvalidOperation, ValueError) as error:
        facts = {"text": text[:20], "currency": currency}
        raise SettlementRefused([_("“%(text)s” is no amount in %(currency)s") % facts]) from error


def _cells(row: SettlementRow) -> list[object]:
    is_payment = row.kind == LineKind.PAYMENT
    known = {
        MOMENT: f"{row.paid_on} 12:00:00",
        TRADE: row.reference if is_payment else f"42{row.reference[:20]}",
        "商户订单号": row.order_number,
        "交易类型": "NATIVE",
        STATE: SUCCESS if is_payment else "REFUND",
        CURRENCY: row.currency,
        PAID: row.amount if is_payment else "0.00",
        REFUND: "0" if is_payment else row.reference,
        BACK: "0.00" if is_payment else -row.amount,
        "商品名称": "Storekeep",
        FEE: f"{row.fee:.5f}",
        "费率": "0.60%",
        "订单金额": row.amount if is_payment else "0.00",
        "申请退款金额": "0.00" if is_payment else -row.amount,
    }
    return [known.get(name, "") for name in HEAD]


def _ticked(cells: Sequence[object]) -> str:
    return ",".join(f"`{cell}" for cell in cells)
