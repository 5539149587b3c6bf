"""Tests: the same shop, with quick passwords, tasks run in place, and no outside."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-only-for-tests-only-for-tests-1")
os.environ.setdefault("DEMO", "small")

from shop.settings import *  # noqa: F403
from shop.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STRIPE_SECRET_KEY = ""  # no card gateway, unless a test starts the local provider
ALIPAY_APP_ID = WECHAT_MCH_ID = PAYPAL_CLIENT_ID = ""  # nor a wallet
STRIPE_WEBHOOK_SECRET = "whsec_storekeep"  # noqa: S105
STORE_LISTS_KEPT_SECONDS = STORE_OFFERS_KEPT_SECONDS = 0  # rows of one test are gone in the next
WORK_COUNTS_KEPT_SECONDS = 0
FLOW_KEPT_SECONDS = 0
PAGE_CACHE = False  # transactions of tests are rolled back; tests of kept pages switch it on
AUDIT_REFUSES_TRUNCATE = False  # tests with real transactions empty all tables
