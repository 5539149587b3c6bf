from shop.core.office import OfficeConfig


class SearchDashboardConfig(OfficeConfig):
    name = "catalog.search.dashboard"
    label = "search_dashboard"
