"""The quicker cursor says what psycopg's own says."""

import threading
import time

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql import base
from django.db.utils import DataError, IntegrityError, OperationalError, ProgrammingError
from psycopg.pq import ExecStatus

from shop.core.postgres.cursors import Cursor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.02")]

LOCK = 1_987_654


@pytest.fixture(params=[Cursor, base.Cursor])
def cursor(request):
    """Ours, then the one that it has to be like."""
    connection.ensure_connection()
    with request.param(connection.connection) as made:
        yield made


def test_it_is_the_one_that_django_uses():
    with connection.cursor() as cursor:
        assert type(cursor.cursor) is Cursor


def test_rows_their_number_and_their_columns(cursor):
    cursor.execute("SELECT n, n::text AS word FROM generate_series(1, %s) AS n", [3])
    assert (cursor.rowcount, [one.name for one in cursor.description]) == (3, ["n", "word"])
    assert cursor.fetchone() == (1, "1")
    assert cursor.fetchall() == [(2, "2"), (3, "3")]
    cursor.execute("SELECT 1 WHERE false")
    assert (cursor.rowcount, cursor.fetchall()) == (0, [])


def test_what_gives_no_rows_says_how_many_it_was_about(cursor):
    cursor.execute("CREATE TEMPORARY TABLE one_call (word text)")
    assert cursor.description is None
    cursor.execute("INSERT INTO one_call VALUES (%s), (%s)", ["a", "b; c"])
    assert (cursor.rowcount, cursor.statusmessage) == (2, "INSERT 0 2")
    cursor.execute("UPDATE one_call SET word = 'd' WHERE word = %s RETURNING word", ["b; c"])
    assert (cursor.rowcount, cursor.fetchall()) == (1, [("d",)])
    cursor.executemany("DELETE FROM one_call WHERE word = %s", [["a"], ["d"], ["e"]])
    assert cursor.rowcount == 2
    cursor.execute("DROP TABLE one_call")


def test_of_several_statements_each_answers(cursor):
    cursor.execute("SELECT 1; SELECT 2")
    assert cursor.fetchall() == [(1,)]
    assert cursor.nextset()
    assert cursor.fetchall() == [(2,)]


def test_the_same_mistakes(cursor):
    for sql, error in (
        ("SELECT 1 / 0", psycopg.errors.DivisionByZero),
        ("SELECT gone FROM auth_group", psycopg.errors.UndefinedColumn),
        ("INSERT INTO auth_group (name) VALUES (NULL)", psycopg.errors.NotNullViolation),
        ("COPY auth_group TO STDOUT", psycopg.ProgrammingError),
    ):
        with pytest.raises(error), connection.connection.transaction():
            cursor.execute(sql)
    connection.close()


def test_django_hears_them_as_its_own():
    with connection.cursor() as cursor:
        for sql, error in (
            ("SELECT 1 / 0", DataError),
            ("SELECT gone FROM auth_group", ProgrammingError),
            ("INSERT INTO auth_group (name) VALUES (NULL)", IntegrityError),
        ):
            with pytest.raises(error):
                cursor.execute(sql)


def test_a_transaction_begins_with_its_first_statement(cursor):
    raw = connection.connection
    raw.autocommit = False
    cursor.execute("SET LOCAL application_name = 'one call'")
    cursor.execute("SHOW application_name")
    assert cursor.fetchone() == ("one call",)
    raw.rollback()
    cursor.execute("SHOW application_name")
    assert cursor.fetchone() != ("one call",)
    raw.rollback()
    raw.autocommit = True


def test_who_was_cut_off_hears_it(cursor):
    cursor.execute("SELECT pg_backend_pid()")
    (pid,) = cursor.fetchone()
    facts = connection.get_connection_params()
    names = {"dbname", "user", "password", "host", "port"}
    with psycopg.connect(**{name: facts[name] for name in names & facts.keys()}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    with pytest.raises(psycopg.OperationalError):
        cursor.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        cursor.execute("SELECT 1")
    connection.close()


class Told:
    """An answer of libpq that says nothing but that something failed."""

    status = ExecStatus.FATAL_ERROR

    def error_field(self, _field: int) -> bytes | None:
        return None

    def get_error_message(self, _encoding: str) -> str:
        return "server closed the connection unexpectedly"


class Gone:
    _encoding = "utf-8"

    def exec_(self, _command: bytes) -> Told:
        return Told()


def test_what_the_server_did_not_say_itself_is_that_it_is_gone(monkeypatch):
    with connection.cursor() as cursor:
        monkeypatch.setattr(cursor.cursor, "_pgconn", Gone(), raising=False)
        with pytest.raises(OperationalError, match="closed the connection"):
            cursor.execute("SELECT 1")


def _waits(cursor) -> bool:
    """Whether somebody in this database waits for the lock."""
    cursor.execute(
        "SELECT 1 FROM pg_locks JOIN pg_database AS here ON here.oid = pg_locks.database"
        " WHERE datname = current_database() AND objid = %s AND NOT granted",
        [LOCK],
    )
    return cursor.fetchone() is not None


def test_other_threads_go_on_while_one_waits():
    """Or the one that has to let go of the lock could not."""
    got = []

    def wait() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            got.append(cursor.fetchone()[0])
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            got.append("lock")
        connection.close()

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        waiting = threading.Thread(target=wait)
        waiting.start()
        while not _waits(cursor):
            time.sleep(0.01)
        assert len(got) == 1
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        waiting.join()
    assert got[1:] == ["lock"]
