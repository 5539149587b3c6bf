"""Shelves and links that nobody can come back to go; all others stay."""

import datetime as dt

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from orders.keeping.forgetting import LINK_KEPT, PORTION
from orders.keeping.models import PutAside, SharedBasket, Shelf
from orders.tasks import kept_forget
from shop.core.tasks import sessions_forget
from tests.factories import ProductFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.req("S1.11")]

DAY = dt.timedelta(days=1)


def shelf(*, days: int, owner=None, put_days: int | None = None) -> Shelf:
    made = Shelf.objects.create(owner=owner, made_at=timezone.now() - days * DAY)
    if put_days is not None:
        PutAside.objects.create(
            shelf=made, product=ProductFactory(), quantity=1, put_at=timezone.now() - put_days * DAY
        )
    return made


def share(*, over_days: int, ended_days: int | None = None) -> SharedBasket:
    now = timezone.now()
    return SharedBasket.objects.create(
        key=f"key-{over_days}-{ended_days}",
        made_at=now - (over_days + 30) * DAY,
        expires_at=now - over_days * DAY,
        ended_at=None if ended_days is None else now - ended_days * DAY,
    )


def test_guests_shelves_go_when_their_cookie_is_over():
    old, left = shelf(days=400), shelf(days=500, put_days=366)
    kept = {
        shelf(days=10),
        shelf(days=500, put_days=300),
        shelf(days=500, put_days=500, owner=UserFactory()),
    }

    assert kept_forget() == 2
    assert set(Shelf.objects.all()) == kept
    assert not PutAside.objects.filter(shelf__in=[old.pk, left.pk]).exists()


def test_links_go_a_while_after_their_end():
    share(over_days=LINK_KEPT.days + 1)
    share(over_days=-20, ended_days=LINK_KEPT.days + 1)
    kept = {
        share(over_days=LINK_KEPT.days - 1),
        share(over_days=-5),
        share(over_days=3, ended_days=4),
    }

    assert kept_forget() == 2
    assert set(SharedBasket.objects.all()) == kept


def test_more_than_a_portion_goes_too():
    long_ago = timezone.now() - 400 * DAY
    Shelf.objects.bulk_create(Shelf(made_at=long_ago) for _ in range(PORTION + 1))

    assert kept_forget() == PORTION + 1


def test_sessions_that_are_over_go():
    for seconds in (-60, 600):
        one = SessionStore()
        one["basket"] = 1
        one.set_expiry(seconds)
        one.save()

    sessions_forget()

    assert Session.objects.filter(expire_date__lt=timezone.now()).count() == 0
    assert Session.objects.count() == 1
