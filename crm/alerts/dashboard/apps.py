from django.urls import path

from shop.core.office import Access, OfficeConfig


class AlertsDashboardConfig(OfficeConfig):
    name = "crm.alerts.dashboard"
    label = "alerts_dashboard"
    access = {
        "wanted-list": Access(read=("alerts.view_stockalert",)),
        "wanted-export": Access(read=("alerts.view_stockalert",)),
    }

    def get_areas(self):
        from crm.alerts.dashboard import views

        return [
            path("stock/wanted/", views.wanted_list, name="wanted-list"),
            path("stock/wanted/export/", views.wanted_export, name="wanted-export"),
        ]
