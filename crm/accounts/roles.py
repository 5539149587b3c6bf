"""The team's roles: what each may see and do. This table is the truth; migrating applies it.

A role is a Django group; people may have several. Nobody's role makes them staff: only the owner
(a superuser) does, see `crm.accounts.services`.
"""

from contextlib import nullcontext

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.core.audit.acting import quietly


def _all(*models: str) -> list[str]:
    """Every permission on these models (``app.name``)."""
    verbs = ("view", "add", "change", "delete")
    return [f"{app}.{verb}_{name}" for app, name in _split(models) for verb in verbs]


def _view(*models: str) -> list[str]:
    return [f"{app}.view_{name}" for app, name in _split(models)]


def _split(models: tuple[str, ...]) -> list[list[str]]:
    return [model.split(".") for model in models]


CATALOGUE = (
    "catalogue.product",
    "catalogue.category",
    "catalogue.productclass",
    "catalogue.productattribute",
    "catalogue.attributeoptiongroup",
    "catalogue.attributeoption",
    "facts.sizeguide",
    "facts.brand",
)
OFFERS = ("offer.conditionaloffer", "offer.range", "voucher.voucher")
SEARCH_RULES = (
    "finding.synonymgroup",
    "finding.searchredirect",
    "finding.rankingweights",
)
SEARCH_LOG = "searchlog.searchtermday"
REDIRECTS = "moved.redirect"
DEAD_PATHS = "moved.deadpath"
FEEDS = "feeds.feedrun"
MAKE_FEEDS = ["feeds.view_feedrun", "feeds.add_feedrun"]
SEO = "seo.pagerule"
PRICE_LISTS = [f"pricing.{verb}_pricelist" for verb in ("view", "add", "change")]
PRICE_HISTORY = "pricing.view_pricerecord"
RATES = ("exchange.exchangerate", "exchange.currency", "exchange.currencyprice")
SET_RATES = [
    *_view(*RATES),
    "exchange.add_exchangerate",
    "exchange.change_currency",
    "exchange.change_currencyprice",
]
TAXES = ("taxes.taxcountry", "taxes.taxrate")
SET_CURRENCY_PRICES = [*_view(*RATES), "exchange.change_currencyprice"]
RECOMMEND = "recommend.suggestion"
PINS = [
    "recommend.view_suggestion",
    "recommend.add_choice",
    "recommend.change_choice",
    "recommend.add_run",
]
MONEY = ("payments.paymentintent", "payments.refund", "payments.webhookevent")
STOCK = "supply.stockmovement"
OPINIONS = "reviews.productreview"
MODERATE = [f"reviews.{verb}_productreview" for verb in ("view", "change")]
ANSWER = "opinions.add_answer"
CONTENT = ("content.article", "content.page", "homepage.block", "homepage.notice")
PARCELS = ["fulfilment.view_shipment", "fulfilment.add_shipment", "fulfilment.change_shipment"]
KINDS = ("kinds.productset", "kinds.productfile")
HANDED = ("handover.downloadgrant",)
JOB = "handover.servicejob"
HAND_OVER = [
    *(f"{app}.{verb}_{name}" for app, name in _split((*HANDED, JOB)) for verb in ("view", "change"))
]
FLOOR_READ = _view(
    "fulfilment.consignment", "fulfilment.wave", "fulfilment.batch", "fulfilment.trouble"
)
FLOOR = [
    *FLOOR_READ,
    "fulfilment.change_consignment",
    "fulfilment.add_batch",
    "fulfilment.add_wave",
    "fulfilment.change_wave",
    "fulfilment.change_trouble",
]
PLACES_READ = _view("supply.warehouse", "supply.transfer", "supply.cyclecount")
PLACES = [
    *PLACES_READ,
    "supply.add_bin",
    "supply.change_bin",
    "supply.delete_bin",
    "supply.change_binstock",
    "supply.add_transfer",
    "supply.change_transfer",
    "supply.add_cyclecount",
    "supply.change_countline",
]
RUN_PLACES = ["supply.add_warehouse", "supply.change_warehouse", "supply.approve_countline"]
WALLETS = ["wallets.view_wallet", "wallets.change_wallet", "wallets.give_credit"]
ANY_CREDIT = "wallets.give_any_credit"
HOLDS = ["life.view_orderhold", "life.add_orderhold", "life.change_orderhold"]
DRAFTS = ["drafts.view_draft", "drafts.add_draft", "drafts.change_draft"]
FRAUD = [
    "fraud.view_fraudcheck",
    "fraud.change_fraudcheck",
    "fraud.view_fraudrule",
    "fraud.view_listed",
]
SET_FRAUD = ["fraud.change_fraudrule", "fraud.change_listed"]
RETURN_RULES = "returns.returnpolicy"
DELIVERY = (
    "rates.zone",
    "rates.rate",
    "rates.method",
    "rates.workingweek",
    "rates.holiday",
    "rates.surcharge",
    "rates.pickuppoint",
    "rates.productload",
)
CLAIMS = ["carriers.view_claim", "carriers.change_claim"]
DECIDE_RETURNS = ["returns.view_return", "returns.change_return", "returns.view_returnpolicy"]
RECEIVE_RETURNS = ["returns.view_return", "returns.receive_return"]
PAY_RETURNS = ["returns.view_return", "returns.refund_return"]
MESSAGES = ["life.view_ordermessage", "life.add_ordermessage", "life.change_ordermessage"]
ASK_REFUNDS = ["refunding.view_refundrequest", "refunding.add_refundrequest"]
APPROVE_REFUNDS = [*ASK_REFUNDS, "refunding.approve_refundrequest"]
PAPERS = "papers.document"
NOTES = ["order.view_ordernote", "order.add_ordernote"]
ARRIVALS = [
    "supply.view_expectedarrival",
    "supply.add_expectedarrival",
    "supply.change_expectedarrival",
]
BOOK_STOCK = [
    "supply.view_stockmovement",
    "supply.add_stockmovement",
    "supply.write_off_stock",
    *ARRIVALS,
]
WANTED = "alerts.stockalert"
MAILS = ["core.view_mail", "core.change_mail"]
OUTBOX = ["core.view_outboxdelivery", "core.change_outboxdelivery"]
NAME_ACCOUNT = "bank.add_payout"  # on the telephone; nobody reads it again but who sends the money
PAY_OUT = ["bank.view_payout", "bank.change_payout"]
SAY_WHAT_LINES_WERE = ["bank.add_bankuse", "bank.change_bankuse"]  # it moves the books
HANDLE_MONEY = [
    NAME_ACCOUNT,
    "bank.view_bankline",
    "bank.add_bankline",
    "bank.change_bankline",
    *_view(*MONEY),
    "payments.change_paymentintent",
    "payments.add_refund",
    "payments.change_refund",
]

