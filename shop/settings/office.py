"""The side of the back office: what exists, in the order of a day's work.

`shop.dashboard.menu` leaves out what a person may not see. ``count`` names the work that waits
there, one of the fields of `shop.dashboard.selectors.WorkCounts`.
"""

from django.utils.translation import gettext_lazy as _


def _link(label, url_name: str, count: str = "") -> dict:
    return {"label": label, "url_name": f"dashboard:{url_name}", "count": count}


OSCAR_DASHBOARD_NAVIGATION = [
    _link(_("Today"), "index"),
    _link(_("Orders"), "order-list", "orders"),
    _link(_("Taking an order"), "draft-list"),
    _link(_("Returns"), "return-list", "returns"),
    _link(_("Complaints"), "complaint-list", "complaints"),
    _link(_("Fraud checks"), "fraud-list", "fraud"),
    {
        "label": _("Warehouse floor"),
        "children": [
            _link(_("From supplier to doorstep"), "flow"),
            _link(_("Sending"), "sending-list", "to_route"),
            _link(_("Waves"), "wave-list"),
            _link(_("Packing table"), "pack-table", "at_table"),
            _link(_("Exceptions"), "trouble-list", "troubles"),
        ],
    },
    {
        "label": _("Sell"),
        "children": [
            _link(_("Products"), "catalogue-product-list"),
            _link(_("Product types"), "catalogue-class-list"),
            _link(_("Categories"), "catalogue-category-list"),
            _link(_("Size guides"), "guide-list"),
            _link(_("Options"), "catalogue-attribute-option-group-list"),
            _link(_("Brands"), "brand-list"),
            _link(_("Collections"), "collection-list"),
            _link(_("Prices"), "price-list-list"),
            _link(_("Sets"), "set-list"),
            _link(_("Downloads and services"), "digital-list"),
            _link(_("Offers"), "offer-list"),
            _link(_("Ranges"), "range-list"),
            _link(_("Vouchers"), "voucher-list"),
            _link(_("Reviews and questions"), "opinion-list", "opinions"),
            _link(_("Recommendations"), "recommend-rules"),
        ],
    },
    {
        "label": _("Tell"),
        "children": [
            _link(_("Home page"), "home-board"),
            _link(_("Notices"), "notice-list"),
            _link(_("Guides"), "article-list"),
            _link(_("Topics"), "topic-list"),
            _link(_("Pages"), "page-list"),
            _link(_("Old addresses"), "redirect-list"),
            _link(_("Feeds"), "feed-list"),
        ],
    },
    {
        "label": _("Know"),
        "children": [
            _link(_("Customers"), "users-index"),
            _link(_("Search"), "search-report"),
            _link(_("Search engines"), "seo-health"),
            _link(_("Mails"), "mail-list", "mails_parked"),
        ],
    },
    {
        "label": _("Hand over"),
        "children": [
            _link(_("Services to do"), "job-list"),
            _link(_("Downloads sold"), "grant-list"),
        ],
    },
    {
        "label": _("Supply"),
        "children": [
            _link(_("Stock"), "stock-list", "out_of_stock"),
            _link(_("Stock ledger"), "ledger-list"),
            _link(_("Expected deliveries"), "arrival-list"),
            _link(_("Write-offs"), "write-off-list"),
            _link(_("Warehouses"), "warehouse-list"),
            _link(_("Transfers"), "transfer-list"),
            _link(_("Counts"), "count-list", "counts_waiting"),
            _link(_("Wanted back"), "wanted-list"),
            _link(_("Parcels"), "parcel-list"),
            _link(_("Hand-overs"), "manifest-list"),
            _link(_("Claims"), "claim-list", "claims"),
            _link(_("Carrier messages"), "carrier-message-list", "carrier_parked"),
            _link(_("Contracts with carriers"), "contract-list"),
            _link(_("Cost of parcels"), "parcel-costs"),
            _link(_("Promises kept"), "parcel-figures"),
            _link(_("Delivery rates"), "delivery-rates"),
        ],
    },
    {
        "label": _("Money"),
        "children": [
            _link(_("Payments"), "payment-list", "payment_problems"),
            _link(_("Bank"), "bank-list", "bank_lines"),
            _link(_("Refunds"), "refund-list", "refunds_open"),
            _link(_("Payouts to make"), "payout-list", "payouts"),
            _link(_("Refunds to approve"), "refund-ask-list", "refunds_asked"),
            _link(_("Gift cards and credit"), "wallet-list"),
            _link(_("Invoices"), "paper-list"),
            _link(_("Ledger"), "book-balance"),
            _link(_("Settlements"), "book-settlements"),
            _link(_("Tax report"), "vat-report"),
            _link(_("Daily close"), "book-days"),
            _link(_("Provider messages"), "webhook-list", "webhooks_parked"),
            _link(_("Currencies"), "rate-list"),
            _link(_("Taxes"), "tax-list"),
        ],
    },
    {
        "label": _("House"),
        "children": [
            _link(_("Team and roles"), "team-list"),
            _link(_("Audit trail"), "audit-list"),
            _link(_("Data levels"), "data-levels"),
            _link(_("Risks"), "risk-list"),
            _link(_("Outbox"), "outbox-list", "outbox_parked"),
            _link(_("System status"), "status"),
        ],
    },
]
OSCAR_DASHBOARD_ITEMS_PER_PAGE = 40

#: Pages that ``g`` and a letter open; who may not see one does not have its key.
OFFICE_KEYS = {
    "h": "index",
    "o": "order-list",
    "r": "return-list",
    "p": "parcel-list",
    "w": "wave-list",
    "t": "pack-table",
    "c": "users-index",
    "a": "catalogue-product-list",
    "s": "stock-list",
    "m": "payment-list",
}
