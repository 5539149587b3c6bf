from shop.core.office import OfficeConfig


class ReturnsDashboardConfig(OfficeConfig):
    name = "orders.returns.dashboard"
    label = "returns_dashboard"
    access = {}
