from shop.core.office import OfficeConfig


class RecommendDashboardConfig(OfficeConfig):
    name = "catalog.recommend.dashboard"
    label = "recommend_dashboard"
