"""After a test that commits, the database is again what `migrate` made it.

Django empties every table and tells each app that it has been migrated: two seconds with 250 tables, and
what migrations had written is gone. Here only tables that hold something else than before are written.
"""

from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg import sql


class Restore:
    """What each table held at the start. ``install`` makes tests that commit come back to it."""

    def __init__(self) -> None:
        self._digests = _digests(_filled())
        self._rows = {table: _copy_out(table) for table in self._digests}

    def install(self) -> None:
        TransactionTestCase._fixture_teardown = lambda _case: self.restore()
        with (
            connection.cursor() as cursor
        ):  # the audit trail refuses to be emptied; here it must not
            for table in ("audit_entry", "audit_seal", "audit_anchor"):
                cursor.execute(f"DROP TRIGGER IF EXISTS audit_keeps_all ON {table}")

    def restore(self) -> None:
        """Take away what was added, and write again what was changed or lost."""
        from shop.core.audit.acting import quietly  # needs the apps loaded

        stale = self._stale()
        if for_ever := stale & _kept_for_ever():
            names = sql.SQL(", ").join(map(sql.Identifier, sorted(for_ever)))
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
            stale = self._stale()
        # Foreign keys are looked at when it ends; the audit trail notes nothing of it.
        with transaction.atomic(), quietly("tests"):
            for table in stale:
                with connection.cursor() as cursor:
                    cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            if "audit_entry" in stale:
                stale.add("audit_waiting")  # a trigger queues there what is written again
            for table in sorted(stale & self._rows.keys(), key="audit_waiting".__eq__):
                if table == "audit_waiting":
                    with connection.cursor() as cursor:
                        cursor.execute("DELETE FROM audit_waiting")
                _copy_in(table, self._rows[table])

    def _stale(self) -> set[str]:
        now, then = _digests(_filled()), self._digests
        return {table for table in {*now, *then} if now.get(table) != then.get(table)}


def _kept_for_ever() -> set[str]:
    """Tables with a trigger of ours before deleting: their rows go by truncating only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgtype & 8 > 0 AND tgtype & 2 > 0"
        )
        return {table for (table,) in cursor.fetchall()}


def _filled() -> list[str]:
    """Tables with at least one row."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        ask = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(
                sql.Literal(table), sql.Identifier(table)
            )
            for table in tables
        )
        cursor.execute(ask)
        return [table for (table,) in cursor.fetchall()]


def _digests(tables: list[str]) -> dict[str, str]:
    if not tables:
        return {}
    with connection.cursor() as cursor:
        ask = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, md5(string_agg(t::text, '\n' ORDER BY t::text)) FROM {} t").format(
                sql.Literal(table), sql.Identifier(table)
            )
            for table in tables
        )
        cursor.execute(ask)
        return dict(cursor.fetchall())


def _copy_out(table: str) -> bytes:
    with connection.cursor() as cursor:
        statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
        with cursor.copy(statement) as copy:
            return b"".join(bytes(part) for part in copy)


def _copy_in(table: str, rows: bytes) -> None:
    with connection.cursor() as cursor:
        statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
        with cursor.copy(statement) as copy:
            copy.write(rows)
