"""Who may use which of the back office's addresses, for our own pages and for Oscar's.

Oscar's addresses that are missing here are not routed: its reports, partners, messages, shipping
models, stock alerts, options and users go past our services or set other people's passwords.
"""

from shop.core.office import Access


def _area(model: str, *, listed: str, add: str = "", change: str = "", delete: str = "") -> dict:
    """The usual four pages of ``model`` (``app.name``); changing needs more than looking."""
    app, name = model.split(".")
    see = f"{app}.view_{name}"
    pages = {listed: Access(read=(see,), change=(see, f"{app}.change_{name}"))} if listed else {}
    for page, verb in ((add, "add"), (change, "change"), (delete, "delete")):
        if page:
            both = (see, f"{app}.{verb}_{name}")
            pages[page] = Access(read=both, change=both)
    return pages


SEE_PRODUCT = "catalogue.view_product"
ADD_PRODUCT = (SEE_PRODUCT, "catalogue.add_product", "catalogue.change_product")
SEE_OFFER = "offer.view_conditionaloffer"
CHANGE_OFFER = (SEE_OFFER, "offer.add_conditionaloffer", "offer.change_conditionaloffer")
SEE_RANGE = "offer.view_range"
CHANGE_RANGE = (SEE_RANGE, "offer.change_range")

SEE_CATEGORY = Access(read=("catalogue.view_category",))

CATALOGUE = {
    "catalogue-product-list": Access(read=(SEE_PRODUCT,)),
    "catalogue-product": Access(read=ADD_PRODUCT, change=ADD_PRODUCT),
    "catalogue-product-create": Access(read=ADD_PRODUCT, change=ADD_PRODUCT),
    "catalogue-product-create-child": Access(read=ADD_PRODUCT, change=ADD_PRODUCT),
    "catalogue-product-delete": Access(
        read=(SEE_PRODUCT, "catalogue.delete_product"),
        change=(SEE_PRODUCT, "catalogue.delete_product"),
    ),
    "catalogue-product-lookup": Access(read=(SEE_PRODUCT,)),
    **_area(
        "catalogue.category",
        listed="",
        add="catalogue-category-create",
        change="catalogue-category-update",
        delete="catalogue-category-delete",
    ),
    **_area("catalogue.category", listed="", add="catalogue-category-create-child"),
    "catalogue-category-move": Access(
        change=("catalogue.view_category", "catalogue.change_category")
    ),
    "catalogue-category-list": SEE_CATEGORY,
    "catalogue-category-detail-list": SEE_CATEGORY,
    **_area(
        "catalogue.productclass",
        listed="catalogue-class-list",
        add="catalogue-class-create",
        change="catalogue-class-update",
        delete="catalogue-class-delete",
    ),
    **_area(
        "catalogue.attributeoptiongroup",
        listed="catalogue-attribute-option-group-list",
        add="catalogue-attribute-option-group-create",
        change="catalogue-attribute-option-group-update",
        delete="catalogue-attribute-option-group-delete",
    ),
}
OFFERS = {
    **_area("offer.conditionaloffer", listed="offer-list", delete="offer-delete"),
    "offer-detail": Access(read=(SEE_OFFER,), change=CHANGE_OFFER),
    "offer-metadata": Access(read=CHANGE_OFFER, change=CHANGE_OFFER),
    "offer-condition": Access(read=CHANGE_OFFER, change=CHANGE_OFFER),
    "offer-benefit": Access(read=CHANGE_OFFER, change=CHANGE_OFFER),
    "offer-restrictions": Access(read=CHANGE_OFFER, change=CHANGE_OFFER),
}
RANGES = {
    **_area("offer.range", listed="range-list", add="range-create", delete="range-delete"),
    "range-update": Access(read=CHANGE_RANGE, change=CHANGE_RANGE),
    "range-products": Access(read=CHANGE_RANGE, change=CHANGE_RANGE),
    "range-reorder": Access(change=CHANGE_RANGE),
}
VOUCHERS = {
    **_area(
        "voucher.voucher",
        listed="voucher-list",
        add="voucher-create",
        change="voucher-update",
        delete="voucher-delete",
    ),
    "voucher-stats": Access(read=("voucher.view_voucher",)),
}

#: Oscar's areas: the app's label, where it is mounted, and its addresses.
OSCAR_AREAS = {
    "catalogue_dashboard": ("catalogue/", CATALOGUE),
    "offers_dashboard": ("offers/", OFFERS),
    "ranges_dashboard": ("ranges/", RANGES),
    "vouchers_dashboard": ("vouchers/", VOUCHERS),
}

SEE_PEOPLE = ("accounts.view_user",)
OWN = {
    "index": Access(read=()),
    "find": Access(read=()),
    "flow": Access(read=("order.view_order",)),
    "users-index": Access(read=SEE_PEOPLE),
    "user-detail": Access(read=SEE_PEOPLE),
    "team-list": Access(read=("auth.view_group",)),
    "team-add": Access(read=(), change=(), superuser=True),
    "team-member": Access(read=(), change=(), superuser=True),
    "mail-list": Access(read=("core.view_mail",)),
    "mail-detail": Access(read=("core.view_mail",)),
    "mail-html": Access(read=("core.view_mail",)),
    "mail-retry": Access(change=("core.view_mail", "core.change_mail")),
    "status": Access(read=("core.view_outboxdelivery",)),
    "outbox-list": Access(read=("core.view_outboxdelivery",)),
    "outbox-retry": Access(change=("core.view_outboxdelivery", "core.change_outboxdelivery")),
}
