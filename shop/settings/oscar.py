"""Oscar's settings, and the order life cycle that its pipeline carries."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from oscar.defaults import *  # noqa: F403

from shop.settings import env

OSCAR_SHOP_NAME = env.text("SHOP_NAME", default="Storekeep")
OSCAR_SHOP_TAGLINE = _("Good things, well kept.")
OSCAR_HOMEPAGE = "/"
OSCAR_DYNAMIC_CLASS_LOADER = "shop.core.oscar_classes.class_loader"
OSCAR_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Storekeep <hello@storekeep.example>")
OSCAR_DEFAULT_CURRENCY = env.text("CURRENCY", default="EUR")
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_ALLOW_GUEST_CHECKOUT_WITH_ACCOUNT = True  # answers must not tell whether an account exists
OSCAR_ALLOW_ANON_REVIEWS = False
OSCAR_MODERATE_REVIEWS = True
OSCAR_OFFERS_INCL_TAX = True
OSCAR_OFFER_ROUNDING_FUNCTION = "shop.core.money.rounded_down"
OSCAR_EAGER_ALERTS = False  # back-in-stock mails go through the outbox
OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 500
OSCAR_PRODUCTS_PER_PAGE = 24
OSCAR_SLUG_ALLOW_UNICODE = False
OSCAR_BASKET_COOKIE_SECURE = env.text("PUBLIC_URL", default="").startswith("https://")
OSCAR_REQUIRED_ADDRESS_FIELDS = ("last_name", "line1", "line4", "country")
OSCAR_IMAGE_FOLDER = "products/%Y/%m/"
OSCAR_DELETE_IMAGE_FILES = False  # two rows may show one file: catalog.pictures looks first
OSCAR_MISSING_IMAGE_URL = "image_not_found.jpg"

HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"  # search is on PostgreSQL

# Where the shop is. Its own rates hold here and wherever the tables of `catalog.taxes` have none: shown
# prices include them; each product class names the rate that it bears.
STORE_COUNTRY = "DE"
STORE_TAX_RATES = {
    "standard": Decimal(env.text("TAX_RATE_STANDARD", default="0.19")),
    "reduced": Decimal(env.text("TAX_RATE_REDUCED", default="0.07")),
    "none": Decimal(0),  # a gift card is taxed by what it buys
}

# See orders/states.py for what each step does to stock and money.
OSCAR_ORDER_STATUS_PIPELINE = {
    "pending": ("paid", "packed", "cancelled"),
    "paid": ("packed", "delivered", "cancelled"),
    "packed": ("shipped", "paid", "pending", "cancelled"),
    "shipped": ("delivered", "undelivered"),
    "undelivered": ("delivered",),
    "delivered": (),
    "cancelled": ("paid",),
}
OSCAR_INITIAL_ORDER_STATUS = "pending"
OSCAR_INITIAL_LINE_STATUS = "pending"
OSCAR_LINE_STATUS_PIPELINE = OSCAR_ORDER_STATUS_PIPELINE
OSCAR_ORDER_STATUS_CASCADE = {status: status for status in OSCAR_ORDER_STATUS_PIPELINE}
