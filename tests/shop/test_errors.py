import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from catalog.views import HomeView
from tests.factories import UserFactory


@pytest.fixture
def no_database(monkeypatch):
    def refuse(self):
        raise OperationalError("connection refused")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)


@pytest.mark.req("S5.03")
@pytest.mark.parametrize("path", ["/", "/zh-hans/basket/", "/dashboard/"])
def test_without_its_database_the_shop_says_to_come_back(client, no_database, path):
    client.raise_request_exception = False
    client.cookies["sessionid_8000"] = "somebody"

    response = client.get(path)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "no-store" in response.headers["Cache-Control"]


def test_it_says_that_nothing_was_charged(client, no_database):
    client.raise_request_exception = False

    assert "Nothing was charged" in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_what_fails_on_its_way_out_says_how_long_it_is(client, monkeypatch, coding):
    def refuse(*_args):
        raise OperationalError("gone")

    monkeypatch.setattr(SessionMiddleware, "process_response", refuse)
    client.raise_request_exception = False

    page = client.get("/basket/", headers={"Accept-Encoding": coding})

    assert page.status_code == 503
    assert page.headers["Content-Length"] == str(len(page.content))


@pytest.mark.django_db
def test_our_own_fault_is_a_500_that_says_so(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr(HomeView, "get", lambda *args, **kwargs: 1 / 0)

    page = client.get("/")

    assert page.status_code == 500
    assert "<h1" in page.content.decode()


@pytest.mark.django_db
@pytest.mark.req("S5.04")
def test_a_refusal_says_what_to_do(client):
    client.force_login(UserFactory(is_staff=True))

    page = client.get("/dashboard/team/")

    assert page.status_code == 403
    assert "Sign in with the account that may" in page.content.decode()


@pytest.mark.django_db
def test_an_address_that_leads_nowhere_is_a_404(client):
    assert client.get("/styleguide/nowhere/").status_code == 404
