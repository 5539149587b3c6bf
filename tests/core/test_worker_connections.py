"""A worker's connection stays open between tasks, with the plans of its statements."""

from types import SimpleNamespace

import psycopg
import pytest
from celery.fixups.django import DjangoWorkerFixup
from celery.signals import task_postrun, task_prerun
from django.db import connection

from shop.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


class Task:
    request = SimpleNamespace(is_eager=False)
    name = "a.task"


TASK = Task()


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def _between_tasks() -> None:
    fixup = DjangoWorkerFixup(app)  # Celery's own, as its workers have it
    task_postrun.send(sender=TASK)
    fixup.close_database()
    task_prerun.send(sender=TASK)
    fixup.close_database()


def test_it_is_the_same_for_the_next_task():
    before = _backend()
    for _ in range(3):
        _between_tasks()
    assert _backend() == before


def test_one_that_broke_is_replaced():
    before = _backend()
    facts = connection.get_connection_params()
    names = {"dbname", "user", "password", "host", "port"}
    with psycopg.connect(**{name: facts[name] for name in names & facts.keys()}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    _between_tasks()
    assert _backend() != before
