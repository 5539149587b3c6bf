"""A kept connection is known to stand, or to be gone, without a question to the server."""

import psycopg
import pytest
from django.db import OperationalError, connection

from shop.core.planned import planned_rows

pytestmark = pytest.mark.django_db(transaction=True)


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def _statements_of(pid: int) -> str:
    """The last statement that the server saw on that connection."""
    with _other() as other:
        asked = "SELECT query FROM pg_stat_activity WHERE pid = %s"
        return other.execute(asked, [pid]).fetchone()[0]


def _other() -> psycopg.Connection:
    facts = connection.get_connection_params()
    names = {"dbname", "user", "password", "host", "port"}
    return psycopg.connect(**{name: facts[name] for name in names & facts.keys()})


def test_one_that_stands_is_not_asked():
    pid = _backend()
    assert connection.is_usable()
    assert "pg_backend_pid" in _statements_of(pid)  # and nothing after it


def test_one_that_the_server_ended_is_replaced_before_a_statement_fails():
    pid = _backend()
    with _other() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert not connection.is_usable()
    connection.health_check_enabled, connection.health_check_done = True, False
    assert _backend() != pid


def test_a_planned_statement_says_that_it_was_ended_and_the_next_has_a_new_one():
    ((pid,),) = planned_rows("SELECT pg_backend_pid() + %s::int", [0])
    with _other() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(OperationalError):
        planned_rows("SELECT %s::int", [1])
    connection.close_if_unusable_or_obsolete()
    assert planned_rows("SELECT %s::int", [1]) == [(1,)]


def test_one_that_was_closed_here_is_not_usable():
    _backend()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()


def test_a_notice_of_the_server_does_not_end_it():
    pid = _backend()
    with connection.cursor() as cursor:
        cursor.execute("LISTEN storekeep_health")
    with _other() as other:
        other.execute("NOTIFY storekeep_health")
        other.commit()
    assert connection.is_usable()
    assert _backend() == pid
