"""Web processes hold no state: what a shopper does at one is seen at any other."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest
from django.db import connection
from django.urls import reverse

from shop.runtime.config import ROOT
from shop.runtime.ports import first_free
from shop.runtime.processes import web
from tests.factories import ProductFactory, WarehouseFactory

OPEN_SECONDS = 150

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.02")]


@pytest.fixture
def servers(transactional_db) -> Iterator[list[str]]:
    """Addresses of two web servers that share a database and nothing else, not even a cache."""
    WarehouseFactory()
    address = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))
    environment = os.environ | {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "shop.settings.test",
        "PORT": "8000",  # the shop's address; it names the cookies
    }
    with ExitStack() as stack:
        ports = []
        for _ in range(2):
            ports.append(first_free())
            command = web(host="127.0.0.1", port=ports[-1], workers=1)
            process = subprocess.Popen(command, env=environment, cwd=ROOT)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        for port in ports:
            _wait_until_open(port)
        yield [f"http://127.0.0.1:{port}" for port in ports]


def _wait_until_open(port: int) -> None:
    deadline = time.monotonic() + OPEN_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=20).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the web server did not open")


def test_a_basket_begun_at_one_server_goes_on_at_the_other(servers):
    product = ProductFactory(title="Travelling teapot", price="30", stock=5)
    one, other = servers
    with httpx.Client(follow_redirects=True, timeout=60) as shopper:
        shopper.get(f"{one}{product.get_absolute_url()}").raise_for_status()
        for server in (one, other):  # the form of one server is taken by the other, too
            added = shopper.post(
                f"{server}{reverse('basket:add', kwargs={'pk': product.pk})}",
                data={
                    "quantity": 1,
                    "csrfmiddlewaretoken": shopper.cookies["csrftoken"],
                },
                headers={"Referer": server},
            )
            added.raise_for_status()

        baskets = [shopper.get(f"{server}{reverse('basket:summary')}").text for server in servers]

    assert all("Travelling teapot" in basket for basket in baskets)
    assert all("€60.00" in basket for basket in baskets)
