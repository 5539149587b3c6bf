"""When things happened to an order of the past: pure, no database."""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Literal

from orders.shipping.methods import working_days_after
from orders.states import OrderState

Outcome = Literal["delivered", "cancelled", "refunded", "open"]

PATH = (OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED)


@dataclass(frozen=True)
class Life:
    """The states an order has reached and when; ``placed_at`` is not among them."""

    steps: list[tuple[OrderState, dt.datetime]]
    refunded_at: dt.datetime | None = None
    moments: dict[OrderState, dt.datetime] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "moments", dict(self.steps))

    @property
    def state(self) -> OrderState:
        return self.steps[-1][0] if self.steps else OrderState.PENDING


def life_of(
    *,
    placed_at: dt.datetime,
    now: dt.datetime,
    outcome: Outcome,
    gateway: str,
    days: tuple[int, int],
    rng: random.Random,
) -> Life:
    """What became of an order until ``now``. ``days``: working days on the road, least and most."""
    if outcome == "cancelled":
        paid = _later(placed_at, rng, minutes=(2, 9))
        ended = _later(placed_at, rng, minutes=(40, 1300))
        steps = [(OrderState.PAID, paid)] if gateway == "stripe" and rng.random() < 0.5 else []
        return Life(_until(now, [*steps, (OrderState.CANCELLED, ended)]))
    pays = {"transfer": (600, 4000), "stripe": (2, 9)}.get(gateway)
    paid = _later(placed_at, rng, minutes=pays) if pays else placed_at
    packed = _at_work(paid, rng)
    shipped = _later(packed, rng, minutes=(30, 300))
    on_road = working_days_after(shipped.date(), rng.randint(*days))
    delivered = dt.datetime.combine(
        on_road, dt.time(rng.randint(9, 18), rng.randrange(60)), shipped.tzinfo
    )
    steps = list(zip(PATH, (paid, packed, shipped, delivered), strict=True))
    if gateway == "cod":  # goods first, money at the door
        steps = steps[1:]
    back = _later(delivered, rng, minutes=(2 * 1440, 12 * 1440)) if outcome == "refunded" else None
    return Life(_until(now, steps), back if back and back < now else None)


def _until(
    now: dt.datetime, steps: list[tuple[OrderState, dt.datetime]]
) -> list[tuple[OrderState, dt.datetime]]:
    return [(state, moment) for state, moment in steps if moment <= now]


def _later(moment: dt.datetime, rng: random.Random, *, minutes: tuple[int, int]) -> dt.datetime:
    return moment + dt.timedelta(minutes=rng.randint(*minutes), seconds=rng.randrange(60))


def _at_work(moment: dt.datetime, rng: random.Random) -> dt.datetime:
    """Packed within the next working hours: 8 to 17 o'clock, Monday to Friday."""
    ready = moment + dt.timedelta(minutes=rng.randint(30, 400))
    if ready.weekday() < 5 and 8 <= ready.hour < 17:
        return ready
    is_early = ready.weekday() < 5 and ready.hour < 8
    day = ready.date() if is_early else working_days_after(ready.date(), 1)
    return dt.datetime.combine(day, dt.time(8, rng.randrange(60)), ready.tzinfo)
