from shop.core.office import OfficeConfig


class KindsDashboardConfig(OfficeConfig):
    name = "catalog.kinds.dashboard"
    label = "kinds_dashboard"
