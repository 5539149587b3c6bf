"""Celery: every task is safe twice, and a killed worker gives its task back."""

from celery.schedules import crontab

from shop.settings import env

CELERY_BROKER_URL = env.url(
    "REDIS_URL", schemes=("redis", "rediss", "unix"), default="redis://127.0.0.1:6379/0"
)
if CELERY_BROKER_URL.startswith("unix://"):
    CELERY_BROKER_URL = "redis+socket://" + CELERY_BROKER_URL.removeprefix("unix://")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# In Redis 0 comes before 9. What moves money says `priority=FIRST` and never waits behind pictures.
CELERY_TASK_DEFAULT_PRIORITY = 6
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False  # the outbox retries; a request must not wait for Redis
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "outbox-relay": {"task": "shop.core.tasks.outbox_relay", "schedule": 5.0},
    "audit-seal": {"task": "shop.core.audit.tasks.audit_seal", "schedule": 10.0},
    "audit-risks": {
        "task": "shop.dashboard.audit.tasks.risks_check",
        "schedule": crontab(hour=4, minute=30),
    },
    "audit-anchor": {"task": "shop.core.audit.tasks.audit_anchor", "schedule": 3600.0},
    "payments-reconcile": {"task": "payments.tasks.intents_reconcile", "schedule": 60.0},
    "orders-take": {"task": "orders.tasks.shipped_take", "schedule": 60.0},
    "payments-webhooks": {"task": "payments.tasks.webhooks_process", "schedule": 20.0},
    "payments-refunds": {"task": "payments.tasks.refunds_resume", "schedule": 60.0},
    "pricing-watch": {"task": "catalog.pricing.tasks.prices_watch", "schedule": 60.0},
    "listing-clock": {"task": "catalog.listing.tasks.listing_clock", "schedule": 60.0},
    "pictures-mend": {"task": "catalog.pictures.tasks.pictures_mend", "schedule": 300.0},
    "listing-sold": {
        "task": "catalog.listing.tasks.listing_sold",
        "schedule": crontab(hour=3, minute=5),
    },
    "listing-mend": {
        "task": "catalog.listing.tasks.listing_mend",
        "schedule": crontab(hour=3, minute=20),
    },
    "share-cards": {"task": "catalog.seo.tasks.share_cards_next", "schedule": 60.0},
    "share-cards-nightly": {
        "task": "catalog.seo.tasks.share_cards_nightly",
        "schedule": crontab(hour=3, minute=40),
    },
    "gift-cards-send": {
        "task": "payments.wallets.tasks.gift_cards_send_due",
        "schedule": 60.0,
    },
    "wallets-expire": {
        "task": "payments.wallets.tasks.wallets_expire",
        "schedule": crontab(hour=3, minute=30),
    },
    "alerts-next": {"task": "crm.alerts.tasks.alerts_next", "schedule": 3600.0},
    "feeds-due": {"task": "catalog.feeds.tasks.merchant_feed_due", "schedule": 60.0},
    "dead-paths-forget": {
        "task": "catalog.moved.tasks.dead_paths_forget",
        "schedule": crontab(hour=2, minute=50),
    },
    "plans-follow": {"task": "shop.dashboard.goods.tasks.plans_follow", "schedule": 5.0},
    "jobs-mend": {"task": "shop.dashboard.goods.tasks.jobs_mend", "schedule": 60.0},
    "jobs-forget": {
        "task": "shop.dashboard.goods.tasks.jobs_forget",
        "schedule": crontab(hour=2, minute=30),
    },
    "batches-mend": {"task": "orders.fulfilment.tasks.batches_mend", "schedule": 60.0},
    "carriers-messages": {"task": "orders.carriers.tasks.messages_process", "schedule": 20.0},
    "carriers-ask": {"task": "orders.carriers.tasks.parcels_ask", "schedule": 60.0},
    "carriers-late": {"task": "orders.carriers.tasks.parcels_late", "schedule": 600.0},
    "orders-expire": {"task": "orders.tasks.orders_expire", "schedule": 60.0},
    "networks-forget": {
        "task": "orders.tasks.networks_forget",
        "schedule": crontab(hour=3, minute=55),
    },
    "kept-forget": {"task": "orders.tasks.kept_forget", "schedule": crontab(hour=3, minute=50)},
    "sessions-forget": {
        "task": "shop.core.tasks.sessions_forget",
        "schedule": crontab(hour=4, minute=10),
    },
    "search-sums": {"task": "catalog.searchlog.tasks.search_sums", "schedule": 300.0},
    "search-words": {
        "task": "catalog.search.tasks.search_words_recount",
        "schedule": crontab(hour=3, minute=20),
    },
    "search-forget": {
        "task": "catalog.searchlog.tasks.search_forget",
        "schedule": crontab(hour=2, minute=40),
    },
    "recommendations": {
        "task": "catalog.recommend.tasks.recommendations_recompute",
        "schedule": crontab(hour=2, minute=20),
    },
}
