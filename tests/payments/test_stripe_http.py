"""Stripe's transport: connections are kept, and what goes wrong on the way is told as the library does."""

import socket

import pytest
import stripe
import urllib3

from payments.gateways.stripe_http import PooledClient
from tests.payments.localprovider.support import Running

pytestmark = pytest.mark.req("S7.03")


def test_a_connection_serves_many_calls(provider_process: Running):
    transport = PooledClient(address=provider_process.url, timeout=5)

    answers = [transport.request("get", f"{provider_process.url}/healthz", {}) for _ in range(3)]

    assert [status for _body, status, _heads in answers] == [200, 200, 200]
    other = transport.request("get", f"{provider_process.url}/healthz?a=b", {})
    assert other[1] == 200
    pool = transport.pool.connection_from_url(provider_process.url)
    assert (pool.num_connections, pool.num_requests) == (1, 4)
    transport.close()


def test_an_address_in_a_folder_is_asked_there(provider_process: Running):
    transport = PooledClient(address=f"{provider_process.url}/far/away/", timeout=5)

    assert transport.request("get", f"{provider_process.url}/healthz", {})[1] == 200
    assert transport.request("get", f"{provider_process.url}/far/away/healthz", {})[1] == 404
    transport.close()


def test_nobody_there_is_worth_another_try():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"

    with pytest.raises(stripe.APIConnectionError) as refusal:
        PooledClient(address=address, timeout=1).request("get", address, {})
    assert refusal.value.should_retry is True


def test_silence_is_worth_another_try():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"

        with pytest.raises(stripe.APIConnectionError, match="ReadTimeoutError") as refusal:
            PooledClient(address=address, timeout=0.1).request("get", address, {})
    assert refusal.value.should_retry is True


def test_who_speaks_no_tls_is_not_asked_again(provider_process: Running):
    address = provider_process.url.replace("http://", "https://")

    with pytest.raises(stripe.APIConnectionError, match="SSLError") as refusal:
        PooledClient(address=address, timeout=2).request("get", address, {})
    assert refusal.value.should_retry is False


def test_the_proxy_of_the_environment_is_taken_unless_it_is_not_for_this_host(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://mei:secret@proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")

    far = PooledClient(address="https://api.stripe.com", timeout=1).pool
    near = PooledClient(address="https://inside.example", timeout=1).pool

    assert isinstance(far, urllib3.ProxyManager)
    assert far.proxy.host == "proxy.example"
    assert far.proxy_headers == {"proxy-authorization": "Basic bWVpOnNlY3JldA=="}
    assert not isinstance(near, urllib3.ProxyManager)
