from shop.core.office import OfficeConfig


class GiftsDashboardConfig(OfficeConfig):
    name = "promotions.gifts.dashboard"
    label = "gifts_dashboard"
