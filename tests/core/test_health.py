"""What stands before every page, and what is down while the shop goes on."""

import socket
import time

import pytest
from celery import Celery
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.db import OperationalError, connection
from django.test import Client

from orders.services import order_place
from payments.services import intent_capture, intent_open
from shop.core import outbox, tasks
from shop.core.cache import ForgivingRedisCache
from shop.core.outbox import relay
from tests.factories import ProductFactory
from tests.sales import basket_with, checkout_of, intent_of

pytestmark = [pytest.mark.django_db, pytest.mark.req("S5.01", "S5.03")]


def test_healthz_needs_no_database(django_db_blocker):
    with django_db_blocker.block():
        answer = Client().get("/healthz", headers={"host": "any.example"})

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readyz_asks_the_database(monkeypatch):
    assert Client().get("/readyz").status_code == 200

    def fail(*args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", fail)
    monkeypatch.setattr(connection, "close", lambda: None)
    assert Client().get("/readyz").status_code == 503


NUL = "\\000"


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get("/catalogue/%00/"),
        lambda client: client.get("/search/?q=a%00b"),
        lambda client: client.post("/basket/", {"code": "a\0b"}),
        lambda client: client.post("/basket/", {"a\0b": "1"}),
        lambda client: client.get(
            "/basket/", headers={"cookie": f'sessionid_8000="{NUL}aaaaaaaa"'}
        ),
    ],
)
def test_a_nul_is_refused_before_anything_reads_it(ask):
    assert ask(Client(raise_request_exception=False)).status_code == 400


def test_private_pages_are_never_kept():
    for address in ("/basket/", "/zh-hans/basket/", "/dashboard/"):
        answer = Client().get(address)
        assert "no-store" in answer.headers["Cache-Control"], address


@pytest.fixture
def dead_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def cache_down(dead_port: int) -> ForgivingRedisCache:
    options = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}
    return ForgivingRedisCache(f"redis://127.0.0.1:{dead_port}/0", {"OPTIONS": options})


def test_a_cache_that_is_down_misses_and_never_raises(cache_down: ForgivingRedisCache):
    assert cache_down.get("a") is None
    assert cache_down.get("a", "fallback") == "fallback"
    assert cache_down.get_many(["a"]) == {}
    assert cache_down.get_or_set("a", 3) == 3
    assert cache_down.add("a", 1) is True
    assert cache_down.set("a", 1) is None
    assert cache_down.set_many({"a": 1}) == []
    assert cache_down.touch("a") is False
    assert cache_down.delete("a") is False
    assert cache_down.has_key("a") is False
    assert cache_down.delete_many(["a"]) is None
    assert cache_down.clear() is None
    with pytest.raises(ValueError, match="not in the cache"):
        cache_down.incr("a")


def test_orders_go_on_without_redis(cache_down, dead_port, settings, monkeypatch):
    """No cache and no broker: the basket, the order, the payment and its news."""
    monkeypatch.setattr(tasks, "_silent_until", 0.0)
    monkeypatch.setattr(caches._connections, "default", cache_down, raising=False)
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{dead_port}/0"

    order = order_place(checkout=checkout_of(basket_with({ProductFactory(): 1})))
    intent_open(intent=intent_of(order))
    intent_capture(intent=intent_of(order))
    relay()

    order.refresh_from_db()
    assert order.status == "paid"
    assert Client().get("/basket/").status_code == 200


def unheard(port: int) -> object:
    """A task of an application whose broker is at ``port``, set up as the shop's own."""
    app = Celery("test", set_as_current=False)
    app.config_from_object("django.conf:settings", namespace="CELERY")
    app.conf.broker_url = f"redis://127.0.0.1:{port}/0"

    @app.task
    def nothing() -> None: ...

    return nothing


def test_a_broker_that_is_down_costs_one_short_wait(dead_port: int, monkeypatch):
    monkeypatch.setattr(tasks, "_silent_until", 0.0)
    task = unheard(dead_port)

    started = time.monotonic()
    tasks.send_quietly(task)
    assert time.monotonic() - started < 3

    started = time.monotonic()
    for _ in range(100):
        tasks.send_quietly(task)
    assert time.monotonic() - started < 0.1


def test_a_broker_that_hangs_costs_one_wait(monkeypatch):
    monkeypatch.setattr(tasks, "_silent_until", 0.0)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        task = unheard(mute.getsockname()[1])

        started = time.monotonic()
        tasks.send_quietly(task)
        tasks.send_quietly(task)

    assert time.monotonic() - started < 8


def test_a_cache_that_hangs_is_asked_once_and_then_left_alone(monkeypatch):
    cache = ForgivingRedisCache("redis://127.0.0.1:9/0", {})
    asked = []

    def hang(*args, **kwargs):
        asked.append(args)
        raise TimeoutError

    monkeypatch.setattr(RedisCache, "get", hang)

    assert [cache.get("a"), cache.get("b", 7), cache.get("c")] == [None, 7, None]
    assert len(asked) == 1

    cache.silent_until = 0
    cache.get("d")
    assert len(asked) == 2


def test_pages_of_a_visitor_with_a_session_stay_in_their_browser(client, settings):
    assert "Cache-Control" not in client.get("/search/").headers
    client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"

    assert client.get("/search/").headers["Cache-Control"] == "private"


def test_work_that_a_transaction_asks_for_often_is_sent_once(
    monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(tasks, "send_quietly", lambda task: sent.append(task))

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            tasks.send_after_commit(tasks.outbox_relay)
        tasks.send_after_commit(tasks.sessions_forget)
        assert sent == []

    assert sent == [tasks.outbox_relay, tasks.sessions_forget]


def test_what_providers_told_is_worked_off_and_relayed_by_one_task(monkeypatch):
    called: list[str] = []
    asked: list[object] = []

    def work() -> None:
        called.append("work")
        outbox._kick()  # as what is emitted does after its commit

    monkeypatch.setattr(tasks, "_work", [work])
    monkeypatch.setattr(tasks, "send_quietly", lambda task, **_when: asked.append(task))
    monkeypatch.setattr(outbox, "relay", lambda: called.append("relay"))
    monkeypatch.setattr(tasks.mail, "send_due", lambda: called.append("mails"))
    tasks.outbox_relay()

    assert called == ["work", "relay", "mails"]
    assert asked == []


def test_a_task_that_waits_already_is_not_sent_again(monkeypatch):
    sent: list[object] = []
    monkeypatch.setattr(tasks, "send_quietly", lambda task, **_when: sent.append(task))
    tasks.begins(tasks.outbox_relay)

    for _ in range(3):
        tasks.send_once(tasks.outbox_relay)
    assert sent == [tasks.outbox_relay]

    tasks.begins(tasks.outbox_relay)  # it looks for work now, so what comes later rings again
    tasks.send_once(tasks.outbox_relay)
    assert sent == [tasks.outbox_relay] * 2
