"""The Celery application: `celery -A shop worker`, `celery -A shop beat`."""

import os

from celery import Celery
from celery.signals import worker_process_init

from shop.garbage import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def _settle(**_signal: object) -> None:
    settle()
