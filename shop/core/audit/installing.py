"""Triggers are no matter of migrations: what is watched follows the models and the settings.

They are dropped before a migration runs, because PostgreSQL does not alter a column that one of them
names, and made anew after it. `manage.py verify` says if one is missing or another than it should be.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connection

from shop.core.audit.triggers import BODY, FUNCTION, PREFIX, function_sql, triggers_of
from shop.core.audit.watching import watched

TABLES = ("audit_entry", "audit_seal", "audit_anchor")
#: On the tables of the trail themselves, made by its first migration.
KEEPERS = {(table, "audit_keeps_rows") for table in TABLES} | {("audit_entry", "audit_queues")}
FOUND = """
SELECT relname, tgname, tgenabled FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND starts_with(tgname, %s) AND relnamespace = 'public'::regnamespace
"""


def before_migrating(*, plan: Any = (), using: str = "default", **kwargs: Any) -> None:
    if plan and using == "default":
        for (table, name), _state in triggers_found().items():
            _run(f'DROP TRIGGER "{name}" ON "{table}"')


def after_migrating(*, app_config: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Called once per app; the first call does the work, so that what the others add is noted."""
    first = next(one for one in apps.get_app_configs() if one.models_module is not None)
    if app_config is first and using == "default":
        install()


def install() -> None:
    """Make what is missing, drop what is no longer wanted. Nothing to do costs two questions."""
    wanted, found = triggers_wanted(), triggers_found()
    if function_found() != BODY:
        _run(function_sql())
    for table, name in found.keys() - wanted.keys():
        _run(f'DROP TRIGGER "{name}" ON "{table}"')
    for place in wanted.keys() - found.keys():
        _run(wanted[place])
    if settings.AUDIT_REFUSES_TRUNCATE:
        for table in TABLES:
            _run(
                f"CREATE OR REPLACE TRIGGER audit_keeps_all BEFORE TRUNCATE ON {table}"
                " EXECUTE FUNCTION audit_refuse()"
            )


def triggers_wanted() -> dict[tuple[str, str], str]:
    """The statement of each trigger by table and name."""
    return {
        (watch.table, name): text
        for watch in watched()
        for name, text in triggers_of(watch).items()
    }


def triggers_found(prefix: str = PREFIX) -> dict[tuple[str, str], str]:
    """How each trigger is enabled (``O``: as it should be) by table and name."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [prefix])
        return {(table, name): state for table, name, state in cursor.fetchall()}


def function_found() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [FUNCTION])
        row = cursor.fetchone()
    return row[0] if row else ""


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
