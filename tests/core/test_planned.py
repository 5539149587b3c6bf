"""Planned statements around Django's cursor: the same errors, the same counting, one cursor for all."""

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.db.utils import DataError, IntegrityError
from django.test.utils import CaptureQueriesContext

from shop.core.planned import KEPT, planned_rows, planned_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S5.02")]

SUM = "SELECT %s::integer + 1"


def test_it_gives_rows_and_their_number():
    assert planned_run(SUM, ["4"]) == ([(5,)], 1)
    assert planned_run("SELECT 1 WHERE %s = 'never'", ["now"]) == ([], 0)
    made = planned_run("CREATE TEMPORARY TABLE IF NOT EXISTS planned_run (one integer)", [])
    assert made[0] == []
    assert planned_run("INSERT INTO planned_run VALUES (%s), (%s)", ["1", "2"]) == ([], 2)
    assert planned_run("DELETE FROM planned_run WHERE one < %s", ["2"]) == ([], 1)


def test_one_cursor_serves_a_connection_and_a_new_one_has_its_own():
    planned_rows(SUM, [1])
    first = getattr(connection.connection, KEPT)
    planned_rows(SUM, [2])
    assert getattr(connection.connection, KEPT) is first
    connection.close()
    assert planned_rows(SUM, [3]) == [(4,)]
    assert getattr(connection.connection, KEPT) is not first


def test_its_errors_are_djangos_and_the_cursor_outlives_them():
    with pytest.raises(DataError):
        planned_rows("SELECT %s::integer / 0", [1])
    with pytest.raises(IntegrityError):
        planned_rows("INSERT INTO auth_group (name) VALUES (%s), (%s)", ["same", "same"])
    assert planned_rows(SUM, [1]) == [(2,)]


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
