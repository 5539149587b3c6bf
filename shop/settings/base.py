"""Django's own settings. What may differ between machines is read from the environment."""

from decimal import Decimal
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from shop.settings import env
from shop.settings.forks import OSCAR_MIGRATIONS, installed_apps

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR = env.path("DATA_DIR", BASE_DIR / ".data")

DEBUG = env.flag("DEBUG", default=False)
DEMO = env.choice("DEMO", ("small", "full", "none"), default="none")
IS_DEMO = DEMO != "none"

SECRET_KEY = env.text("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.items("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.items("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
SITE_ID = 1

# The address that mails, payment providers and feeds are given. Never taken from a request.
PUBLIC_URL = env.text("PUBLIC_URL", default=f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip(
    "/"
)
IS_HTTPS = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL, *env.items("CSRF_TRUSTED_ORIGINS")]

INSTALLED_APPS = [
    "modeltranslation",  # first, so that its fields are known to every app
    *installed_apps(),
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django_htmx",
    "csp",
    "shop.core",
    "shop.core.mailing",
    "shop.core.audit",
    "catalog.exchange",
    "catalog.exchange.dashboard.apps.ExchangeDashboardConfig",
    "catalog.taxes",
    "catalog.taxes.dashboard.apps.TaxesDashboardConfig",
    "catalog.pictures",
    "catalog.facts",
    "catalog.facts.dashboard.apps.FactsDashboardConfig",
    "catalog.listing",
    "catalog.search",
    "catalog.search.dashboard.apps.SearchDashboardConfig",
    "catalog.searchlog",
    "catalog.pricing",
    "catalog.pricing.dashboard.apps.PricingDashboardConfig",
    "catalog.opinions",
    "catalog.opinions.dashboard.apps.OpinionsDashboardConfig",
    "catalog.recommend",
    "catalog.recommend.dashboard.apps.RecommendDashboardConfig",
    "catalog.shortlist",
    "catalog.moved",
    "catalog.moved.dashboard.apps.MovedDashboardConfig",
    "catalog.feeds",
    "catalog.feeds.dashboard.apps.FeedsDashboardConfig",
    "catalog.kinds",
    "catalog.seo",
    "catalog.seo.dashboard.apps.SeoDashboardConfig",
    "catalog.kinds.dashboard.apps.KindsDashboardConfig",
    "catalog.content",
    "catalog.content.dashboard.apps.ContentDashboardConfig",
    "catalog.homepage",
    "catalog.homepage.dashboard.apps.HomepageDashboardConfig",
    "promotions.sets",
    "crm.accounts",
    "crm.members",
    "crm.signin",
    "crm.wishes",
    "crm.alerts",
    "crm.alerts.dashboard.apps.AlertsDashboardConfig",
    "supply",
    "supply.dashboard.apps.SupplyDashboardConfig",
    "payments",
    "payments.ledger",
    "payments.ledger.dashboard.apps.LedgerDashboardConfig",
    "payments.dashboard.apps.PaymentsDashboardConfig",
    "payments.bank",
    "payments.bank.dashboard.apps.BankDashboardConfig",
    "payments.wallets",
    "payments.wallets.dashboard.apps.WalletsDashboardConfig",
    "orders.fulfilment",
    "orders.carriers",
    "orders.carriers.dashboard.apps.CarriersDashboardConfig",
    "orders.rates",
    "orders.rates.dashboard.apps.RatesDashboardConfig",
    "orders.fulfilment.dashboard.apps.FulfilmentDashboardConfig",
    "orders.keeping",
    "orders.sums",
    "orders.papers",
    "orders.papers.dashboard.apps.PapersDashboardConfig",
    "orders.handover",
    "orders.life",
    "orders.additions",
    "orders.desk",
    "orders.drafts",
    "orders.fraud",
    "orders.fraud.dashboard.apps.FraudDashboardConfig",
    "orders.handover.dashboard.apps.HandoverDashboardConfig",
    "orders.refunds",
    "orders.refunds.dashboard.apps.RefundsDashboardConfig",
    "orders.returns",
    "orders.returns.dashboard.apps.ReturnsDashboardConfig",
    "shop.dashboard.goods.apps.GoodsConfig",
    "shop.dashboard.drafts.apps.DraftsDashboardConfig",
    "shop.dashboard.audit.apps.AuditDashboardConfig",
    "shop.demo",
]

# How long a process may price lists with the offers that it read; baskets always read anew.
STORE_OFFERS_KEPT_SECONDS = 1.0
# How long a list that nothing narrows is kept, at most; a change of any row drops it at once.
WORK_COUNTS_KEPT_SECONDS = 5  # beside the lines of the back office's side
FLOW_KEPT_SECONDS = 15  # the board of the goods, for all who watch it
STORE_LISTS_KEPT_SECONDS = env.number("LISTS_KEPT_SECONDS", 60)
# A difference found by a cycle count that is worth more, in the shop's currency, needs a second person.
COUNT_APPROVAL_ABOVE = env.number("COUNT_APPROVAL_ABOVE", 50)
MIDDLEWARE = [
    "shop.core.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "shop.core.pagecache.middleware.PageCacheMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "shop.core.policy.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shop.core.middleware.PrivatePagesMiddleware",
    "shop.core.middleware.UnreadableInputMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "catalog.pricing.shopper.ShopperMiddleware",
    "orders.basket.middleware.BasketMiddleware",
    "catalog.moved.middleware.MovedMiddleware",
    "shop.core.pagecache.middleware.LatePageCacheMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.core.context_processors.metadata",
                "shop.core.context_processors.shop",
            ],
        },
    },
]

