"""What the audit trail watches. `shop.core.audit` reads it; docs/adr/0011 says why.

Every table is watched while somebody who works here changes something at the back office. What is
listed here is the rest: tables that are watched whoever writes, and those that are not watched.
"""

#: Watched always: by whoever and whatever way it changes, price and permission above all.
AUDIT_ALWAYS = {
    "accounts.user_groups",
    "accounts.user_user_permissions",
    "auth.group",
    "auth.group_permissions",
    "carriers.contract",
    "carriers.costrate",
    "catalogue.category",
    "content.page",
    "content.pageversion",
    "exchange.currency",
    "exchange.currencyprice",
    "finding.rankingweights",
    "fraud.fraudline",
    "fraud.fraudrule",
    "fraud.listed",
    "offer.benefit",
    "offer.condition",
    "offer.conditionaloffer",
    "offer.range",
    "partner.stockrecord",
    "payments.refund",
    "pricing.pricelist",
    "pricing.pricelistentry",
    "rates.method",
    "rates.rate",
    "rates.surcharge",
    "rates.zone",
    "returns.returnpolicy",
    "taxes.taxcountry",
    "taxes.taxrate",
    "voucher.voucher",
}

#: Rows of these are watched always if the condition holds; ``ROW`` is the row before or after.
AUDIT_ALWAYS_IF = {"accounts.user": "ROW.is_staff OR ROW.is_superuser"}

#: Not watched: why.
AUDIT_NOT = {
    "additions.additionline": "follows from its addition, which is watched",
    "audit.entry": "the trail itself",
    "audit.seal": "the trail itself",
    "audit.waiting": "the trail itself",
    "audit.anchor": "the trail itself",
    "audit.riskrun": "a log of its own",
    "audit.riskresult": "a log of its own",
    "auth.permission": "made by migrating",
    "carriers.carriermessage": "a log of its own: what carriers told, each once",
    "carriers.trackevent": "a log of its own: what carriers told",
    "contenttypes.contenttype": "made by migrating",
    "desk.orderwords": "computed",
    "core.outboxevent": "follows from a change that is watched",
    "feeds.feedproblem": "computed",
    "finding.searchdocument": "computed",
    "finding.searchword": "computed",
    "fulfilment.batchrow": "its batch is watched, and what each row changes",
    "goods.jobrow": "its job is watched, and what each row changes",
    "ledger.account": "part of the ledger",
    "ledger.daytotal": "computed",
    "ledger.entry": "a ledger: rows are added, never changed",
    "ledger.settlementline": "follows from its settlement, never changed",
    "ledger.transaction": "a ledger: rows are added, never changed",
    "life.orderevent": "a log of its own that the database refuses to change",
    "listing.listedproduct": "computed",
    "moved.deadpath": "counted from visits",
    "opinions.historyentry": "a log of its own",
    "order.orderstatuschange": "a log of its own",
    "order.lineprice": "follows from the order's line",
    "payments.paymententry": "a ledger: rows are added, never changed",
    "pictures.storedpicture": "computed",
    "pricing.pricerecord": "a log of its own: the price history",
    "recommend.evaluation": "computed",
    "recommend.run": "computed",
    "recommend.suggestion": "computed",
    "returns.returnmoment": "a log of its own",
    "searchlog.search": "counted from visits",
    "searchlog.searchclick": "counted from visits",
    "searchlog.searchtermday": "computed",
    "seo.sharecard": "computed",
    "sessions.session": "a sign-in has an entry of its own",
    "signin.signedin": "a sign-in has an entry of its own",
    "signin.signinlink": "secrets",
    "supply.binstock": "follows from the stock ledger",
    "supply.stockmovement": "a ledger: rows are added, never changed",
    "supply.warehousestock": "follows from the stock ledger",
    "thumbnail.kvstore": "computed",
}

#: Written by their queues all day; only what somebody changes of them by hand is watched.
AUDIT_CHANGES_ONLY = {"core.mail", "core.outboxdelivery"}

#: Columns that are left out: counted, computed, or of no meaning to a reader.
AUDIT_COLUMNS_NOT = {
    "accounts.user": {"last_login"},
    "carriers.label": {"pdf", "checked_at", "key"},
    "catalogue.category": {"depth", "path", "numchild", "ancestors_are_public"},
    "catalogue.product": {"rating", "date_updated", "date_created"},
    "content.article": {"body_html", "body_html_en", "body_html_zh_hans", "updated_at"},
    "content.page": {"updated_at"},
    "content.pageversion": {"body_html", "body_html_en", "body_html_zh_hans"},
    "goods.job": {"beat_at", "done", "key"},
    "offer.conditionaloffer": {"total_discount", "num_applications", "num_orders"},
    "partner.stockrecord": {"num_in_stock", "num_allocated", "date_updated", "date_created"},
    "voucher.voucher": {"num_basket_additions", "num_orders", "total_discount"},
}

#: Columns of which only the fact of a change is noted.
AUDIT_SECRET = {
    "accounts.user": {"password"},
    "bank.payout": {"account", "holder"},
    "keeping.sharedbasket": {"key"},
    "wallets.wallet": {"key", "code_hash"},
    "wishes.wishlist": {"share_key"},
}

#: A row below one of these is part of its story: found under it, by the first key that says so.
AUDIT_MAIN = {
    "accounts.user",
    "auth.group",
    "catalogue.attributeoptiongroup",
    "catalogue.category",
    "catalogue.product",
    "catalogue.productclass",
    "content.article",
    "content.page",
    "exchange.currency",
    "offer.conditionaloffer",
    "offer.range",
    "order.order",
    "payments.paymentintent",
    "pricing.pricelist",
    "returns.return",
    "taxes.taxcountry",
    "voucher.voucher",
}

#: What a row belongs to where its keys do not say it at once: the model and the column.
AUDIT_BELONGS = {
    "accounts.user_groups": ("accounts.user", "user_id"),
    "accounts.user_user_permissions": ("accounts.user", "user_id"),
    "auth.group_permissions": ("auth.group", "group_id"),
    "catalogue.productcategory": ("catalogue.product", "product_id"),
    "pricing.pricelistentry": ("pricing.pricelist", "price_list_id"),
    "exchange.currencyprice": ("partner.stockrecord", "stock_record_id"),
    "voucher.voucher_offers": ("voucher.voucher", "voucher_id"),
}

AUDIT_REFUSES_TRUNCATE = True
