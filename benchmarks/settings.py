"""The shop's own settings, kept apart from a shop that runs beside the benchmark."""

import os
from pathlib import Path

from shop.settings import *  # noqa: F403
from shop.settings import CACHES, STATIC_ROOT, STORAGES

CACHES = {"default": {**CACHES["default"], "KEY_PREFIX": os.environ["BENCHMARK_NAME"]}}
CELERY_BROKER_URL = ""  # no worker of the shop may hear of orders that it cannot find
STRIPE_SECRET_KEY = ""
if folder := os.environ.get("BENCHMARK_FOLDER"):  # pictures apart from the shop's own
    MEDIA_ROOT = Path(folder) / "media"
if not (STATIC_ROOT / "staticfiles.json").exists():
    STORAGES = {
        **STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
