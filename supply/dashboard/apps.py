from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = "supply.view_stockmovement"


class SupplyDashboardConfig(OfficeConfig):
    name = "supply.dashboard"
    label = "supply_dashboard"
    access = {
        "stock-list": Access(read=(SEE,)),
        "stock-detail": Access(read=(SEE,)),
        "stock-correct": Access(change=(SEE, "supply.add_stockmovement")),
        "ledger-list": Access(read=(SEE,)),
        "ledger-export": Access(read=(SEE,)),
    }

    def get_areas(self):
        from supply.dashboard import views

        return [
            path("stock/", views.stock_list, name="stock-list"),
            path("stock/<int:pk>/", views.stock_detail, name="stock-detail"),
            path("stock/<int:pk>/correct/", views.stock_correct, name="stock-correct"),
            path("ledger/", views.ledger_list, name="ledger-list"),
            path("ledger/export/", views.ledger_export, name="ledger-export"),
        ]
