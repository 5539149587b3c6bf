"""Readers of what providers send: one file for each format, tried by their heads."""

from payments.ledger.readers.alipay import AlipayReader
from payments.ledger.readers.base import Reader
from payments.ledger.readers.house import HouseReader
from payments.ledger.readers.paypal import PaypalReader
from payments.ledger.readers.stripe import StripeReader
from payments.ledger.readers.wechat import WechatReader

#: The house's own comes last: it takes everything, and says what its head lacks.
READERS: tuple[Reader, ...] = (
    StripeReader(),
    PaypalReader(),
    AlipayReader(),
    WechatReader(),
    HouseReader(),
)

__all__ = ["READERS", "Reader"]
