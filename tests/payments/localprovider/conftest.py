import signal
from collections.abc import Iterator

import httpx
import pytest
import stripe

from tests.payments.localprovider.support import Receiver, Running, wait_until


@pytest.fixture(scope="session")
def receiver_server() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, receiver_server: Receiver) -> Iterator:
    running = Running(tmp_path_factory.mktemp("provider") / "p.sqlite3", receiver_server.url)
    running.start()
    yield running
    running.kill(signal.SIGTERM)


@pytest.fixture
def provider(running: Running, receiver: Receiver) -> Running:
    """The provider, empty."""
    running.control.reset()
    receiver.clear()
    return running


@pytest.fixture
def receiver(running: Running, receiver_server: Receiver) -> Receiver:
    """The shop's webhook address, after nothing from an earlier test is on its way."""
    wait_until(running.delivered, "webhooks of an earlier test are still on their way")
    receiver_server.clear()
    return receiver_server


@pytest.fixture
def client(provider: Running) -> stripe.StripeClient:
    return provider.client()


@pytest.fixture
def browser(provider: Running) -> Iterator[httpx.Client]:
    """Follows links and forms on the hosted pages, like a browser without JavaScript."""
    with httpx.Client(base_url=provider.url, trust_env=False) as http:
        yield http
