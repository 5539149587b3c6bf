"""Who may GET and POST each address of the back office, written by hand.

Apart from the code that decides; an address that is missing here fails `test_permissions`.
"""

from dataclasses import dataclass

M, P, K, A, C, N, F = (
    "Operations manager",
    "Product manager",
    "Marketer",
    "Customer-service agent",
    "Warehouse clerk",
    "Analyst",
    "Finance",
)
EVERYBODY = {M, P, K, A, C, N, F}
NOBODY: set[str] = set()  # the owner only
NO = None  # the method is not offered


@dataclass(frozen=True)
class Rule:
    """Which roles may GET and POST; ``NO`` where the address does not take the method."""

    get: set[str] | None
    post: set[str] | None = NO


SEE_ORDERS = {M, A, C, N, F}
PARCELS = {M, C}
DRAFTS = {M, A}
MONEY = {M, F}
CATALOGUE = {M, P}
OFFERS = {K}
SEARCH = {M, P, K}

RULES = {
    "index": Rule(EVERYBODY),
    "order-list": Rule(SEE_ORDERS),
    "order-export": Rule(SEE_ORDERS),
    "order-detail": Rule(SEE_ORDERS),
    "draft-list": Rule(DRAFTS),
    "draft-new": Rule(NO, DRAFTS),
    "draft-again": Rule(NO, DRAFTS),
    "draft-detail": Rule(DRAFTS),
    "draft-customer": Rule(DRAFTS, DRAFTS),
    "draft-place": Rule(DRAFTS, DRAFTS),
    "draft-add": Rule(NO, DRAFTS),
    "draft-lines": Rule(NO, DRAFTS),
    "draft-coupon": Rule(NO, DRAFTS),
    "draft-delivery": Rule(NO, DRAFTS),
    "draft-discount": Rule(NO, {M}),
    "draft-send": Rule(NO, DRAFTS),
    "draft-order": Rule(NO, DRAFTS),
    "draft-drop": Rule(NO, DRAFTS),
    "orders-pack": Rule(NO, PARCELS),
    "order-pack": Rule(NO, PARCELS),
    "order-unpack": Rule(NO, PARCELS),
    "order-ship": Rule(NO, PARCELS),
    "order-deliver": Rule(NO, PARCELS),
    "order-cancel": Rule(NO, {M, A}),
    "order-hold": Rule(NO, {M, A, C, F}),
    "order-release": Rule(NO, {M, A, F}),
    "order-edit": Rule({M, A}),
    "order-edit-lines": Rule(NO, {M, A}),
    "order-edit-address": Rule(NO, {M, A}),
    "order-refund": Rule(NO, MONEY),
    "order-payment-book": Rule(NO, MONEY),
    "order-payment-refresh": Rule(NO, MONEY),
    "order-message": Rule(NO, {M, A, F}),
    "order-messages-read": Rule(NO, {M, A, F}),
    "order-note": Rule(NO, {M, A, C, F}),
    "paper-list": Rule({M, A, F}),
    "paper-export": Rule({M, A, F}),
    "paper-file": Rule({M, A, F}),
    "order-slip": Rule({M, A, C}),
    "orders-slips": Rule(NO, {M, A, C}),
    "orders-pick": Rule(NO, {M, A, C}),
    "stock-list": Rule({M, P, A, C, N, F}),
    "stock-detail": Rule({M, P, A, C, N, F}),
    "stock-correct": Rule(NO, PARCELS),
    "arrival-add": Rule(NO, {M, P, C}),
    "arrival-cancel": Rule(NO, {M, P, C}),
    "arrival-receive": Rule(NO, PARCELS),
    "wanted-list": Rule({M, P, C, N}),
    "wanted-export": Rule({M, P, C, N}),
    "brand-list": Rule({M, P, N}),
    "brand-create": Rule(CATALOGUE, CATALOGUE),
    "brand-update": Rule(CATALOGUE, CATALOGUE),
    "brand-delete": Rule(NO, CATALOGUE),
    "collection-list": Rule({M, P, K, N}),
    "collection-update": Rule(OFFERS, OFFERS),
    "guide-list": Rule({M, P, N}),
    "guide-add": Rule(CATALOGUE, CATALOGUE),
    "guide-detail": Rule({M, P, N}, CATALOGUE),
    **{f"guide-{step}": Rule(NO, CATALOGUE) for step in ("give", "take", "delete")},
    "ledger-list": Rule({M, P, A, C, N, F}),
    "ledger-export": Rule({M, P, A, C, N, F}),
    "set-list": Rule({M, P, K, N}),
    "set-detail": Rule({M, P, K, N}, CATALOGUE),
    **{f"set-part-{step}": Rule(NO, CATALOGUE) for step in ("add", "remove")},
    "digital-list": Rule({M, P, N}),
    "digital-detail": Rule({M, P, N}, CATALOGUE),
    **{f"file-{step}": Rule(NO, CATALOGUE) for step in ("add", "offer")},
    "gift-list": Rule({M, K, A, N, F}),
    **{f"gift-{step}": Rule(NO, {M, A}) for step in ("resend", "void")},
    "grant-list": Rule({M, A, N}),
    "grant-renew": Rule(NO, {M, A}),
    "job-list": Rule({M, A, C, N}),
    "job-done": Rule(NO, {M, A, C}),
    **{f"return-{page}": Rule(SEE_ORDERS) for page in ("list", "scan", "reasons")},
    **{f"return-{page}": Rule(SEE_ORDERS) for page in ("detail", "photo")},
    **{f"return-{step}": Rule(NO, {M, A}) for step in ("approve", "refuse", "cancel")},
    **{f"return-{step}": Rule(NO, PARCELS) for step in ("receive", "inspect")},
    **{f"return-{step}": Rule(NO, MONEY) for step in ("refund", "close")},
    "return-policy-list": Rule({M, A, N}),
    **{f"return-policy-{step}": Rule({M}, {M}) for step in ("add", "detail")},
    "return-policy-delete": Rule(NO, {M}),
    "payment-list": Rule({M, A, N, F}),
    "payment-detail": Rule({M, A, N, F}),
    "payment-refresh": Rule(NO, MONEY),
    "payment-settle": Rule(NO, MONEY),
    "refund-list": Rule({M, N, F}),
    "refund-retry": Rule(NO, MONEY),
    "webhook-list": Rule(MONEY),
    "users-index": Rule({M, A, N, F}),
    "user-detail": Rule({M, A, N, F}),
    "team-list": Rule({M}),
    "team-add": Rule(NOBODY, NOBODY),
    "team-member": Rule(NOBODY, NOBODY),
    "mail-list": Rule({M, A}),
    "mail-detail": Rule({M, A}),
    "mail-html": Rule({M, A}),
    "mail-retry": Rule(NO, {M, A}),
    **{f"audit-{page}": Rule({M, N, F}) for page in ("list", "export")},
    "data-levels": Rule({M}),
    "risk-list": Rule({M}),
    "risk-run": Rule(NO, {M}),
    "roles-reviewed": Rule(NO, NOBODY),
    "reveal": Rule(NO, {M, A}),
    "object-history": Rule({M, P, K, A, C, N}),  # here of a product
    "status": Rule({M}),
    "outbox-list": Rule({M}),
    "outbox-retry": Rule(NO, {M}),
    "catalogue-product-list": Rule({M, P, K, A, C, N}),
    "catalogue-product": Rule(CATALOGUE, CATALOGUE),
    "catalogue-product-create": Rule(CATALOGUE, CATALOGUE),
    "catalogue-product-create-child": Rule(CATALOGUE, CATALOGUE),
    "catalogue-product-delete": Rule(CATALOGUE, CATALOGUE),
    "product-bulk": Rule(NO, CATALOGUE),
    "product-job-list": Rule(CATALOGUE),
    "product-import": Rule(CATALOGUE, CATALOGUE),
    "product-export": Rule(CATALOGUE),
    "product-variants": Rule(CATALOGUE, CATALOGUE),
    "product-pictures": Rule(CATALOGUE, CATALOGUE),
    "product-copy": Rule(NO, CATALOGUE),
    "product-job": Rule(CATALOGUE, CATALOGUE),
    "product-job-state": Rule(CATALOGUE),
    "catalogue-product-lookup": Rule({M, P, K, A, C, N}),
    "catalogue-category-list": Rule({M, P, K, N}),
    "catalogue-category-detail-list": Rule({M, P, K, N}),
    "catalogue-class-list": Rule({M, P, N}, CATALOGUE),
    "catalogue-attribute-option-group-list": Rule({M, P, N}, CATALOGUE),
    **{
        f"catalogue-{what}-{verb}": Rule(CATALOGUE, CATALOGUE)
        for what in ("category", "class", "attribute-option-group")
        for verb in ("create", "update", "delete")
    },
    "catalogue-category-create-child": Rule(CATALOGUE, CATALOGUE),
    "catalogue-category-move": Rule(NO, CATALOGUE),
    **{f"search-{page}": Rule(SEARCH | {N}) for page in ("report", "export")},
    "search-term": Rule(SEARCH | {N}),
    **{f"seo-{page}": Rule(SEARCH | {N}) for page in ("health", "rules", "words", "snippet")},
    "seo-rule": Rule(SEARCH, SEARCH),
    "seo-rule-reset": Rule(NO, SEARCH),
    **{f"search-{kind}-list": Rule(SEARCH | {N}) for kind in ("synonym", "redirect")},
    **{
        f"search-{kind}-{verb}": Rule(SEARCH, SEARCH)
        for kind in ("synonym", "redirect")
        for verb in ("create", "update")
    },
    **{f"search-{kind}-delete": Rule(NO, SEARCH) for kind in ("synonym", "redirect")},
    "search-weights": Rule(SEARCH | {N}, SEARCH),
    **{f"{page}-list": Rule(SEARCH | {N}) for page in ("redirect", "dead", "feed")},
    "redirect-export": Rule(SEARCH | {N}),
    **{f"redirect-{step}": Rule(SEARCH, SEARCH) for step in ("create", "update", "import")},
    "redirect-delete": Rule(NO, SEARCH),
    "feed-make": Rule(NO, SEARCH),
    **{
        f"price-{page}": Rule({M, P, K, N})
        for page in ("list-list", "export", "history-list", "history", "check")
    },
    "price-list-create": Rule(CATALOGUE, CATALOGUE),
    "price-list-detail": Rule({M, P, K, N}, CATALOGUE),
    **{f"price-{step}": Rule(NO, CATALOGUE) for step in ("entry-set", "entry-remove", "import")},
    "rate-list": Rule({M, P, N, F}),
    "rate-export": Rule({M, P, N, F}),
    **{f"rate-{step}": Rule(NO, MONEY) for step in ("set", "import")},
    "currency-detail": Rule({M, P, N, F}, MONEY),
    "currency-price-list": Rule({M, P, N, F}),
    **{f"currency-price-{step}": Rule(NO, {M, P, F}) for step in ("set", "remove")},
    "tax-list": Rule({M, N, F}),
    "tax-detail": Rule({M, N, F}, MONEY),
    **{f"tax-{step}": Rule(NO, MONEY) for step in ("country-add", "load")},
    **{f"tax-rate-{step}": Rule(NO, MONEY) for step in ("set", "remove")},
    "delivery-rates": Rule({M}),
    "delivery-rates-export": Rule({M}),
    "delivery-rate": Rule({M}, {M}),
    **{f"delivery-{page}": Rule({M}) for page in ("days", "points", "loads")},
    **{f"delivery-{page}-export": Rule({M}) for page in ("points", "loads")},
    **{f"delivery-{page}-import": Rule(NO, {M}) for page in ("rates", "points", "loads")},
    **{f"delivery-{step}": Rule(NO, {M}) for step in ("rates-load", "method-add", "week-set")},
    **{f"delivery-holiday-{step}": Rule(NO, {M}) for step in ("add", "remove")},
    **{f"delivery-surcharge-{step}": Rule(NO, {M}) for step in ("add", "remove")},
    "offer-list": Rule({M, K, N}, OFFERS),
    "offer-detail": Rule({M, K, N}, OFFERS),
    **{
        f"offer-{step}": Rule(OFFERS, OFFERS)
        for step in ("metadata", "condition", "benefit", "restrictions", "delete")
    },
    "range-list": Rule({M, P, K, N}, OFFERS),
    "range-create": Rule(OFFERS, OFFERS),
    "range-update": Rule(OFFERS, OFFERS),
    "range-delete": Rule(OFFERS, OFFERS),
    "range-products": Rule(OFFERS, OFFERS),
    "range-reorder": Rule(NO, OFFERS),
    "voucher-list": Rule({M, K, N}, OFFERS),
    "voucher-stats": Rule({M, K, N}),
    "voucher-create": Rule(OFFERS, OFFERS),
    "voucher-update": Rule(OFFERS, OFFERS),
    "voucher-delete": Rule(OFFERS, OFFERS),
    "opinion-list": Rule({M, P, A, N}),
    "opinion-detail": Rule({M, P, A, N}),
    "opinion-decide": Rule(NO, CATALOGUE),
    "opinion-bulk": Rule(NO, CATALOGUE),
    "opinion-reports-close": Rule(NO, CATALOGUE),
    "opinion-reply": Rule(NO, {M, P, A}),
    "recommend-rules": Rule({M, P, K, N}),
    "recommend-products": Rule({M, P, K, N}),
    "recommend-product": Rule({M, P, K, N}),
    "recommend-choices": Rule({M, P, K, N}),
    "recommend-runs": Rule({M, P, K, N}),
    "recommend-choose": Rule(NO, {M, P, K}),
    "recommend-end": Rule(NO, {M, P, K}),
    "recommend-recompute": Rule(NO, {M, P, K}),
    **{f"{what}-list": Rule({M, P, K, N}) for what in ("article", "topic", "page", "notice")},
    **{
        f"{what}-{step}": Rule({K}, {K})
        for what in ("article", "topic", "page", "question", "home-block", "notice")
        for step in ("add", "detail")
    },
    **{f"{what}-delete": Rule(NO, {K}) for what in ("article", "topic", "page", "question")},
    **{f"article-goods-{step}": Rule(NO, {K}) for step in ("add", "move", "remove")},
    **{f"{what}-preview": Rule(NO, {K}) for what in ("article", "page")},
    "page-withdraw": Rule(NO, {K}),
    "home-board": Rule({M, P, K, N}),
    "home-preview": Rule({M, P, K, N}, {K}),
    **{f"home-{step}": Rule(NO, {K}) for step in ("arrange", "publish", "reset")},
    **{f"home-block-{step}": Rule(NO, {K}) for step in ("move", "show", "delete")},
    "notice-delete": Rule(NO, {K}),
}
DOORS = {"login", "logout"}
