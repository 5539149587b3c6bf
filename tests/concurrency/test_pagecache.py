"""A hot page under two hundred visitors: made once, never wrong for long, and there without Redis."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from shop.core.pagecache import drop, middleware
from shop.core.pagecache import shelf as shelf_module
from shop.core.pagecache.shelf import shelf
from tests.factories import CategoryFactory, ProductFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.02", "S5.03")]

VISITORS = 80


@pytest.fixture(autouse=True)
def _kept_in_redis(settings, monkeypatch):
    """The real cache: what a process of its own would see too.

    Two hundred threads share one processor here: nobody may take a slow maker for a dead one.
    """
    for module in (middleware, shelf_module):
        monkeypatch.setattr(module, "LOCK_SECONDS", 60)
    settings.PAGE_CACHE = True
    settings.CACHES = {
        "default": {
            "BACKEND": "shop.core.cache.ForgivingRedisCache",
            "LOCATION": django_settings.REDIS_URL,
            "KEY_PREFIX": f"test-{time.time_ns()}",
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 5},
        }
    }
    shelf.clear_near()
    yield
    shelf.clear_near()


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """Paths of pages, each time one is made; making takes a while."""
    paths: list[str] = []
    make = middleware.page_make

    def slowly(get_response, request, address, **more):
        paths.append(address.path)
        time.sleep(0.1)
        return make(get_response, request, address, **more)

    monkeypatch.setattr(middleware, "page_make", slowly)
    return paths


def visits(path: str, number: int, look: Callable[[Client, str], object]) -> list[object]:
    """``number`` visitors who have never been here, all at one moment."""
    barrier = threading.Barrier(number, timeout=60)

    def visit(_number: int) -> object:
        barrier.wait()
        return look(Client(), path)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(visit, range(number)))


def status(client: Client, path: str) -> int:
    return client.get(path).status_code


def test_a_page_that_is_not_there_yet_is_made_once_for_eighty(made):
    category = CategoryFactory()

    seen = visits(category.get_absolute_url(), VISITORS, status)

    assert seen == [200] * VISITORS
    assert made == [category.get_absolute_url()]


def test_a_hot_page_that_was_dropped_is_made_once_for_eighty(made):
    category = CategoryFactory()
    path = category.get_absolute_url()
    assert status(Client(), path) == 200
    drop("site")

    seen = visits(path, VISITORS, status)

    assert seen == [200] * VISITORS
    assert made == [path, path]


def test_a_hot_page_that_is_old_keeps_nobody_waiting(made, monkeypatch):
    category = CategoryFactory()
    path = category.get_absolute_url()
    assert status(Client(), path) == 200
    everywhere_old()
    done = threading.Event()
    unlock = shelf.unlock
    monkeypatch.setattr(shelf, "unlock", lambda key: (unlock(key), done.set()))

    seen = visits(path, VISITORS, status)

    assert seen == [200] * VISITORS
    assert done.wait(10)
    assert made == [path, path]  # the second one beside the requests


def test_what_another_process_made_anew_is_taken(made, monkeypatch):
    """An old page is made once, not once by each process."""
    category = CategoryFactory()
    path = category.get_absolute_url()
    assert status(Client(), path) == 200
    ((key, near),) = shelf._near.items()
    anew = replace(near.page, version="anew")
    everywhere_old()
    cache.set(shelf_module._page_key(key), anew)  # as the other process would
    done = threading.Event()
    unlock = shelf.unlock
    monkeypatch.setattr(shelf, "unlock", lambda key: (unlock(key), done.set()))

    assert status(Client(), path) == 200

    assert done.wait(10)
    assert made == [path]
    assert shelf.read(key).page.version == "anew"


def test_pages_that_grow_old_together_are_made_one_after_the_other_by_one_connection(monkeypatch):
    """The thread of renewals rests after each page, and its plans stay with its connection."""
    families = [ProductFactory(price="20.00", stock=9) for _ in range(3)]
    for family in families:
        assert status(Client(), family.get_absolute_url()) == 200
    everywhere_old()
    backends, moments, done = [], [], threading.Event()
    make = middleware.page_make

    def noted(*args, **kwargs):
        start = time.monotonic()
        page = make(*args, **kwargs)
        backends.append(connection.connection.info.backend_pid)
        moments.append((start, time.monotonic()))
        if len(moments) == len(families):
            done.set()
        return page

    monkeypatch.setattr(middleware, "page_make", noted)
    visitor = Client()

    for family in families:
        assert status(visitor, family.get_absolute_url()) == 200

    assert done.wait(20)
    assert len(set(backends)) == 1
    for (begun, over), (then, _) in pairwise(moments):
        assert then - over >= middleware.REST_SHARE * (over - begun)


def everywhere_old() -> None:
    """All kept pages are older than they may be, in this process and in Redis."""
    for key, near in shelf._near.items():
        old = replace(near.page, made=near.page.made - shelf_module.FRESH_SECONDS - 1)
        near.page = old
        cache.set(shelf_module._page_key(key), old)


def test_a_price_change_is_seen_by_the_next_request():
    product = ProductFactory(price="20.00", stock=9)
    path = product.get_absolute_url()
    record = product.stockrecords.get()
    visitor = Client()

    for cents in range(20):
        record.price = Decimal("30.00") + Decimal(cents) / 100
        record.save()
        text = visitor.get(path).content.decode()
        assert f"€{record.price}" in text


def test_nobody_sees_a_price_that_is_a_second_old(made):
    product = ProductFactory(price="20.00", stock=9)
    path = product.get_absolute_url()
    status(Client(), path)
    record = product.stockrecords.get()
    changed: list[float] = []
    wrong: list[float] = []
    stop = threading.Event()

    def look() -> None:
        client = Client()
        while not stop.is_set():
            asked = time.monotonic()
            text = client.get(path).content.decode()
            if changed and "€20.00" in text:
                wrong.append(asked - changed[0])

    with ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(look)
        record.price = Decimal("25.00")
        record.save()
        changed.append(time.monotonic())
        time.sleep(1.5)
        stop.set()

    assert max(wrong, default=0.0) < 1.0


def test_redis_that_stops_in_the_middle_costs_no_page(settings, made):
    product = ProductFactory(price="20.00", stock=9)
    path = product.get_absolute_url()
    assert status(Client(), path) == 200
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    }
    shelf.clear_near()
    record = product.stockrecords.get()
    record.price = Decimal("21.00")

    record.save()
    seen = [Client().get(path) for _ in range(5)]

    assert [answer.status_code for answer in seen] == [200] * 5
    assert all("€21.00" in answer.content.decode() for answer in seen)


def test_a_drop_that_redis_did_not_hear_of_is_made_up_for(settings):
    product = ProductFactory(price="20.00", stock=9)
    path = product.get_absolute_url()
    up = settings.CACHES["default"]
    assert "€20.00" in Client().get(path).content.decode()
    settings.CACHES = {"default": up | {"LOCATION": "redis://127.0.0.1:1/0"}}
    record = product.stockrecords.get()
    record.price = Decimal("21.00")
    record.save()

    settings.CACHES = {"default": up}
    cache.get("anything")

    assert "€21.00" in Client().get(path).content.decode()
