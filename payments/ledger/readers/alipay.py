"""Alipay (支付宝): the bill of transactions (业务明细) as CSV, in GBK, with lines of words that begin with ``#``.

Source: opendocs.alipay.com, *alipay.data.dataservice.bill.downloadurl.query* with *bill_type* trade. A day
of it is one payout; the money stays in the Alipay account, withdrawals are told by the bank statement.
"""

import csv
import io
from collections.abc import Sequence

from payments.ledger.exceptions import SettlementRefused
from payments.ledger.models import LineKind
from payments.ledger.readers.base import (
    Cells,
    SettlementRow,
    amount_of,
    by_sign,
    csv_of,
    currency_of,
    day_of,
    filled,
    names_needed,
    rows_of,
)

TRADE, KIND, DONE = "支付宝交易号", "业务类型", "完成时间"
RECEIVED, BACK, FEE = "商家实收（元）", "退款批次号/请求号", "服务费（元）"
NEEDED = (TRADE, KIND, DONE, RECEIVED, BACK, FEE)
HEAD = (
    TRADE, "商户订单号", KIND, "商品名称", "创建时间", DONE, "门店编号", "门店名称", "操作员", "终端号",
    "对方账户", "订单金额（元）", RECEIVED, "支付宝红包（元）", "集分宝（元）", "支付宝优惠（元）", "商家优惠（元）",
    "券核销金额（元）", "券名称", "商家红包消费金额（元）", "卡消费金额（元）", BACK, FEE, "分润（元）", "备注",
)  # fmt: skip
REFUND = "退款"
CURRENCY = "CNY"


class AlipayReader:
    gateway = "alipay"
    name = "支付宝"

    def knows(self, text: str) -> bool:
        return TRADE in text[:5000] and KIND in text[:5000]

    def read(self, text: str) -> list[SettlementRow]:
        names: list[str] = []
        lines: list[tuple[int, Cells]] = []
        for place, line in enumerate(text.splitlines(), start=1):
            if line.startswith("#") or not line.strip():
                continue
            cells = [cell.strip(" \t`") for cell in next(csv.reader(io.StringIO(line)), [])]
            if names:
                lines.append((place, dict(zip(names, cells, strict=False))))
            elif TRADE in cells:
                names = [cell.replace("(", "（").replace(")", "）") for cell in cells]
        names_needed(names, NEEDED)
        return rows_of(lines, _row)

    def write(self, rows: Sequence[SettlementRow]) -> str:
        first, last = min(one.paid_on for one in rows), max(one.paid_on for one in rows)
        period = f"#起始日期：[{first:%Y年%m月%d日} 00:00:00]   终止日期：[{last:%Y年%m月%d日} 23:59:59]\n"
        paid = [one for one in rows if one.kind == LineKind.PAYMENT]
        return (
            "#支付宝业务明细查询\n#账号：[20880000000000000156]\n"
            + period
            + "#-----------------------------------------业务明细列表----------------------------------------\n"
            + csv_of([HEAD, *map(_cells, rows)])
            + "#-----------------------------------------业务明细列表结束------------------------------------\n"
            + f"#交易合计：{len(paid)}笔\n#退款合计：{len(rows) - len(paid)}笔\n"
        )


def _row(cells: Cells) -> SettlementRow:
    filled(cells, TRADE, KIND, DONE, RECEIVED)
    amount = amount_of(cells[RECEIVED], currency_of(CURRENCY, "alipay"))
    if not amount:
        raise SettlementRefused([f"{RECEIVED} 0"])
    is_refund = cells[KIND] == REFUND
    day = day_of(cells[DONE])
    return SettlementRow(
        payout=f"ALIPAY-{day:%Y%m%d}",
        paid_on=day,
        kind=LineKind.REFUND if is_refund else by_sign(amount),
        reference=(cells.get(BACK) if is_refund else "") or cells[TRADE],
        order_number="",
        currency=CURRENCY,
        amount=-abs(amount) if is_refund else amount,
        fee=-amount_of(cells.get(FEE) or "0", CURRENCY),  # theirs is below zero where it was kept
        is_paid_out=False,
    )


def _cells(row: SettlementRow) -> list[object]:
    is_refund = row.kind == LineKind.REFUND
    moment = f"{row.paid_on} 12:00:00"
    known = {
        TRADE: f"{row.reference[:20]}T" if is_refund else row.reference,
        KIND: REFUND if is_refund else "交易",
        "商户订单号": row.order_number,
        "商品名称": "Storekeep",
        "创建时间": moment,
        DONE: moment,
        "订单金额（元）": row.amount,
        RECEIVED: row.amount,
        BACK: row.reference if is_refund else "",
        FEE: -row.fee,
    }
    return [f"{known.get(name, '')}\t" for name in HEAD]
