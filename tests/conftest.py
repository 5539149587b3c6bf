"""What tests of several apps share. Factories are in `tests.factories`."""

import signal
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import translation

from shop.core.nearby import nearby_forget
from tests.payments.localprovider.support import KEY, SECRET, Running

# What takes minutes begins first, so that no process is left alone with it at the end.
LONGEST = (
    "tests/browser/",
    "tests/test_permissions.py",
    "tests/flows/test_torture.py",
    "tests/test_chinese_pages.py",
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """A run that is divided keeps each file together, and the browser's files, which share a shop.

    Groups are named before xdist reads them, the order is made after pytest-django has made its own.
    ``nodeid`` is worked out once: whoever reads it earlier keeps xdist from adding the group to it.
    """
    is_divided = config.getoption("numprocesses", None) or hasattr(config, "workerinput")
    for item in items if is_divided else ():
        file = str(item.path.relative_to(config.rootpath))
        browser = file.startswith("tests/browser/")
        item.add_marker(pytest.mark.xdist_group("browser" if browser else file))
    yield
    if is_divided:
        items.sort(key=lambda item: [not item.nodeid.startswith(one) for one in LONGEST])


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
