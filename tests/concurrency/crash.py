"""A shop that dies: `python -m tests.concurrency.crash <where> <number>`, killed by itself.

``where``: ``after-capture``, the money is taken and nobody noted it; ``after-open``, the provider
knows of the payment and we do not; ``in-handler``, a worker in the middle of a delivery;
``in-refund``, the provider paid back and nobody noted it.
"""

import os
import signal
import sys
from types import ModuleType
from typing import Any, NoReturn

import django

django.setup()

from orders.services import order_mark_paid  # noqa: E402
from payments.gateways.stripe import StripeGateway  # noqa: E402
from payments.models import Refund  # noqa: E402
from payments.selectors import intent_of_order  # noqa: E402
from payments.services import intent_open, intent_refresh, refund_send  # noqa: E402
from payments.services import opening as opening_services  # noqa: E402
from payments.services import refunds as refund_services  # noqa: E402
from shop.core import outbox  # noqa: E402
from shop.core.events import PaymentCaptured  # noqa: E402


def die(*args: Any, **kwargs: Any) -> NoReturn:
    """As if the power went: no exception, no rollback by us, no farewell."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def _replace_by_death(module: ModuleType, name: str) -> None:
    getattr(module, name)  # a name that is gone would be a moment at which nobody dies
    setattr(module, name, die)


def after_capture(number: str) -> None:
    """The shopper is back from the hosted page; we die with the provider's answer in hand."""
    intent = intent_of_order(number)
    assert intent is not None
    fetch = StripeGateway.fetch

    def fetch_then_die(self: StripeGateway, one: Any) -> NoReturn:
        assert fetch(self, one).state == "captured"
        die()

    StripeGateway.fetch = fetch_then_die  # type: ignore[assignment, method-assign]
    intent_refresh(intent=intent, source="return")


def after_open(number: str) -> None:
    intent = intent_of_order(number)
    assert intent is not None
    _replace_by_death(opening_services, "_opened")
    intent_open(intent=intent)


def in_handler(number: str) -> None:
    """The order is marked paid, and the transaction is not yet committed."""
    heard_by, name = outbox._handlers[PaymentCaptured.name], "orders.handlers.on_payment_captured"
    assert name in heard_by

    def mark_then_die(*, order_number: str, intent_id: int, **facts: object) -> NoReturn:
        order_mark_paid(order_number=order_number, intent_id=intent_id)
        die()

    heard_by[name] = mark_then_die
    outbox.relay()


def in_refund(number: str) -> None:
    _replace_by_death(refund_services, "_settle")
    refund_send(refund=Refund.objects.get(intent__order_number=number))


if __name__ == "__main__":
    where = {
        "after-capture": after_capture,
        "after-open": after_open,
        "in-handler": in_handler,
        "in-refund": in_refund,
    }
    where[sys.argv[1]](sys.argv[2])
