"""What the database asks to be tried again is tried three times, with a pause before each other one."""

from types import SimpleNamespace

import pytest
from django.db import OperationalError

from shop.core import locks


@pytest.fixture
def pauses(monkeypatch):
    taken = []
    monkeypatch.setattr(locks, "time", SimpleNamespace(sleep=taken.append))
    return taken


def _tried(*, sqlstate, passes_at):
    tries = []

    @locks.retry_on_conflict
    def work() -> str:
        tries.append(1)
        if len(tries) < passes_at:
            cause = Exception()
            cause.sqlstate = sqlstate
            raise OperationalError from cause
        return "done"

    return work, tries


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("passes_at", [1, 2, 3])
def test_a_collision_is_tried_again(pauses, passes_at):
    work, tries = _tried(sqlstate="40P01", passes_at=passes_at)
    assert (work(), len(tries), len(pauses)) == ("done", passes_at, passes_at - 1)
    assert all(0 <= pause <= 0.5 for pause in pauses)


def test_the_third_collision_is_the_last(pauses):
    work, tries = _tried(sqlstate="55P03", passes_at=9)
    with pytest.raises(OperationalError):
        work()
    assert (len(tries), len(pauses)) == (3, 2)


def test_what_is_no_collision_is_not_tried_again(pauses):
    work, tries = _tried(sqlstate="57P01", passes_at=9)
    with pytest.raises(OperationalError):
        work()
    assert (len(tries), pauses) == (1, [])
