"""Thousands of random legal and illegal steps of orders: all that must hold does after each.

Hypothesis draws the walks, each in a shop as it was. `make walks` takes many more than a run of all tests.
"""

from collections.abc import Iterator
from contextlib import suppress
from time import monotonic

import pytest
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as some

from payments.selectors import standing_of
from shop.core.models import OutboxDelivery
from shop.core.outbox import relay
from shop.core.verify import NothingToCheck, invariants
from tests.orders.walking import cards
from tests.orders.walking.steps import Steps
from tests.orders.walking.walk import KINDS, LATER, World, refuse_failed
from tests.sales import refunds_finish
from tests.walks import TIMES, seed_of_walks

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.req("S5.16", "S7.03"),
    pytest.mark.timeout(600),
]

#: Those that lead on come more often, else most walks would end before anything is sent.
ON = ("on",) * 30
LEADING = ("pay", "pack", "ship", "deliver", "return", "back", "news", "settle", "part", "leave")
OTHERS = (
    "place",
    "capture",
    "agree",
    "lapse",
    "webhook",
    "statement",
    "assign",
    "replace",
    "rest_ask",
    "take",
    "refund",
    "refund_source",
    "ask",
    "decide",
    "hold",
    "release",
    "suspect",
    "look",
    "unpack",
    "edit",
    "address",
    "add",
    "send_otherwise",
    "pay_addition",
    "end_addition",
)
ENDS = ("cancel", "expire", "rest")
STEP = some.tuples(
    some.sampled_from([*ON, *(LEADING * 4), *(OTHERS * 2), *ENDS]), some.integers(0, 39)
)
WALKS, LENGTH = 24, 45  # from one shop


@pytest.fixture
def _cards(settings) -> Iterator[None]:
    settings.PAYMENT_GATEWAYS = [*settings.PAYMENT_GATEWAYS, cards.PATH]
    yield
    cards.TRADES.clear()


@pytest.mark.usefixtures("_cards")
@pytest.mark.parametrize("shop", range(TIMES))
def test_no_walk_loses_money_or_goods_or_makes_any(shop: int) -> None:
    world, began, number = World(), monotonic(), seed_of_walks() + shop
    print(f"WALKS_SEED={number}")

    @seed(number)
    @settings(
        max_examples=WALKS,
        deadline=None,
        database=None,
        phases=[Phase.generate],  # a walk is short enough to be read as it is
        suppress_health_check=list(HealthCheck),
    )
    @given(
        kind=some.sampled_from(KINDS),
        is_paid=some.sampled_from([True, True, False]),
        steps=some.lists(STEP, min_size=LENGTH, max_size=LENGTH),
    )
    def walk(kind: str, is_paid: bool, steps: list[tuple[str, int]]) -> None:
        with transaction.atomic():
            life = Steps(world, kind)
            try:
                for step in [("pay", 0)] * is_paid + steps:
                    life.take(*step)
                prove_all(life)
            except Exception as error:
                told = f"WALKS_SEED={number}: {life.told()}"
                print(f"{error}\n{told}")
                error.add_note(told)
                raise
            world.met.update(life.states())
            transaction.set_rollback(True)

    walk()

    print(f"{WALKS} walks, {monotonic() - began:.0f} s:", dict(sorted(world.met.items())))
    assert world.met["legal"] >= 10 * WALKS
    assert world.met["refused"] >= 8 * WALKS


def prove_all(life: Steps) -> None:
    """All money sent and all news told: every invariant of the shop."""
    for _round in range(3):
        lists_once()
        while relay():
            pass
        refuse_failed()
        refunds_finish()
    for order in life.orders:
        standing = standing_of(order.number)
        assert 0 <= standing.refunded <= standing.captured
    life.prove()
    for one in invariants():
        with suppress(NothingToCheck):
            assert [one.name, *one.check()] == [one.name]


def lists_once() -> None:
    """Of all that made the same lists stale the last is told. Mails are proven elsewhere, and slow."""
    waiting = OutboxDelivery.objects.filter(delivered_at=None)
    lists = waiting.filter(handler__startswith="catalog.")
    last = lists.values("handler", "event__payload").order_by().annotate(last=Max("pk"))
    kept = [one["last"] for one in last]
    later = waiting.filter(handler__in=LATER).exclude(pk__in=kept)
    later.update(delivered_at=timezone.now())
    waiting.update(due_at=timezone.now())
