from shop.core.office import OfficeConfig


class HandoverDashboardConfig(OfficeConfig):
    name = "orders.handover.dashboard"
    label = "handover_dashboard"
