"""A connection that still works is not asked whether it does; one that broke is replaced."""

import psycopg
import pytest
from django.db import close_old_connections, connection
from django.db.backends.postgresql.base import DatabaseWrapper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.03")]


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """How often the server was asked."""
    times: list[str] = []
    ask = DatabaseWrapper.is_usable

    def counted(self: DatabaseWrapper) -> bool:
        times.append("asked")
        return ask(self)

    monkeypatch.setattr(DatabaseWrapper, "is_usable", counted)
    return times


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def from_outside(sql: str, *values: object) -> None:
    facts = connection.get_connection_params()
    names = {"dbname", "user", "password", "host", "port"}
    with psycopg.connect(**{name: facts[name] for name in names & facts.keys()}) as other:
        other.execute(sql, values)


def next_request() -> int:
    close_old_connections()
    return backend()


def test_the_requests_of_a_busy_minute_ask_once(asked):
    first = backend()
    asked.clear()

    assert {next_request() for _ in range(5)} == {first}
    assert asked == []


def test_after_a_while_of_silence_it_is_asked(asked, monkeypatch):
    first = backend()
    asked.clear()
    monkeypatch.setattr(connection, "_seen_at", connection._seen_at - 31)

    assert next_request() == first
    assert asked == ["asked"]


def test_a_session_that_the_server_cut_is_replaced_before_its_first_statement(asked):
    first = backend()
    from_outside("SELECT pg_terminate_backend(%s, 3000)", first)

    assert next_request() != first
    assert asked == ["asked"]


def test_a_word_of_the_server_is_not_taken_for_its_end():
    with connection.cursor() as cursor:
        cursor.execute("LISTEN usable")
    first = backend()
    from_outside("NOTIFY usable")

    assert next_request() == first
