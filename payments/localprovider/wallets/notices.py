"""What each wallet tells the shop, by the first part of an event's type."""

from collections.abc import Callable

from payments.localprovider.core import Provider
from payments.localprovider.message import Message
from payments.localprovider.store import Row
from payments.localprovider.wallets import alipay, paypal, wechat

Notice = Callable[[Provider, Row, str | None], Message]

NOTICES: dict[str, Notice] = {
    "alipay": alipay.notice,
    "wechat": wechat.notice,
    "paypal": paypal.notice,
}