DATABASES = {
    "default": {
        **dj_database_url.parse(env.url("DATABASE_URL", schemes=("postgres", "postgresql"))),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 600,  # with the plans of its statements
        "CONN_HEALTH_CHECKS": True,
        "ENGINE": "shop.core.postgres",
        "OPTIONS": {
            "connect_timeout": 5,
            # For `shop.core.planned` alone: Django's own cursors keep no plans.
            "prepare_threshold": 0 if env.flag("DATABASE_PLANS", default=True) else None,
            # Planned statements are written for one plan; PostgreSQL would make five others first, and of
            # some a new one each time, because it reckons with ten values where there is one. Statements
            # of Django's own have no values beside them, so they are planned with what is written in them.
            "options": (
                "-c statement_timeout=15000 -c lock_timeout=3000"
                " -c idle_in_transaction_session_timeout=30000"
                " -c plan_cache_mode=force_generic_plan"
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIGRATION_MODULES = OSCAR_MIGRATIONS

REDIS_URL = env.url(
    "REDIS_URL", schemes=("redis", "rediss", "unix"), default="redis://127.0.0.1:6379/0"
)
CACHES = {
    "default": {
        "BACKEND": "shop.core.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "storekeep",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["crm.customer.auth_backends.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 9},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "customer:login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = env.text("TIME_ZONE", default="Europe/Berlin")
USE_TZ = True
FORMAT_MODULE_PATH = "shop.formats"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # every link goes through {% static %}: half to compress
# No page asks for the maps of Oscar's scripts, nor for what its styles were made from.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map", "rst", "scss")
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("npm/htmx.org", BASE_DIR / "node_modules" / "htmx.org" / "dist"),
]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "shop.assets.BundleFinder",
]
ASSETS_ROOT = DATA_DIR / "assets"  # the bundles of shop.assets
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "private", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    default="shop.core.mail.FolderBackend"
    if not env.text("EMAIL_HOST", default="")
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_HOST = env.text("EMAIL_HOST", default="")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = DATA_DIR / "mails"
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Storekeep <hello@storekeep.example>")

# Browser security. A strict policy: nothing inline, nothing from elsewhere but the payment page.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [
            SELF,
            *env.items("PAYMENT_PROVIDER_PUBLIC_URL"),
            "https://checkout.stripe.com",
            "https://*.alipay.com",
            "https://wx.tenpay.com",
            "https://*.paypal.com",
        ],
    }
}
SECURE_SSL_REDIRECT = IS_HTTPS and env.flag("SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
)
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"sessionid_{env.number('PORT', 8000)}", "csrftoken"
SESSION_ENGINE = "shop.core.sessions"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Where backups are put; the list of risks looks at the age of the newest file in it
BACKUP_DIR = env.text("BACKUP_DIR", default="")

# Search
SEARCH_SLOW_MS = env.number("SEARCH_SLOW_MS", 300)  # a search that takes longer is reported as slow

# Being found
INDEXING = env.flag("INDEXING", default=True)  # False: robots.txt sends every robot away
FEED_TOKEN = env.text("FEED_TOKEN", default="")  # given, feeds for merchants want ?token=
FEED_MINUTES = env.number("FEED_MINUTES", 60)  # how old the feed may get; 0: made by hand only
SERVICE_WORKER = env.flag("SERVICE_WORKER", default=True)

# Carriers. A new one is one file and one line here (docs/carriers.md).
CARRIERS = [
    "orders.carriers.known.parcelway.Parcelway",
    "orders.carriers.known.parcelway.Swiftline",
    "orders.carriers.known.byhand.Dhl",
    "orders.carriers.known.byhand.Dpd",
    "orders.carriers.known.byhand.Ups",
]
PARCELWAY_API_BASE = env.text("PARCELWAY_API_BASE", default="")
PARCELWAY_KEY = env.text("PARCELWAY_KEY", default="")
PARCELWAY_SECRET = env.text("PARCELWAY_SECRET", default="")

