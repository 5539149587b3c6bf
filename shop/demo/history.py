"""Eighteen months of orders, simulated: who buys what when, and how each order ends. No Django here.

Buyers follow the BG/NBD model (Fader, Hardie and Lee, 2005): while alive, a buyer orders as a Poisson
process with a rate drawn from a gamma distribution, and after each order leaves for good with a
probability drawn from a beta distribution. Shapes are those published for CDNOW; the rate is scaled so
that buyers who joined all through the period order as often as CDNOW's did.
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count

from shop.demo.catalogue import Catalogue, Size
from shop.demo.history_baskets import Baskets, Line
from shop.demo.history_calendar import Calendar
from shop.demo.history_truths import BAD_COHORT, BOTS, CAMPAIGNS, SUPPLIERS, Campaign, Supplier
from shop.demo.people import Person

DAYS = 548
BUYERS = {"full": 10_500, "small": 64}
SMALL_ORDERS = 150
GAMMA_SHAPE, BETA_A, BETA_B = 0.243, 0.793, 2.426
RATE_PER_DAY = 1 / 8.2  # mean of the gamma is GAMMA_SHAPE times this
MOST_ORDERS = 150  # of one buyer


class Outcome(StrEnum):
    """Where an order stands today. ``refunded`` was delivered and paid back in full."""

    PENDING = "pending"
    PAID = "paid"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class Buyer:
    """``index`` is that of the person; guests have no account. ``joined`` is in warped days."""

    index: int
    country: str
    is_guest: bool
    wants_mail: bool
    joined: float
    channel: str
    is_bot: bool = False


@dataclass(frozen=True)
class SimOrder:
    """One order. Times are UTC; a step that has not happened by today is None.

    ``number_seed`` is unique and random, for the order number. ``discount`` is the share that the
    coupon ``campaign`` took off every line (0 without one).
    """

    number_seed: int
    customer_index: int
    is_guest: bool
    country: str
    channel: str
    placed_at: dt.datetime
    lines: tuple[Line, ...]
    outcome: Outcome
    campaign: str = ""
    discount: float = 0.0
    paid_at: dt.datetime | None = None
    packed_at: dt.datetime | None = None
    shipped_at: dt.datetime | None = None
    delivered_at: dt.datetime | None = None
    cancelled_at: dt.datetime | None = None
    refunded_at: dt.datetime | None = None


@dataclass(frozen=True)
class SimDelivery:
    """One purchase order as it came. ``received_on`` is None when it is still on its way."""

    supplier: Supplier
    ordered_on: dt.date
    promised_on: dt.date
    received_on: dt.date | None


CHANNELS = {
    "": ("search", "direct", "social", "newsletter", "referral", "price-comparison"),
    "CN": ("xiaohongshu", "wechat", "search", "direct", "referral", "newsletter"),
}
CHANNEL_SHARES = (30, 26, 16, 12, 9, 7)
TRANSIT_DAYS = {
    "DE": (1, 3),
    "FR": (2, 5),
    "GB": (2, 5),
    "US": (4, 9),
    "CN": (5, 11),
    "JP": (5, 10),
}
CANCELLED, EXPIRED, REFUNDED = 0.035, 0.02, 0.03


def people_needed(size: Size) -> int:
    """How many people `orders_simulated` expects: buyers with and without accounts, and the bots."""
    return BUYERS[size] + (BOTS.buyers if size == "full" else 0)


def buyers_simulated(
    *, size: Size, people: Sequence[Person], calendar: Calendar, rng: random.Random
) -> list[Buyer]:
    buyers = []
    bad_month = _bad_month(calendar)
    for person in people[: BUYERS[size]]:
        joined = calendar.join_time(rng)
        day = calendar.day_of(joined)
        is_bad = size == "full" and (day.year, day.month) == bad_month
        names = CHANNELS.get(person.country, CHANNELS[""])
        buyers.append(
            Buyer(
                index=person.index,
                country=person.country,
                is_guest=False,
                wants_mail=person.wants_mail,
                joined=joined,
                channel=BAD_COHORT.channel if is_bad else rng.choices(names, CHANNEL_SHARES)[0],
            )
        )
    return buyers


def _bad_month(calendar: Calendar) -> tuple[int, int]:
    day = calendar.today - dt.timedelta(days=BAD_COHORT.days_ago)
    return day.year, day.month


def orders_simulated(
    *, catalogue: Catalogue, people: Sequence[Person], size: Size, seed: int, today: dt.datetime
) -> Iterator[SimOrder]:
    """Every order of the history, oldest first; the same for the same arguments.

    ``people`` are at least `people_needed`; their index is the order's ``customer_index``. ``today``
    is an aware moment in UTC; nothing is later than it.
    """
    rng = random.Random(f"history:{seed}")
    calendar = Calendar(today=today, days=DAYS)
    baskets = Baskets(catalogue, rng)
    visits = []
    for buyer in buyers_simulated(size=size, people=people, calendar=calendar, rng=rng):
        days = _order_days(buyer, calendar, rng)
        known = replace(buyer, is_guest=_is_guest(len(days), rng))
        visits += [_Visit(known, calendar.moment(day, buyer.country, rng)) for day in days]
    visits = [visit for visit in visits if visit.moment < today]
    visits += _answers(visits, calendar, rng)
    if size == "small":
        visits = _small(visits, today, rng)
    else:
        visits += _bot_visits(people, len(visits), calendar, rng)
    visits.sort(key=lambda visit: (visit.moment, visit.buyer.index))
    numbers: set[int] = set()
    for place, visit in enumerate(visits):
        order = _order(visit, baskets, calendar, rng, numbers)
        yield _forced(order, len(visits) - place, today) if size == "small" else order


@dataclass(frozen=True)
class _Visit:
    """A buyer at the till at a moment."""

    buyer: Buyer
    moment: dt.datetime


def _order_days(buyer: Buyer, calendar: Calendar, rng: random.Random) -> list[dt.date]:
    """BG/NBD in warped time: the first order at joining, then gaps until the buyer leaves."""
    rate = rng.gammavariate(GAMMA_SHAPE, RATE_PER_DAY)
    leaving = (
        BAD_COHORT.dropout
        if buyer.channel == BAD_COHORT.channel
        else rng.betavariate(BETA_A, BETA_B)
    )
    at, days = buyer.joined, []
    while at < calendar.end and len(days) < MOST_ORDERS:
        days.append(calendar.day_of(at))
        if rng.random() < leaving or rate < 1e-9:
            break
        at += rng.expovariate(rate)
    return days


def _is_guest(orders: int, rng: random.Random) -> bool:
    """Who comes once seldom makes an account."""
    return rng.random() < (0.70 if orders == 1 else 0.12)


def _answers(visits: Sequence[_Visit], calendar: Calendar, rng: random.Random) -> list[_Visit]:
    """The further orders that campaigns bring: ``lift - 1`` for each that would have come anyway."""
    more = []
    for campaign in CAMPAIGNS:
        treated = [visit for visit in visits if _is_answer(visit, campaign, calendar)]
        extra = round(len(treated) * (campaign.lift - 1))
        for _ in range(extra):
            visit = rng.choice(treated)
            days = rng.uniform(campaign.last_day, campaign.first_day)
            day = (calendar.today - dt.timedelta(days=days)).date()
            more.append(_Visit(visit.buyer, calendar.moment(day, visit.buyer.country, rng)))
    return more


def _is_answer(visit: _Visit, campaign: Campaign, calendar: Calendar) -> bool:
    ago = calendar.days_ago(visit.moment)
    return (
        campaign.last_day <= ago <= campaign.first_day
        and not visit.buyer.is_guest
        and not visit.buyer.is_bot
        and visit.buyer.wants_mail
        and campaign.is_treated(visit.buyer.index)
    )


def _bot_visits(
    people: Sequence[Person], orders: int, calendar: Calendar, rng: random.Random
) -> list[_Visit]:
    """Programs come between one and four at night UTC, on the minute, from a few made-up buyers."""
    first = BUYERS["full"]
    bots = [
        Buyer(
            people[first + i].index, people[first + i].country, True, False, 0.0, BOTS.channel, True
        )
        for i in range(BOTS.buyers)
    ]
    visits = []
    for _ in range(round(orders * BOTS.share_of_orders)):
        day = calendar.today.date() - dt.timedelta(days=rng.randint(2, BOTS.first_day))
        minute = rng.randrange(60, 240)
        moment = dt.datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=dt.UTC)
        visits.append(_Visit(rng.choice(bots), moment))
    return visits


def _order(
    visit: _Visit, baskets: Baskets, calendar: Calendar, rng: random.Random, numbers: set[int]
) -> SimOrder:
    buyer, moment = visit.buyer, visit.moment
    ago = calendar.days_ago(moment)
    lines = baskets.cheap(rng) if buyer.is_bot else baskets.filled(moment.month, ago, rng)
    campaign = next(
        (
            one
            for one in CAMPAIGNS
            if _is_answer(visit, one, calendar) and rng.random() < one.redeemed
        ),
        None,
    )
    order = SimOrder(
        number_seed=_number(numbers, rng),
        customer_index=buyer.index,
        is_guest=buyer.is_guest,
        country=buyer.country,
        channel="newsletter" if campaign else buyer.channel,
        placed_at=moment,
        lines=lines,
        outcome=Outcome.PENDING,
        campaign=campaign.code if campaign else "",
        discount=campaign.discount if campaign else 0.0,
    )
    return _ended(order, buyer, calendar.today, rng)


def _number(numbers: set[int], rng: random.Random) -> int:
    for _ in count():
        number = rng.getrandbits(48)
        if number not in numbers:
            numbers.add(number)
            return number
    raise AssertionError


def _ended(order: SimOrder, buyer: Buyer, today: dt.datetime, rng: random.Random) -> SimOrder:
    """Carry the order through its steps as far as today allows."""
    unpaid = 1 - BOTS.paid if buyer.is_bot else EXPIRED
    if rng.random() < unpaid:
        return _cancelled(order, order.placed_at + dt.timedelta(hours=1), today, paid_at=None)
    by_transfer = rng.random() < 0.05
    wait = (
        dt.timedelta(hours=rng.uniform(14, 60))
        if by_transfer
        else dt.timedelta(minutes=rng.uniform(0.5, 9))
    )
    paid = order.placed_at + wait
    if rng.random() < CANCELLED:
        return _cancelled(
            order, paid + dt.timedelta(hours=rng.uniform(0.5, 10)), today, paid_at=paid
        )
    packed = paid + dt.timedelta(hours=rng.uniform(3, 30))
    shipped = packed + dt.timedelta(hours=rng.uniform(1, 14))
    delivered = shipped + dt.timedelta(days=rng.uniform(*TRANSIT_DAYS[order.country]))
    refunded = delivered + dt.timedelta(days=rng.uniform(3, 21))
    steps: list[tuple[Outcome, dt.datetime]] = [
        (Outcome.PAID, paid),
        (Outcome.PACKED, packed),
        (Outcome.SHIPPED, shipped),
        (Outcome.DELIVERED, delivered),
    ]
    if rng.random() < REFUNDED:
        steps.append((Outcome.REFUNDED, refunded))
    for outcome, moment in steps:
        if moment > today:
            break
        order = replace(order, outcome=outcome, **{f"{outcome.value}_at": moment})
    return order


def _cancelled(
    order: SimOrder, moment: dt.datetime, today: dt.datetime, *, paid_at: dt.datetime | None
) -> SimOrder:
    if paid_at is not None and paid_at <= today:
        order = replace(order, outcome=Outcome.PAID, paid_at=paid_at)
    if moment > today:
        return order
    return replace(order, outcome=Outcome.CANCELLED, cancelled_at=moment)


def _small(visits: list[_Visit], today: dt.datetime, rng: random.Random) -> list[_Visit]:
    """About 150 visits, many of them moved into these days, so that every open state can be seen.

    They are taken from all of the year, so that no month of it is left without orders.
    """
    visits = sorted(visits, key=lambda visit: (visit.moment, visit.buyer.index))[-SMALL_ORDERS:]
    fresh = [visit for visit in visits if visit.moment >= today - FRESH]
    old = visits[: len(visits) - len(fresh)]
    wanted = max(len(OPEN) - len(fresh), 0)
    apart = max(len(old) // wanted, 1) if wanted else len(old) + 1
    moved = set(range(len(old) - 1, -1, -apart)[:wanted])
    kept = [visit for place, visit in enumerate(old) if place not in moved]
    last = [visit for place, visit in enumerate(old) if place in moved] + fresh[-len(OPEN) :]
    return kept + [
        _Visit(visit.buyer, today - _age(place) - dt.timedelta(minutes=rng.randrange(50)))
        for place, visit in enumerate(last)
    ]


def _age(place: int) -> dt.timedelta:
    """How long ago the open order at ``place`` of ``OPEN`` was placed."""
    hours = dt.timedelta(hours=HOURS_APART * (len(OPEN) - place))
    return hours + ON_THE_ROAD if OPEN[place] == Outcome.SHIPPED else hours


HOURS_APART = 2  # between two of the newest orders of the small shop
ON_THE_ROAD = dt.timedelta(days=7)  # what was shipped is older: by now a parcel is late or lost
FRESH = dt.timedelta(days=12)  # none but those of ``OPEN`` are younger
# How the newest orders of the small shop stand, oldest first.
OPEN = (
    *(Outcome.SHIPPED,) * 5,
    *(Outcome.PACKED,) * 4,
    *(Outcome.PAID,) * 40,
    *(Outcome.PENDING,) * 3,
)


def _forced(order: SimOrder, from_end: int, today: dt.datetime) -> SimOrder:
    """Put the newest orders of the small shop into the states of ``OPEN``."""
    if from_end > len(OPEN):
        return order
    outcome = OPEN[len(OPEN) - from_end]
    reached = {
        Outcome.PENDING: 0,
        Outcome.PAID: 1,
        Outcome.PACKED: 2,
        Outcome.SHIPPED: 3,
    }[outcome]
    step = (today - order.placed_at) / 5
    times = [order.placed_at + step * (place + 1) for place in range(3)]
    names = ("paid_at", "packed_at", "shipped_at")
    done = dict.fromkeys((*names, "delivered_at", "cancelled_at", "refunded_at"))
    done |= dict(zip(names[:reached], times[:reached], strict=True))
    return replace(order, outcome=outcome, **done)


def deliveries_simulated(*, seed: int, today: dt.datetime) -> Iterator[SimDelivery]:
    """What suppliers promised and when it came, a purchase order every twelve days or so each."""
    rng = random.Random(f"deliveries:{seed}")
    for supplier in SUPPLIERS:
        day = (today - dt.timedelta(days=DAYS - rng.randrange(14))).date()
        while day < today.date():
            promised = day + dt.timedelta(days=supplier.lead_days)
            received = promised + dt.timedelta(
                days=_delay(supplier, (today.date() - day).days, rng)
            )
            yield SimDelivery(
                supplier, day, promised, received if received <= today.date() else None
            )
            day += dt.timedelta(days=rng.randint(8, 16))


def _delay(supplier: Supplier, days_ago: int, rng: random.Random) -> int:
    """Days behind the promise; negative came early."""
    is_worse = days_ago <= supplier.worse_since
    late, mean = (supplier.late, supplier.late_days) if is_worse else (0.06, 1.5)
    if rng.random() < late:
        return max(1, round(rng.gauss(mean, mean / 3)))
    return rng.choice((0, 0, 0, -1))
