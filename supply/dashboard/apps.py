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
        "arrival-add": Access(change=(SEE, "supply.add_expectedarrival")),
        "arrival-cancel": Access(change=(SEE, "supply.change_expectedarrival")),
        "arrival-receive": Access(
            change=(SEE, "supply.change_expectedarrival", "supply.add_stockmovement")
        ),
        "ledger-list": Access(read=(SEE,)),
        "ledger-export": Access(read=(SEE,)),
    }

    def get_areas(self):
        from supply.dashboard import arrivals, views

        return [
            path("stock/", views.stock_list, name="stock-list"),
            path("stock/<int:pk>/", views.stock_detail, name="stock-detail"),
            path("stock/<int:pk>/correct/", views.stock_correct, name="stock-correct"),
            path("stock/<int:pk>/arrivals/", arrivals.arrival_add, name="arrival-add"),
            path("arrivals/<int:pk>/came/", arrivals.arrival_receive, name="arrival-receive"),
            path("arrivals/<int:pk>/cancel/", arrivals.arrival_cancel, name="arrival-cancel"),
            path("ledger/", views.ledger_list, name="ledger-list"),
            path("ledger/export/", views.ledger_export, name="ledger-export"),
        ]
