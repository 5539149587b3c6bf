"""Loading takes as long as it takes: what holds for a page's questions does not hold for it."""

import pytest
from django.db import connection

from shop.demo import loader

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("S1.01")]


class Seen(Exception):
    """How long a statement may take while the demo is loaded."""


def _timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


def _told(*_args) -> None:
    raise Seen(_timeout())


def test_no_statement_of_the_demo_is_cut_off_on_a_busy_machine(monkeypatch):
    usual = _timeout()
    monkeypatch.setattr(loader, "load_catalogue", _told)

    with pytest.raises(Seen, match=r"^0$"):
        loader.demo_load(size="small", seed=1)

    assert _timeout() == usual != "0"
