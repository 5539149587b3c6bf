"""What tests of several apps share. Factories are in `tests.factories`."""

import logging
import os
import signal
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.urls import ResolverMatch, URLResolver
from django.utils import translation
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from shop.core.nearby import nearby_forget
from shop.garbage import settle
from tests.payments.localprovider.support import KEY, SECRET, Running
from tests.restore import Restore

# What takes minutes begins first, so that no process is left alone with it at the end.
LONGEST = (
    "tests/browser/",
    "tests/test_permissions.py",
    "tests/test_methods.py",
    "tests/flows/test_torture.py",
    "tests/orders/test_money.py",
    "tests/test_stored_script.py",
    "tests/test_chinese_pages.py",
    "tests/runtime/test_two_servers.py",
    "tests/exchange/test_sums.py",
)


class ByFile(LoadScopeScheduling):
    """A run that is divided keeps each file together, and the browser's files, which share a shop."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "browser" if file.startswith("tests/browser/") else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


BACK = 5  # of 19; who stands back by so much gets a third of what another one gets
_stands_back = False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """All tests with the browser are one chain, the longest of a run: the other processes stand back for it."""
    global _stands_back
    if hasattr(item.config, "workerinput") and not _stands_back:
        _stands_back = not item.nodeid.startswith("tests/browser/")
        if _stands_back:
            os.nice(BACK)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """The order is made after pytest-django has made its own."""
    yield
    if config.getoption("numprocesses", None) or hasattr(config, "workerinput"):
        items.sort(key=lambda item: [not item.nodeid.startswith(one) for one in LONGEST])


def pytest_collection_finish() -> None:
    """All modules and tests are there for good; the collector of garbage looks at what tests make."""
    settle()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        Restore().install()


@pytest.fixture(scope="session")
def provider_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The local payment provider in a process of its own; it sends no webhooks by itself."""
    running = Running(tmp_path_factory.mktemp("shop-provider") / "provider.sqlite3", "")
    running.start()
    yield running
    running.kill(signal.SIGTERM)


@pytest.fixture
def provider(provider_process: Running, settings) -> Running:
    """The shop takes cards through the local provider, which is empty. ``provider.control`` steers it."""
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    settings.STRIPE_API_BASE = provider_process.url
    provider_process.control.reset()
    return provider_process


@pytest.fixture
def quick_walk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For thousands of requests to a few hundred addresses: which view an address leads to is looked up once
    for each language, and of refusals that the walk itself counts no record is written."""
    resolve, known = URLResolver.resolve, {}

    def resolve_once(resolver: URLResolver, path: str) -> ResolverMatch:
        key = (resolver, path, translation.get_language())
        if key not in known:
            known[key] = resolve(resolver, path)
        return known[key]

    monkeypatch.setattr(URLResolver, "resolve", resolve_once)
    requests = logging.getLogger("django.request")
    before = requests.level
    requests.setLevel(logging.ERROR)
    yield
    requests.setLevel(before)


@pytest.fixture(autouse=True)
def _plain_english() -> Iterator[None]:
    """A request leaves its language behind; the next test does not find it."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test finds what another one kept, throttles included."""
    cache.clear()
    nearby_forget()
