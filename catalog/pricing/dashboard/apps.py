from shop.core.office import OfficeConfig


class PricingDashboardConfig(OfficeConfig):
    name = "catalog.pricing.dashboard"
    label = "pricing_dashboard"
