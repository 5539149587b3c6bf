"""The settings of a process that a test kills: the test's database, the test's provider."""

import os

from shop.settings.test import *  # noqa: F403
from shop.settings.test import DATABASES

DATABASES["default"]["NAME"] = os.environ["CRASH_DATABASE"]
STRIPE_SECRET_KEY = os.environ["STRIPE_SECRET_KEY"]
STRIPE_WEBHOOK_SECRET = os.environ["STRIPE_WEBHOOK_SECRET"]
STRIPE_API_BASE = os.environ["STRIPE_API_BASE"]
CELERY_BROKER_URL = ""
