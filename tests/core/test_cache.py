"""The cache over a real Redis: one connection for each who asks at once, and none with an answer of somebody else."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from redis import Redis
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import ResponseError

from shop.core.cache import ForgivingRedisCache, KeptRedis

pytestmark = pytest.mark.req("S5.02")


@pytest.fixture
def cache() -> ForgivingRedisCache:
    options = {"socket_connect_timeout": 0.5, "socket_timeout": 5}
    return ForgivingRedisCache(
        settings.REDIS_URL, {"OPTIONS": options, "KEY_PREFIX": f"test-{time.time_ns()}"}
    )


def redis_of(cache: ForgivingRedisCache) -> KeptRedis:
    return cache._cache.get_client()


def test_what_is_kept_comes_back(cache):
    cache.set("a", {"n": [1, "二"]}, 60)
    cache.set("b", 2, 60)

    assert cache.get("a") == {"n": [1, "二"]}
    assert cache.get_many(["a", "b", "c"]) == {"a": {"n": [1, "二"]}, "b": 2}
    assert cache.add("b", 3, 60) is False
    assert cache.incr("b") == 3
    assert cache.touch("b", 90) is True
    assert cache.delete("b") is True
    assert cache.get("b") is None
    assert len(redis_of(cache)._ready) == 1  # one after the other needs no second one


def test_many_at_once_get_their_own_answers(cache):
    def ask(number: int) -> bool:
        cache.set(f"key-{number}", number, 60)
        return all(cache.get(f"key-{number}") == number for _ in range(50))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(64)))
    assert len(redis_of(cache)._ready) <= 8


def test_a_connection_that_redis_closed_is_opened_anew(cache):
    cache.set("a", 1, 60)
    client = redis_of(cache)
    number = client.client_id()
    Redis.from_url(settings.REDIS_URL).client_kill_filter(_id=str(number))

    assert cache.get("a") == 1
    assert client.client_id() != number
    assert len(client._ready) == 1


def test_a_refusal_is_an_answer_and_keeps_the_connection(cache):
    client = redis_of(cache)
    number = client.client_id()

    with pytest.raises(ResponseError):
        client.execute_command("NO-SUCH-COMMAND")

    assert client.client_id() == number


def test_who_gives_up_before_the_answer_leaves_nothing_for_the_next(cache, monkeypatch):
    cache.set("a", "mine", 60)
    cache.set("b", "yours", 60)
    client = redis_of(cache)

    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(client, "parse_response", interrupted)
        with pytest.raises(KeyboardInterrupt):
            cache.get("a")

    assert cache.get("b") == "yours"


def test_a_forked_process_has_connections_of_its_own(cache, monkeypatch):
    client = redis_of(cache)
    number = client.client_id()

    monkeypatch.setattr("shop.core.cache.os.getpid", lambda: -1)

    assert client.client_id() != number


def test_a_redis_that_is_away_is_asked_once(monkeypatch):
    client = KeptRedis(port=1, socket_connect_timeout=0.2)
    asked: list[tuple] = []
    ask = client._asked
    monkeypatch.setattr(client, "_asked", lambda *args: asked.append(args) or ask(*args))

    with pytest.raises(NotConnected):
        client.get("a")

    assert len(asked) == 1
