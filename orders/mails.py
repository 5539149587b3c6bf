"""Mails about an order, in its buyer's language. Each is queued once, whatever calls how often."""

from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.utils import translation

from orders.links import invoice_url, order_url, track_url
from orders.models import Order
from orders.page_parts import Fact
from orders.pages import OrderPage
from orders.selectors import order_of_number
from orders.states import SOLD
from payments.models import PaymentIntent
from payments.selectors import intents_read
from shop.core.mail import mail_queue


def order_mail_queue(
    *, number: str, kind: str, key: str = "", order: Order | None = None, **context: Any
) -> None:
    """Queue ``mails/<kind>`` for an order. ``key`` tells apart what may happen several times; ``order``:
    as `order_of_number` gives it, where it was read already."""
    order = order or order_of_number(number)
    if order is None or not order.email:
        return
    language = order.facts.language
    with translation.override(language):
        page = MailPage(order)
        mail_queue(
            key=":".join(filter(None, [kind, number, key])),
            kind=kind,
            to=order.email,
            language=language,
            reference=number,
            context={
                "page": page,
                "url": order_url(order),
                "track_url": partial(track_url, order),  # signed where a mail says it
                **context,
            },
        )


class MailPage(OrderPage):
    """The order's page with addresses that work outside the shop."""

    def __init__(self, order: Order) -> None:
        super().__init__(order)

    @cached_property
    def intents(self) -> list[PaymentIntent]:
        """What happened to each of them is read by the few mails that tell of it."""
        return intents_read(self.order.number)

    # Said in words and once more in HTML; nothing changes in between.
    @cached_property
    def totals(self) -> list[Fact]:
        return super().totals

    @cached_property
    def sentence(self) -> str:
        return super().sentence

    @cached_property
    def address(self) -> list[str]:
        return super().address

    @cached_property
    def invoice_address(self) -> list[str]:
        return super().invoice_address

    @cached_property
    def invoice_url(self) -> str:
        """Where its invoice is, or will be in a moment; empty while it is not paid."""
        return invoice_url(self.order) if self.order.status in SOLD else ""

    @cached_property
    def things(self) -> list[dict[str, Any]]:
        return [
            {
                "title": line.title,
                "quantity": line.quantity,
                "amount": line.amount,
                "picture": absolute(line.picture.small) if line.picture else "",
            }
            for line in self.lines
        ]


def absolute(path: str) -> str:
    """``path`` as mail programs need it; empty stays empty."""
    if not path or path.startswith(("http://", "https://")):
        return path
    return f"{settings.PUBLIC_URL}{path}"