# Payments. A new gateway is one file and one line here (docs/gateways.md); the order is checkout's.
PAYMENT_GATEWAYS = [
    "payments.gateways.stripe.StripeGateway",
    "payments.gateways.paypal.PaypalGateway",
    "payments.gateways.alipay.AlipayGateway",
    "payments.gateways.wechat.WechatGateway",
    "payments.gateways.offline.BankTransfer",
    "payments.gateways.offline.CashOnDelivery",
    "payments.gateways.exchange.Exchange",
    "payments.gateways.stored.Points",
    "payments.gateways.stored.GiftCards",
    "payments.gateways.stored.StoreCredit",
]
# Stored value (docs/wallets.md). Amounts in the shop's own currency.
STORE_POINT_WORTH = Decimal(env.text("POINT_WORTH", default="0.01"))  # what a point pays
STORE_POINTS_EARNED = Decimal(env.text("POINTS_EARNED", default="1"))  # for each unit paid; 0: none
STORE_POINTS_DAYS = env.number("POINTS_DAYS", 365)  # after the last ones were earned
STORE_CREDIT_LIMIT = Decimal(env.text("CREDIT_LIMIT", default="50"))  # for a member in a day
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API_BASE = env.text("STRIPE_API_BASE", default="")  # empty: Stripe itself
ALIPAY_APP_ID = env.text("ALIPAY_APP_ID", default="")
ALIPAY_APP_PRIVATE_KEY = env.text("ALIPAY_APP_PRIVATE_KEY", default="")  # PEM or bare base64
ALIPAY_PUBLIC_KEY = env.text("ALIPAY_PUBLIC_KEY", default="")
ALIPAY_GATEWAY_URL = env.text("ALIPAY_GATEWAY_URL", "https://openapi.alipay.com/gateway.do")
WECHAT_MCH_ID = env.text("WECHAT_MCH_ID", default="")
WECHAT_APP_ID = env.text("WECHAT_APP_ID", default="")
WECHAT_CERT_SERIAL = env.text("WECHAT_CERT_SERIAL", default="")  # of our certificate
WECHAT_PRIVATE_KEY = env.text("WECHAT_PRIVATE_KEY", default="")
WECHAT_API_V3_KEY = env.text("WECHAT_API_V3_KEY", default="")  # opens encrypted notices
WECHAT_PUBLIC_KEY = env.text("WECHAT_PUBLIC_KEY", default="")  # WeChat's, to verify
WECHAT_PUBLIC_KEY_ID = env.text("WECHAT_PUBLIC_KEY_ID", default="")
WECHAT_API_BASE = env.text("WECHAT_API_BASE", "https://api.mch.weixin.qq.com")
PAYPAL_CLIENT_ID = env.text("PAYPAL_CLIENT_ID", default="")
PAYPAL_SECRET = env.text("PAYPAL_SECRET", default="")
PAYPAL_WEBHOOK_ID = env.text("PAYPAL_WEBHOOK_ID", default="")
PAYPAL_API_BASE = env.text("PAYPAL_API_BASE", "https://api-m.paypal.com")
PAYMENT_HOLD_MINUTES = env.number("PAYMENT_HOLD_MINUTES", 35)  # Stripe's shortest session is 30
TRANSFER_HOLD_DAYS = env.number("TRANSFER_HOLD_DAYS", 7)
# Gateways whose money is authorised when an order is placed and taken as its goods leave.
CAPTURE_AT_SHIPMENT = env.items("CAPTURE_AT_SHIPMENT", default=[])
# How long a customer can pay what was added to an order; its units are held meanwhile.
ADDITION_LINK_HOURS = env.number("ADDITION_LINK_HOURS", 48)
# What a role without a limit of its own may send back of one order without a second person, in
# whole units of the shop's own currency.
REFUND_LIMIT = env.number("REFUND_LIMIT", 200)
# What a role without a limit of its own may write off of one order or payment, likewise.
WRITE_OFF_LIMIT = env.number("WRITE_OFF_LIMIT", 5)
BANK_TRANSFER_DETAILS = env.text(
    "BANK_TRANSFER_DETAILS", default="Storekeep Demo · DE02 1203 0000 0000 2020 51 · BYLADEM1001"
)
# One line of the slip for each part between bars.
RETURN_ADDRESS = env.text(
    "RETURN_ADDRESS", default="Storekeep Demo | Speicherstadt 12 | 20457 Hamburg | DE"
)
