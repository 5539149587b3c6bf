"""What all processes read: kept near, and right from the next request on."""

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.utils.translation import override

from shop.core import nearby
from shop.core.nearby import Nearby, nearby_forget

pytestmark = pytest.mark.django_db  # the start of a request looks after the connection


class Source:
    def __init__(self) -> None:
        self.reads = 0
        self.value = "first"

    def read(self) -> str:
        self.reads += 1
        return self.value


@pytest.fixture
def source() -> Source:
    return Source()


def process(source: Source, seconds: float = 60) -> Nearby[str]:
    """A process of its own: what it holds is held by no other."""
    return Nearby("tests.nearby", source.read, seconds=seconds, by_language=True)


@pytest.mark.req("S5.02")
def test_one_read_serves_every_request_and_every_process(source):
    one, other = process(source), process(source)
    assert [one.get(), one.get(), other.get()] == ["first"] * 3
    assert source.reads == 1


@pytest.mark.req("S5.02")
def test_a_change_is_seen_by_the_next_request_of_every_process(source):
    one, other = process(source), process(source)
    one.get(), other.get()
    source.value = "second"
    stamp, seen_at = nearby._look.stamp, nearby._look.seen_at
    nearby_forget()
    assert one.get() == "second"
    nearby._look.stamp, nearby._look.seen_at = stamp, seen_at + 3600  # a thread that looked before
    assert other.get() == "first"
    request_started.send(sender=object())
    assert other.get() == "second"


def test_a_request_that_is_slow_looks_once_and_what_comes_after_it_looks_again(source, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(nearby.time, "monotonic", lambda: clock[0])
    one, other = process(source), process(source)
    request_started.send(sender=object())
    one.get(), other.get()
    source.value = "second"
    seen = nearby._look.stamp, nearby._look.seen_at
    nearby_forget()
    nearby._look.stamp, nearby._look.seen_at = seen  # it was another thread
    clock[0] += nearby.LOOK_SECONDS * 2
    assert other.get() == "first"
    request_finished.send(sender=object())
    assert other.get() == "second"


def test_who_read_before_the_change_cannot_put_the_old_value_back(source):
    """A slow reader writes its value under the stamp that it saw, which nobody looks for any more."""
    one, other = process(source), process(source)

    def slowly() -> str:
        nearby_forget()  # somebody changes it while we read
        return "old"

    one.read = slowly
    one.get()
    request_started.send(sender=object())
    assert other.get() == "first"


def test_each_language_has_its_own(source):
    one = process(source)
    one.get()
    with override("zh-hans"):
        one.get()
    assert source.reads == 2


def test_it_is_read_again_after_its_time(source, monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(nearby.time, "time", lambda: clock[0])
    monkeypatch.setattr(nearby.time, "monotonic", lambda: clock[0])
    one = process(source, seconds=60)
    one.get()
    clock[0] += 59
    one.get()
    assert source.reads == 1
    clock[0] += 2
    cache.clear()  # its clock is another
    one.get()
    assert source.reads == 2


@pytest.mark.req("S5.02")
def test_without_a_cache_every_request_reads_for_itself(source, monkeypatch):
    for name, answer in {"get": None, "add": True, "set": None}.items():
        monkeypatch.setattr(cache, name, lambda *a, answer=answer, **k: answer)
    one = process(source)
    for _request in range(3):
        request_started.send(sender=object())
        assert one.get() == one.get() == "first"
    assert source.reads == 3
