from shop.core.office import OfficeConfig


class FactsDashboardConfig(OfficeConfig):
    name = "catalog.facts.dashboard"
    label = "facts_dashboard"
