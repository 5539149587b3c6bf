"""Reports as providers really send them: read by their heads, whole or not at all, matched with the books."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import override_settings
from django.urls import reverse

from payments.bank.models import BankLine
from payments.bank.services import statement_take
from payments.bank.statements import statement_read
from payments.bank.uses import line_use
from payments.ledger.accounts import Role
from payments.ledger.exceptions import SettlementRefused
from payments.ledger.models import Settlement
from payments.ledger.readers import READERS
from payments.ledger.reconciling import settlement_differences
from payments.ledger.selectors import balance_of
from payments.ledger.services import settlements_import
from payments.ledger.settlement_table import settlement_read
from shop.core.outbox import relay
from tests.dashboard.conftest import member, office  # noqa: F401  a team to test with
from tests.payments.localprovider.support import KEY, Running
from tests.sales import paid_order

pytestmark = [pytest.mark.django_db, pytest.mark.req("S7.03")]

STRIPE = """\
"automatic_payout_id","automatic_payout_effective_at","balance_transaction_id","created","available_on","currency","gross","fee","net","reporting_category","source_id","description","payment_intent_id","payment_metadata[order_number]"
"po_1A","2026-05-05 00:00:00","txn_1","2026-05-03 09:12:44","2026-05-05 00:00:00","eur","42.70","0.85","41.85","charge","ch_1","Order","pi_1","AB-1"
"po_1A","2026-05-05 00:00:00","txn_2","2026-05-03 10:00:00","2026-05-05 00:00:00","eur","10.00","0.39","9.61","charge","ch_1","Order","pi_1","AB-1"
"po_1A","2026-05-05 00:00:00","txn_3","2026-05-03 11:00:00","2026-05-05 00:00:00","eur","-5.00","0.00","-5.00","refund","re_1","REFUND","pi_1","AB-1"
"po_1A","2026-05-05 00:00:00","txn_4","2026-05-03 11:00:00","2026-05-05 00:00:00","eur","-0.02","0.00","-0.02","fee","","Radar","",""
"po_1A","2026-05-05 00:00:00","txn_5","2026-05-04 11:00:00","2026-05-05 00:00:00","eur","-20.00","15.00","-35.00","dispute","dp_1","Chargeback","pi_9",""
"","","txn_6","2026-05-05 11:00:00","2026-05-07 00:00:00","eur","7.00","0.30","6.70","charge","ch_6","Order","pi_6","AB-6"
"po_1A","2026-05-05 00:00:00","txn_7","2026-05-05 00:00:00","2026-05-05 00:00:00","eur","-11.44","0.00","-11.44","payout","po_1A","STRIPE PAYOUT","",""
"""
PAYPAL = """\
"RH","2026/05/06 03:00:00 +0000","A","F7ABCDEF","009"
"FH","01"
"SH","2026/05/05 00:00:00 +0000","2026/05/05 23:59:59 +0000","F7ABCDEF",""
"CH","Transaction ID","Invoice ID","PayPal Reference ID","PayPal Reference ID Type","Transaction Event Code","Transaction Initiation Date","Transaction Completion Date","Transaction Debit or Credit","Gross Transaction Amount","Gross Transaction Currency","Fee Debit or Credit","Fee Amount","Fee Currency","Custom Field","Consumer ID"
"SB","8AB1","","","","T0006","2026/05/05 09:00:00 +0000","2026/05/05 09:00:00 +0000","CR","4270","EUR","DR","141","EUR","",""
"SB","8AB2","","8AB1","TXN","T1107","2026/05/05 10:00:00 +0000","2026/05/05 10:00:00 +0000","DR","500","EUR","CR","12","EUR","",""
"SB","8AB3","","","","T0106","2026/05/05 10:00:00 +0000","2026/05/05 10:00:00 +0000","DR","2000","EUR","","","","",""
"SB","8AB4","","","","T0403","2026/05/05 20:00:00 +0000","2026/05/05 20:00:00 +0000","DR","1000","EUR","","","","",""
"SF","EUR","4270","3500"
"SC","4"
"RF","EUR","4270","3500"
"RC","4"
"FF","4"
"""
ALIPAY = """\
#支付宝业务明细查询
#账号：[20884210174213360156]
#起始日期：[2026年05月05日 00:00:00]   终止日期：[2026年05月06日 00:00:00]
#-----------------------------------------业务明细列表----------------------------------------
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注
2026050522001400001\t,5d1c\t,交易    ,"茶杯, 白",2026-05-05 10:00:00,2026-05-05 10:00:09,,,,,mei***@example.com\t,328.00,328.00,0.00,0.00,0.00,0.00,0.00,,0.00,0.00,\t,-1.97,0.00,
2026050522001400001\t,5d1c\t,退款    ,"茶杯, 白",2026-05-05 11:00:00,2026-05-05 11:00:09,,,,,mei***@example.com\t,-28.00,-28.00,0.00,0.00,0.00,0.00,0.00,,0.00,0.00,r77\t,0.17,0.00,
#-----------------------------------------业务明细列表结束------------------------------------
#交易合计：1笔，商家实收共328.00元，商家优惠共0.00元
#退款合计：1笔，商家实收退款共-28.00元
#导出时间：[2026年05月06日 09:00:00]
"""
WECHAT = """\
交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注
`2026-05-05 10:00:00,`wx1,`19,`0,`,`4200001,`5d1c,`oU,`NATIVE,`SUCCESS,`OTHERS,`CNY,`328.00,`0.00,`0,`0,`0.00,`0.00,`,`,`茶杯, 白,`,`1.96800,`0.60%,`328.00,`0.00,`
`2026-05-05 11:00:00,`wx1,`19,`0,`,`4200001,`5d1c,`oU,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5030001,`r77,`28.00,`0.00,`ORIGINAL,`SUCCESS,`茶杯, 白,`,`-0.16800,`0.60%,`0.00,`28.00,`
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额
`2,`328.00,`28.00,`0.00,`1.80000,`328.00,`28.00
"""
SAMPLES = {"stripe": STRIPE, "paypal": PAYPAL, "alipay": ALIPAY, "wechat": WECHAT}


def told(text: str) -> list[tuple[str, str, str, str]]:
    return [
        (row.kind, row.reference, str(row.amount), str(row.fee)) for row in settlement_read(text)
    ]


def test_stripe_s_payout_reconciliation_is_read():
    rows = settlement_read(STRIPE, gateway_code="stripe")

    assert told(STRIPE) == [
        ("payment", "pi_1", "42.70", "0.85"),
        ("payment", "pi_1/2", "10.00", "0.39"),  # taken in parts
        ("refund", "re_1", "-5.00", "0.00"),
        ("fee", "txn_4", "0", "0.02"),
        ("refund", "dp_1", "-20.00", "15.00"),  # a dispute: a difference for finance
    ]
    assert {(row.payout, str(row.paid_on), row.currency, row.is_paid_out) for row in rows} == {
        ("po_1A", "2026-05-05", "EUR", True)
    }
    assert rows[0].order_number == "AB-1"
    assert sum(row.amount - row.fee for row in rows) == Decimal(
        "11.44"
    )  # as its own payout row says


def test_paypal_s_settlement_report_is_read():
    rows = settlement_read(PAYPAL, gateway_code="paypal")

    assert told(PAYPAL) == [
        ("payment", "8AB1", "42.70", "1.41"),
        ("refund", "8AB2", "-5.00", "-0.12"),
        ("fee", "8AB3", "0", "20.00"),
    ]
    assert {(row.payout, str(row.paid_on), row.is_paid_out) for row in rows} == {
        ("STL-20260505.01", "2026-05-05", False)
    }


def test_alipay_s_bill_is_read_with_its_words_and_its_encoding(office):  # noqa: F811
    assert told(ALIPAY) == [
        ("payment", "2026050522001400001", "328.00", "1.97"),
        ("refund", "r77", "-28.00", "-0.17"),
    ]
    file = SimpleUploadedFile("bill.csv", ALIPAY.encode("gb18030"))

    answer = office("Finance").post(
        reverse("dashboard:book-settlements"), {"gateway": "alipay", "file": file}
    )

    assert answer.status_code == 302
    made = Settlement.objects.get()
    assert (made.payout, made.gross, made.fees) == ("ALIPAY-20260505", 300, Decimal("1.80"))
    call_command("verify")


def test_wechat_s_bill_is_read_with_its_backticks():
    assert told(WECHAT) == [
        ("payment", "4200001", "328.00", "1.97"),
        ("refund", "5030001", "-28.00", "-0.17"),
    ]


@pytest.mark.parametrize("code", SAMPLES)
def test_every_report_is_taken_once_and_its_writer_writes_what_it_reads(code):
    rows = settlement_read(SAMPLES[code], gateway_code=code)

    for _twice in range(2):
        (made,) = settlements_import(gateway_code=code, rows=rows)

    assert made.lines.count() == len(rows)
    assert balance_of(Role.BANK, currency=made.currency) == (made.net if made.is_paid_out else 0)
    call_command("verify")
    reader = next(one for one in READERS if one.gateway == code)
    plain = [row for row in rows if row.reference != "dp_1"]  # written as a refund
    assert [
        (r.kind, r.reference, r.amount, r.fee) for r in settlement_read(reader.write(plain))
    ] == [(r.kind, r.reference, r.amount, r.fee) for r in plain]


@pytest.mark.parametrize(
    ("code", "old", "new", "words"),
    [
        ("stripe", "payment_intent_id", "intent", "missing: payment_intent_id"),
        ("paypal", "Fee Amount", "Fee", "missing: fee amount"),
        ("alipay", "服务费（元）", "费用", "missing: 服务费（元）"),
        ("wechat", "手续费,费率", "费用,费率", "missing: 手续费"),
        ("stripe", '"eur","10.00"', '"eux","10.00"', "Row 3: .*no currency"),
        ("paypal", '"CR","4270","EUR"', '"CR","4270","CNY"', "Row 5: .*no currency of this"),
        ("wechat", "`CNY,`328.00", "`USD,`328.00", "Row 2: .*no currency of this"),
        ("stripe", '"0.39","9.61"', '"0.39","9.60"', "Row 3: gross less fee is not net"),
        ("paypal", '"CR","4270"', '"XX","4270"', "Row 5: .*neither credit nor debit"),
        ("paypal", '"4270","EUR","DR"', '"42.70","EUR","DR"', "Row 5: .*no amount in EUR"),
        ("alipay", ",328.00,328.00", ",328.00,viel", "Row 6: .*no amount in CNY"),
        ("wechat", "`1.96800", "`x", "Row 2: .*no amount in CNY"),
        ("alipay", "2026-05-05 10:00:09", "gestern", "Row 6: .*no day"),
        ("stripe", '"re_1"', '"dp_1"', "Row 6: .*twice"),
    ],
)
def test_a_report_with_a_wrong_head_currency_or_row_is_refused_whole(code, old, new, words):
    text = SAMPLES[code]
    assert old in text

    with pytest.raises(SettlementRefused, match=words):
        settlement_read(text.replace(old, new, 1))


def test_another_provider_s_report_is_not_taken_for_one(office):  # noqa: F811
    client = office("Finance")

    answer = client.post(
        reverse("dashboard:book-settlements"), {"gateway": "wechat", "table": STRIPE}
    )

    assert answer.status_code == 422
    assert "This is a report of Stripe" in answer.content.decode()
    assert not Settlement.objects.exists()


def test_what_stays_with_a_provider_leaves_it_when_the_bank_shows_it(office):  # noqa: F811
    rows = settlement_read(PAYPAL)
    (made,) = settlements_import(gateway_code="paypal", rows=rows)
    net = made.net
    text = f"date,amount,currency,reference,payer,id\n2026-05-07,{net},EUR,PAYPAL,PayPal,k\n"
    statement_take(rows=statement_read(text))
    page = office("Finance").get(reverse("dashboard:book-settlement", args=[made.pk]))
    assert "Stays with the provider" in page.content.decode()

    use = line_use(line=BankLine.objects.get(), kind="payout", gateway_code="paypal")

    assert use.settlement is None
    assert balance_of(Role.BANK, currency="EUR") == net
    call_command("verify")


def test_the_demo_s_report_of_the_provider_in_the_box_matches(provider: Running, capsys):
    order = paid_order(provider)
    relay()

    with override_settings(STRIPE_API_BASE=provider.url, STRIPE_SECRET_KEY=KEY):
        call_command("settlement_demo", "stripe")
    text = capsys.readouterr().out

    assert "reporting_category" in text
    (made,) = settlements_import(gateway_code="stripe", rows=settlement_read(text))
    assert settlement_differences(made) == []
    assert made.gross == order.total_incl_tax
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["payment_metadata[order_number]"] == order.number
    call_command("verify")
