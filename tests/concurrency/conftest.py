from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from tests.factories import WarehouseFactory


@pytest.fixture(autouse=True)
def _real_transactions(transactional_db: None) -> None:
    """Threads see each other's rows only when they are committed."""
    WarehouseFactory()


@pytest.fixture(autouse=True)
def _no_broker(settings) -> None:
    """Nobody relays behind the test's back."""
    settings.CELERY_BROKER_URL = ""


@pytest.fixture
def drop_constraint() -> Iterator[Callable[[str, str], None]]:
    """Take a constraint away for one test, to show what it is good for."""
    dropped: list[tuple[str, str, str]] = []

    def drop(table: str, name: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [name]
            )
            dropped.append((table, name, cursor.fetchone()[0]))
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    yield drop

    with connection.cursor() as cursor:
        for table, name, definition in dropped:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
