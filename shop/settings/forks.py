"""Which of Oscar's apps are ours. docs/oscar-forks.md lists each override and its reason."""

import oscar

FORKS = {
    "oscar.apps.catalogue.apps.CatalogueConfig": "catalog.apps.CatalogConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig": "catalog.reviews.apps.ReviewsConfig",
    "oscar.apps.partner.apps.PartnerConfig": "catalog.partner.apps.PartnerConfig",
    "oscar.apps.offer.apps.OfferConfig": "promotions.offer.apps.OfferConfig",
    "oscar.apps.voucher.apps.VoucherConfig": "promotions.voucher.apps.VoucherConfig",
    "oscar.apps.order.apps.OrderConfig": "orders.apps.OrdersConfig",
    "oscar.apps.basket.apps.BasketConfig": "orders.basket.apps.BasketConfig",
    "oscar.apps.checkout.apps.CheckoutConfig": "orders.checkout.apps.CheckoutConfig",
    "oscar.apps.shipping.apps.ShippingConfig": "orders.shipping.apps.ShippingConfig",
    "oscar.apps.customer.apps.CustomerConfig": "crm.customer.apps.CustomerConfig",
    "oscar.apps.analytics.apps.AnalyticsConfig": "shop.quiet.AnalyticsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig": "shop.dashboard.apps.DashboardConfig",
    "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig": (
        "shop.dashboard.orders.apps.OrdersDashboardConfig"
    ),
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig": (
        "shop.dashboard.catalogue.apps.CatalogueDashboardConfig"
    ),
}

# The back office is /dashboard/, with permissions and services; a second way in would go past them.
LEFT_OUT = {"django.contrib.admin"}


def installed_apps() -> list[str]:
    """Oscar's apps with ours in their places. A fork without an original stops the start."""
    orphans = FORKS.keys() - set(oscar.INSTALLED_APPS)
    if orphans:
        raise RuntimeError(f"Oscar {oscar.VERSION} has no app to fork for: {sorted(orphans)}")
    return [FORKS.get(app, app) for app in oscar.INSTALLED_APPS if app not in LEFT_OUT]


# Forks without fields of their own keep Oscar's migrations.
OSCAR_MIGRATIONS = {
    "voucher": "oscar.apps.voucher.migrations",
    "basket": "oscar.apps.basket.migrations",
    "customer": "oscar.apps.customer.migrations",
    "shipping": "oscar.apps.shipping.migrations",
}
