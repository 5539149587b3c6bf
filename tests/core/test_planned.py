"""Planned statements around Django's cursor: the same errors, the same counting."""

import datetime as dt
import json
from decimal import Decimal
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.db.utils import DataError, IntegrityError, OperationalError
from django.test.utils import CaptureQueriesContext
from psycopg.pq import ExecStatus
from psycopg.types.json import Jsonb

from shop.core import plans
from shop.core.planned import KEPT, planned_each_time, planned_rows, planned_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.02")]

SUM = "SELECT %s::integer + 1"


def test_it_gives_rows_and_their_number():
    assert planned_run(SUM, ["4"]) == ([(5,)], 1)
    assert planned_run("SELECT 1 WHERE %s = 'never'", ["now"]) == ([], 0)
    made = planned_run("CREATE TEMPORARY TABLE IF NOT EXISTS planned_run (one integer)", [])
    assert made[0] == []
    assert planned_run("INSERT INTO planned_run VALUES (%s), (%s)", ["1", "2"]) == ([], 2)
    assert planned_run("DELETE FROM planned_run WHERE one < %s", ["2"]) == ([], 1)


def test_a_connection_keeps_its_plans_and_a_new_one_has_its_own():
    planned_rows(SUM, [1])
    first = getattr(connection.connection, KEPT)
    planned_rows(SUM, [2])
    assert getattr(connection.connection, KEPT) is first
    connection.close()
    assert planned_rows(SUM, [3]) == [(4,)]
    assert getattr(connection.connection, KEPT) is not first


def test_its_errors_are_djangos_and_the_plans_outlive_them():
    with pytest.raises(DataError):
        planned_rows("SELECT %s::integer / 0", [1])
    with pytest.raises(IntegrityError):
        planned_rows("INSERT INTO auth_group (name) VALUES (%s), (%s)", ["same", "same"])
    assert planned_rows(SUM, [1]) == [(2,)]


def test_a_zero_in_a_text_is_refused_and_does_not_end_it():
    with pytest.raises(DataError):
        planned_rows("SELECT %s::text", ["a\0b"])
    assert planned_rows("SELECT %s || '%%'", ["中文"]) == [("中文%",)]


def test_json_is_written_and_what_is_not_a_text_is_read():
    sql = "SELECT %s::jsonb, %s::numeric, %s::timestamptz, %s::int[], %s::bytea, %s::uuid, %s::text"
    moment, key = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC), uuid4()
    values = [Decimal("1.50"), moment, [1, 2], "\\x00ff", key, None]
    for first in (Jsonb({"a": [1]}), '{"a": [1]}'):
        ((found, *others),) = planned_rows(sql, [first, *values])
        assert json.loads(found) == {"a": [1]}  # as Django's own connections give it
        assert others == [Decimal("1.50"), moment, [1, 2], b"\0\xff", key, None]


def test_a_transaction_begins_with_its_first_statement_and_takes_all_back():
    name = f"planned {uuid4()}"
    with transaction.atomic():
        planned_rows("INSERT INTO auth_group (name) VALUES (%s)", [name])
        transaction.set_rollback(True)
    assert not planned_rows("SELECT 1 FROM auth_group WHERE name = %s", [name])


def test_the_plan_that_was_not_asked_for_the_longest_makes_room(monkeypatch):
    monkeypatch.setattr(plans, "MOST", 2)
    connection.close()
    for number in (1, 2, 1, 3):
        assert planned_rows(f"SELECT {number} + %s::int", [1]) == [(number + 1,)]
    kept = "SELECT statement FROM pg_prepared_statements ORDER BY 1"
    with connection.cursor() as cursor:
        cursor.execute(kept)
        assert [one for (one,) in cursor.fetchall()] == ["SELECT 1 + $1::int", "SELECT 3 + $1::int"]
    connection.close()


def test_without_plans_everything_else_is_the_same(monkeypatch):
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    monkeypatch.delattr(connection.connection, KEPT, raising=False)
    assert planned_run(SUM, ["4"]) == ([(5,)], 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name LIKE 'storekeep%'")
        assert not cursor.fetchall()
    connection.close()


def test_nothing_runs_in_a_transaction_that_is_broken():
    with transaction.atomic():
        with pytest.raises(DataError), transaction.atomic(savepoint=False):
            planned_rows("SELECT %s::integer / 0", [1])
        with pytest.raises(TransactionManagementError):
            planned_rows(SUM, [1])
        transaction.set_rollback(True)


def test_it_is_seen_where_statements_are_counted_and_by_wrappers():
    with CaptureQueriesContext(connection) as seen:
        planned_rows(SUM, [41])
    assert [one["sql"] for one in seen] == ["SELECT '41'::integer + 1"]
    wrapped = []

    def note(execute, sql, params, many, context):
        wrapped.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert planned_rows(SUM, [1]) == [(2,)]
    assert wrapped == [SUM]


class Told:
    """An answer of libpq that says nothing but that something failed."""

    status = ExecStatus.FATAL_ERROR
    error_message = b"server closed the connection unexpectedly\n"

    def error_field(self, _field: int) -> bytes | None:
        return None


def test_what_the_server_did_not_say_itself_is_that_it_is_gone():
    planned_rows(SUM, [1])
    kept = getattr(connection.connection, KEPT)
    with pytest.raises(psycopg.OperationalError, match="closed the connection"):
        kept._checked(Told())
    with pytest.raises(OperationalError), connection.wrap_database_errors:
        kept._checked(Told())


GROUPS = "SELECT count(*) FROM auth_group WHERE id = %s"
MODE = "SELECT current_setting('plan_cache_mode')"


def _plans_made(sql: str) -> tuple[int, int]:
    """How often a statement was planned with its values, and how often its one plan was taken."""
    text = sql.replace("%s", "$1")
    found = "SELECT custom_plans, generic_plans FROM pg_prepared_statements WHERE statement = %s"
    return planned_rows(found, [text])[0]


def test_while_tables_are_filled_each_statement_is_planned_for_what_is_in_them():
    planned_rows(GROUPS, [1])
    assert _plans_made(GROUPS) == (0, 1)

    with planned_each_time():
        planned_rows(GROUPS, [1])
        with planned_each_time():  # by a service that fills one too
            planned_rows(GROUPS, [2])
        planned_rows(GROUPS, [3])

    planned_rows(GROUPS, [4])
    assert _plans_made(GROUPS) == (3, 2)


def test_after_a_failure_there_is_one_plan_again():
    with pytest.raises(DataError), transaction.atomic(), planned_each_time():
        planned_rows("SELECT %s::integer / 0", [1])

    assert planned_rows(MODE, []) == [("force_generic_plan",)]
