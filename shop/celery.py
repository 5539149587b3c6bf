"""The Celery application: `celery -A shop worker`, `celery -A shop beat`."""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_process_init
from django.db import close_old_connections

from shop.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Celery would close the database after each task, and with it go the plans of all statements: making them
# anew took longer than most tasks. `_connections_kept` closes what is old or broken, as requests do.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize


@worker_process_init.connect
def _settle(**_signal: object) -> None:
    settle()


@task_prerun.connect
@task_postrun.connect
def _connections_kept(sender: Any = None, **_signal: object) -> None:
    if not getattr(sender.request, "is_eager", False):
        close_old_connections()
