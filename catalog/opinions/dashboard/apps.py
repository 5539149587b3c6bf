from shop.core.office import OfficeConfig


class OpinionsDashboardConfig(OfficeConfig):
    name = "catalog.opinions.dashboard"
    label = "opinions_dashboard"
