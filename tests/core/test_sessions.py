"""A session's copy in the cache is never trusted after a change that the cache has missed."""

import time

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache

from shop.core import nearby, sessions
from shop.core.nearby import nearby_forget
from shop.core.sessions import SessionStore

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.16")]


class Deaf(LocMemCache):
    """A cache that can go away; ``silent_until`` is for all threads, as Redis is."""

    is_away = False

    @property
    def silent_until(self) -> float:
        return float("inf") if Deaf.is_away else 0.0

    @silent_until.setter
    def silent_until(self, _moment: float) -> None:
        pass

    def get(self, key, default=None, version=None):
        return default if Deaf.is_away else super().get(key, default, version)

    def set(self, *args, **kwargs) -> None:
        if not Deaf.is_away:
            super().set(*args, **kwargs)

    def delete(self, *args, **kwargs) -> bool:
        return not Deaf.is_away and super().delete(*args, **kwargs)


@pytest.fixture
def cache(settings, monkeypatch):
    here = f"{__name__}.Deaf"
    settings.CACHES = settings.CACHES | {"deaf": {"BACKEND": here, "LOCATION": "deaf"}}
    settings.SESSION_CACHE_ALIAS = "deaf"
    monkeypatch.setattr(sessions, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(sessions, "AGAIN_SECONDS", 0.01)
    yield caches["deaf"]
    Deaf.is_away = False
    _cleaned()


def _cleaned() -> None:
    end = time.monotonic() + 5
    while sessions._doubted:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_the_cache_missed_is_read_from_the_database_and_then_dropped(cache, monkeypatch):
    paid, gone = SessionStore(), SessionStore()
    paid["order"] = "none"
    gone["user"] = "Mei"
    for one in (paid, gone):
        one.save()
    assert SessionStore(paid.session_key)["order"] == "none"  # the copy is there

    Deaf.is_away = True
    paid["order"] = "paid"
    paid.save()
    key = gone.session_key
    gone.flush()
    monkeypatch.setattr(sessions, "AGAIN_SECONDS", 0.3)
    Deaf.is_away = False

    assert SessionStore(paid.session_key)["order"] == "paid"  # at once, in this process
    assert SessionStore(key).get("user") is None
    _cleaned()  # and from now on in all others
    prefix = SessionStore.cache_key_prefix
    assert cache.get(f"{prefix}{key}") is None
    assert (cache.get(f"{prefix}{paid.session_key}") or {"order": "paid"}) == {"order": "paid"}


def test_a_session_that_was_ended_elsewhere_is_not_written_again(cache):
    mine = SessionStore()
    mine["name"] = "Mei"
    mine.save()
    SessionStore(mine.session_key).delete()
    mine["name"] = "Lin"
    with pytest.raises(UpdateError):
        mine.save()
    assert not mine.exists(mine.session_key)


def test_a_key_that_is_taken_makes_no_second_session(cache, monkeypatch):
    first = SessionStore()
    first["name"] = "Mei"
    first.save()
    keys = iter([first.session_key, "another" * 4])
    monkeypatch.setattr(SessionStore, "_get_new_session_key", lambda self: next(keys))
    second = SessionStore()
    second["name"] = "Lin"
    second.save()
    assert second.session_key == "another" * 4
    assert SessionStore(first.session_key)["name"] == "Mei"
    assert Session.objects.count() == 2


def test_the_stamp_of_what_is_near_comes_with_the_session(monkeypatch):
    mine = SessionStore()
    mine["name"] = "Mei"
    mine.save()
    nearby_forget()
    here = nearby._look.stamp
    nearby._look.stamp, nearby._look.seen_at = "of another time", float("-inf")

    assert SessionStore(mine.session_key)["name"] == "Mei"
    monkeypatch.setattr(nearby.cache, "get", lambda *names: pytest.fail(f"asked for {names}"))
    assert nearby._stamp() == here