AUDIT = ["audit.view_entry"]
RISKS = ["audit.view_riskrun", "audit.add_riskrun"]
PERSONAL = ["audit.see_personal"]
SENSITIVE = ["audit.see_personal", "audit.see_sensitive"]
REVEAL = ["audit.see_personal", "audit.reveal"]

#: The books: closing days and bringing in settlements is finance's alone.
BOOKS = ("ledger.transaction", "ledger.settlement", "ledger.dayclose", "ledger.writeoff")
LET_GO = ["ledger.add_writeoff", "ledger.change_writeoff"]  # up to the limit of a role

OPERATIONS_MANAGER = gettext_noop("Operations manager")
PRODUCT_MANAGER = gettext_noop("Product manager")
MARKETER = gettext_noop("Marketer")
AGENT = gettext_noop("Customer-service agent")
CLERK = gettext_noop("Warehouse clerk")
ANALYST = gettext_noop("Analyst")
FINANCE = gettext_noop("Finance")

ROLES: dict[str, list[str]] = {
    OPERATIONS_MANAGER: [
        *AUDIT,
        *RISKS,
        *REVEAL,
        *_view("order.order", "accounts.user", "auth.group"),
        "order.change_order",
        *DRAFTS,
        "drafts.discount_draft",
        *FRAUD,
        *SET_FRAUD,
        *MODERATE,
        ANSWER,
        *PARCELS,
        *FLOOR,
        *PLACES,
        *RUN_PLACES,
        *DECIDE_RETURNS,
        *RECEIVE_RETURNS,
        *PAY_RETURNS,
        *CLAIMS,
        "carriers.view_contract",
        "carriers.change_contract",
        *_all(RETURN_RULES, *DELIVERY),
        *NOTES,
        *HOLDS,
        *MESSAGES,
        *HANDLE_MONEY,
        *APPROVE_REFUNDS,
        "refunding.view_refundlimit",
        "refunding.change_refundlimit",
        "ledger.view_writeofflimit",
        "ledger.change_writeofflimit",
        *WALLETS,
        ANY_CREDIT,
        *_view(PAPERS),
        *SET_RATES,
        *_all(*TAXES),
        *BOOK_STOCK,
        *_view(WANTED),
        *_all(*CATALOGUE, *KINDS),
        *HAND_OVER,
        *PRICE_LISTS,
        PRICE_HISTORY,
        *_all(*SEARCH_RULES, SEO),
        *_view(*OFFERS, *CONTENT, SEARCH_LOG, DEAD_PATHS),
        *_all(REDIRECTS),
        *MAKE_FEEDS,
        *PINS,
        *MAILS,
        *OUTBOX,
    ],
    PRODUCT_MANAGER: [
        *_all(*CATALOGUE, *KINDS),
        *PRICE_LISTS,
        PRICE_HISTORY,
        *SET_CURRENCY_PRICES,
        *MODERATE,
        ANSWER,
        *PINS,
        *_all(*SEARCH_RULES, SEO),
        *_all(REDIRECTS),
        *MAKE_FEEDS,
        *_view("offer.range", *CONTENT, SEARCH_LOG, DEAD_PATHS, STOCK, WANTED),
        *ARRIVALS,
    ],
    MARKETER: [
        *_all(*OFFERS, *CONTENT),
        *_view("pricing.pricelist"),
        PRICE_HISTORY,
        *PINS,
        *_all(*SEARCH_RULES, SEO),
        *_all(REDIRECTS),
        *MAKE_FEEDS,
        *_view("catalogue.product", "catalogue.category", SEARCH_LOG, DEAD_PATHS),
        *_view("kinds.productset", "wallets.wallet"),
    ],
    AGENT: [
        *REVEAL,
        *_view("order.order", "accounts.user", "fulfilment.shipment", STOCK),
        *_view("payments.paymentintent", "catalogue.product", PAPERS),
        *WALLETS,
        *HAND_OVER,
        "order.change_order",
        *DRAFTS,
        *_view("fulfilment.consignment", "fulfilment.trouble", "fulfilment.batch"),
        "fulfilment.change_trouble",  # who was told by telephone needs no other step
        *DECIDE_RETURNS,
        *CLAIMS,
        "fraud.view_fraudcheck",
        *ASK_REFUNDS,
        NAME_ACCOUNT,
        *NOTES,
        *HOLDS,
        *MESSAGES,
        *MAILS,
        *_view(OPINIONS),
        ANSWER,
    ],
    CLERK: [
        *PERSONAL,
        *_view("order.order", "catalogue.product", JOB),
        "handover.change_servicejob",
        *RECEIVE_RETURNS,
        *PARCELS,
        *FLOOR,
        *PLACES,
        *NOTES,
        *HOLDS[:2],
        *BOOK_STOCK,
        *_view(WANTED),
    ],
    ANALYST: _view(
        "audit.entry",
        *KINDS,
        *HANDED,
        JOB,
        "order.order",
        "returns.return",
        "fulfilment.consignment",
        "fulfilment.wave",
        "fulfilment.batch",
        "fulfilment.trouble",
        "supply.warehouse",
        "supply.transfer",
        "supply.cyclecount",
        RETURN_RULES,
        "accounts.user",
        RECOMMEND,
        *RATES,
        *TAXES,
        *CATALOGUE,
        *OFFERS,
        "pricing.pricelist",
        "pricing.pricerecord",
        "payments.paymentintent",
        "payments.refund",
        "wallets.wallet",
        OPINIONS,
        STOCK,
        WANTED,
        *SEARCH_RULES,
        SEARCH_LOG,
        SEO,
        *CONTENT,
        REDIRECTS,
        DEAD_PATHS,
        FEEDS,
        *BOOKS,
    ),
    FINANCE: [
        *AUDIT,
        *SENSITIVE,
        *_view(*BOOKS),
        "ledger.add_settlement",
        *LET_GO,
        "ledger.add_dayclose",
        *_view("order.order", "accounts.user", STOCK, PAPERS),
        "fulfilment.view_batch",
        *HANDLE_MONEY,
        *SAY_WHAT_LINES_WERE,
        *PAY_OUT,
        *APPROVE_REFUNDS,
        *WALLETS,
        ANY_CREDIT,
        *PAY_RETURNS,
        "carriers.view_contract",
        *CLAIMS,
        *SET_RATES,
        *_all(*TAXES),
        *FRAUD,
        *NOTES,
        *HOLDS,
        *MESSAGES,
    ],
}


@transaction.atomic
def roles_sync(**kwargs: object) -> None:
    """Make the groups what the table says. Runs after every migration; safe to repeat.

    What a later version of the table changes is noted in the audit trail, the first one is not.
    """
    is_first = not Group.objects.filter(name__in=ROLES).exists()
    with quietly("the first roles") if is_first else nullcontext():
        _sync()


def _sync() -> None:
    wanted = {name for names in ROLES.values() for name in names}
    for label in sorted({name.partition(".")[0] for name in wanted}):
        create_permissions(apps.get_app_config(label), verbosity=0)
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    # A migration of Oscar's leaves this one; nobody works with it, and no customer belongs to it.
    Group.objects.filter(name="All Oscar Dashboard Permissions", user=None).delete()
    for role, names in ROLES.items():
        group, _is_new = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in names])


def held_roles(user) -> list[str]:
    """The names of ``user``'s groups as the table has them."""
    return list(user.groups.order_by("pk").values_list("name", flat=True))


def role_names(user) -> list[str]:
    """What to call ``user``'s work, in the reader's language."""
    names = [_(name) for name in user.groups.order_by("pk").values_list("name", flat=True)]
    return [_("Owner"), *names] if user.is_superuser else names
