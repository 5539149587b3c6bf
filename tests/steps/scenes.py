"""What a scene is: an order before a step, and the step."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import pytest

from orders.models import Order
from payments.services import intent_capture, refunds_resume
from shop.core.outbox import relay
from tests.carriers.support import Outside
from tests.payments.localprovider.support import Running
from tests.sales import intent_of, order_of

#: Yields the order as it is before the step, and returns it as it is after, where it is another.
Scene = Callable[["Stage"], Generator[Order | None, None, Order | None]]
SCENES: dict[tuple[str, str], Scene] = {}


@dataclass
class Stage:
    request: pytest.FixtureRequest

    @property
    def outside(self) -> Outside:
        """The carriers."""
        return self.request.getfixturevalue("outside")

    @property
    def provider(self) -> Running:
        """Of cards."""
        return self.request.getfixturevalue("provider")


def scene(table: str, *names: str) -> Callable[[Scene], Scene]:
    def keep(made: Scene) -> Scene:
        SCENES.update({(table, name): made for name in names})
        return made

    return keep


def fresh(order: Order) -> Order:
    for _round in range(3):
        relay()
        refunds_resume()
    return Order.objects.get(pk=order.pk)


def paid(order: Order | None = None, **kwargs: Any) -> Order:
    """By transfer."""
    order = order or order_of(**kwargs)
    intent_capture(intent=intent_of(order))
    return fresh(order)
