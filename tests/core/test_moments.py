"""Deadlines that shoppers read: their hour with the zone that it is told in."""

import datetime as dt
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override

from catalog.pricing.words import end_shown
from shop.core.dates import zoned
from shop.core.templatetags.moments import until_hour, until_moment

WINTER = dt.datetime(2031, 11, 30, 17, 0, tzinfo=dt.UTC)
SUMMER = dt.datetime(2031, 7, 1, 16, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("moment", "english", "chinese"),
    [
        (WINTER, "30 Nov, 18:00 CET", "11月30日 18:00（GMT+1）"),
        (SUMMER, "1 Jul, 18:00 CEST", "7月1日 18:00（GMT+2）"),
    ],
)
def test_a_deadline_names_its_zone(moment: dt.datetime, english: str, chinese: str):
    with override("en"):
        assert until_moment(moment) == english
    with override("zh-hans"):
        assert until_moment(moment) == chinese
    assert until_moment(None) == until_hour(None) == ""


def test_what_ends_today_is_told_by_its_hour_and_what_ends_later_with_its_day():
    with override("en"), patch.object(timezone, "now", return_value=WINTER):
        assert until_hour(WINTER + dt.timedelta(hours=1)) == "19:00 CET"
        assert until_hour(WINTER + dt.timedelta(hours=8)) == "1 Dec, 02:00 CET"


@pytest.mark.parametrize(
    ("zone", "english", "chinese"),
    [
        ("Asia/Shanghai", "18:00 GMT+8", "18:00（GMT+8）"),
        ("Asia/Kolkata", "18:00 GMT+5:30", "18:00（GMT+5:30）"),
        ("America/New_York", "18:00 GMT-5", "18:00（GMT-5）"),
        ("UTC", "18:00 UTC", "18:00（UTC）"),
    ],
)
def test_of_whichever_shop(zone: str, english: str, chinese: str):
    moment = dt.datetime(2031, 11, 30, 18, 0, tzinfo=ZoneInfo(zone))

    assert zoned("18:00", moment, "en") == english
    assert zoned("18:00", moment, "zh-hans") == chinese


def test_offers_end_at_an_hour_of_the_shops_too():
    with override("en"):
        shown = end_shown(WINTER, moment=WINTER - dt.timedelta(days=3))

    assert shown == "Until 30 Nov 2031, 18:00 CET"
