"""Which payments `verify` asks a wallet like Alipay about: the new ones daily, older ones in turn."""

import datetime as dt
from collections import Counter

import pytest
from django.utils import timezone

from payments.invariants import ASK_BACK, LOOK_BACK, SLICES, payments_to_ask
from payments.models import PaymentIntent

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.03")]


def test_older_payments_are_asked_about_in_turn_and_none_is_left_out(monkeypatch):
    today = timezone.now()
    ages = {"new": ASK_BACK / 2, "old": ASK_BACK * 2, "gone": LOOK_BACK + dt.timedelta(days=1)}
    rows = {
        name: PaymentIntent.objects.bulk_create(
            PaymentIntent(
                order_number=f"{name}-{number}",
                gateway="alipay",
                amount=1,
                currency="CNY",
                reference=f"{name}-{number}",
                created_at=today - age,
            )
            for number in range(2 * SLICES)
        )
        for name, age in ages.items()
    }
    asked: Counter[str] = Counter()

    for day in range(SLICES):
        # The rows age as well, so that each stays in its group.
        monkeypatch.setattr(timezone, "now", lambda: today + dt.timedelta(days=day))  # noqa: B023
        for name, age in ages.items():
            ids = [one.pk for one in rows[name]]
            PaymentIntent.objects.filter(pk__in=ids).update(created_at=timezone.now() - age)
        of_today = [one.order_number.split("-")[0] for one in payments_to_ask("alipay")]
        assert of_today.count("new") == 2 * SLICES
        assert of_today.count("old") == 2
        asked.update(one.order_number for one in payments_to_ask("alipay"))

    assert all(asked[one.order_number] == 1 for one in rows["old"])
    assert not any(asked[one.order_number] for one in rows["gone"])
