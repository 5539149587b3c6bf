"""A database that lives as long as one benchmark."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


@contextmanager
def throwaway() -> Iterator[str]:
    """Make an empty migrated database on the server of DATABASE_URL, with Django set up on it.

    Yields its name; it is also the prefix of everything that is kept in Redis meanwhile. Both are
    gone afterwards. Needs a role that may create databases.
    """
    given = os.environ["DATABASE_URL"]
    name = f"benchmark_{os.getpid()}"
    _run(given, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(given)._replace(path=f"/{name}"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    os.environ["BENCHMARK_NAME"] = name
    try:
        _tables_make()
        yield name
    finally:
        cache_forget(name)
        _run(given, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _tables_make() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    print("tables …", flush=True)
    call_command("migrate", interactive=False, verbosity=0)


def cache_forget(name: str) -> None:
    """Delete what was kept under this name."""
    import redis

    with redis.from_url(os.environ["REDIS_URL"]) as client:
        for key in client.scan_iter(f"{name}:*"):
            client.delete(key)


def _run(url: str, statement: sql.Composable) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
