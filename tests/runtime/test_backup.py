"""A backup as docs/operations.md says, an empty database, a restore: every row is back, and the shop goes on."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from orders.models import Order
from orders.refunds.services import refund_ask
from orders.services import order_deliver, order_pack, order_ship
from payments.services import intent_capture
from shop.core.outbox import relay
from tests.factories import ProductFactory, UserFactory
from tests.orders.returns.support import arrived, inspected
from tests.restore import _digests, _filled
from tests.sales import intent_of, order_of, refunds_finish
from tests.test_verify import verified

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not shutil.which("pg_dump"), reason="the server's tools are not on the path"
    ),
    pytest.mark.timeout(300),
]


def tool(*command: str) -> None:
    """As a person runs it, with the address of the test's own server."""
    facts = connection.settings_dict
    environment = os.environ | {
        "PGHOST": facts["HOST"],
        "PGUSER": facts["USER"],
        "PGPASSWORD": facts["PASSWORD"],
        "PGPORT": str(facts["PORT"] or 5432),
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "error" not in done.stderr, done.stderr[-2000:]


@pytest.fixture
def empty() -> Iterator[str]:
    """The name of a database with nothing in it."""
    name = f"restored_{uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        )
    yield name
    with connection.cursor() as cursor:
        # Without FORCE, which may not end the server's own housekeeping there; this waits for it.
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@pytest.fixture
def at_home() -> Iterator[None]:
    """Whatever the test did, the connection leads to the tests' own database again."""
    name = connection.settings_dict["NAME"]
    yield
    go_to(name)


def go_to(database: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = database


def history() -> None:
    """Orders in several states, with money that came and went, a return and a member."""
    inspected(arrived({ProductFactory(price="20.00", stock=9): 2}, user=UserFactory()))
    order_of()
    sent = order_of(quantity=2)
    intent_capture(intent=intent_of(sent))
    relay()
    order_pack(order=sent)
    boss = UserFactory(is_superuser=True)
    refund_ask(order=sent, amount=Decimal("1.50"), reason="Late", key=uuid4(), user=boss)
    refunds_finish()
    relay()


def test_what_was_backed_up_is_restored_adds_up_and_sells_on(
    empty: str, tmp_path: Path, at_home: None
) -> None:
    history()
    dump, home = tmp_path / "shop.dump", connection.settings_dict["NAME"]
    before = _digests(_filled())

    tool("pg_dump", "--format=custom", f"--file={dump}", home)
    tool("pg_restore", "--no-owner", f"--dbname={empty}", str(dump))
    go_to(empty)

    assert connection.settings_dict["NAME"] == empty
    assert _digests(_filled()) == before
    assert len(before) > 40
    assert verified()[0], verified()[1]

    packed, waiting = Order.objects.get(status="packed"), Order.objects.get(status="pending")
    order_ship(order=packed, carrier="DHL", tracking_number="7")
    order_deliver(order=packed)
    intent_capture(intent=intent_of(waiting))
    new = order_of(ProductFactory(stock=3))
    relay()
    packed.refresh_from_db()
    waiting.refresh_from_db()
    assert (packed.status, waiting.status, new.status) == ("delivered", "paid", "pending")
    assert verified()[0], verified()[1]

    go_to(home)
    assert _digests(_filled()) == before  # the shop that was backed up knows nothing of it


def test_the_restored_database_keeps_what_only_the_database_keeps(
    empty: str, tmp_path: Path, at_home: None
) -> None:
    """Constraints, indexes, and the triggers that watch prices and permissions."""
    dump, home = tmp_path / "shop.dump", connection.settings_dict["NAME"]
    kept = "SELECT count(*) FROM {} WHERE NOT {}"
    ask = [
        "SELECT count(*) FROM pg_constraint",
        "SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'",
        kept.format("pg_trigger", "tgisinternal"),
        "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'",
    ]

    def _answer(cursor, question: str) -> list[tuple[int]]:
        cursor.execute(question)
        return cursor.fetchall()

    def counts() -> list[int]:
        with connection.cursor() as cursor:
            return [one for question in ask for (one,) in _answer(cursor, question)]

    there = counts()
    tool("pg_dump", "--format=custom", f"--file={dump}", home)
    tool("pg_restore", "--no-owner", f"--dbname={empty}", str(dump))
    go_to(empty)

    assert counts() == there
    assert min(there) > 10


def test_the_page_says_what_is_done_here() -> None:
    page = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")

    for words in ("pg_dump --format=custom", "pg_restore --no-owner", "manage.py verify"):
        assert words in page
