from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = "supply.view_stockmovement"
PLACES = "supply.view_warehouse"
TRANSFERS = "supply.view_transfer"
COUNTS = "supply.view_cyclecount"


class SupplyDashboardConfig(OfficeConfig):
    name = "supply.dashboard"
    label = "supply_dashboard"
    access = {
        "stock-list": Access(read=(SEE,)),
        "stock-detail": Access(read=(SEE,)),
        "stock-correct": Access(change=(SEE, "supply.add_stockmovement")),
        "arrival-list": Access(read=(SEE,)),
        "stock-write-off": Access(change=(SEE, "supply.write_off_stock")),
        "write-off-list": Access(read=(SEE,)),
        "arrival-add": Access(change=(SEE, "supply.add_expectedarrival")),
        "arrival-cancel": Access(change=(SEE, "supply.change_expectedarrival")),
        "arrival-receive": Access(
            change=(SEE, "supply.change_expectedarrival", "supply.add_stockmovement")
        ),
        "warehouse-list": Access(read=(PLACES,)),
        "warehouse-add": Access(
            read=(PLACES, "supply.add_warehouse"), change=(PLACES, "supply.add_warehouse")
        ),
        "warehouse-detail": Access(read=(PLACES,)),
        "warehouse-edit": Access(
            read=(PLACES, "supply.change_warehouse"), change=(PLACES, "supply.change_warehouse")
        ),
        "warehouse-bins": Access(change=(PLACES, "supply.add_bin")),
        "bin-detail": Access(read=(PLACES,)),
        "bin-rename": Access(change=(PLACES, "supply.change_bin")),
        "bin-remove": Access(change=(PLACES, "supply.delete_bin")),
        "bin-empty": Access(change=(PLACES, "supply.change_binstock")),
        "warehouse-put": Access(change=(PLACES, "supply.change_binstock")),
        "transfer-list": Access(read=(TRANSFERS,)),
        "transfer-add": Access(change=(TRANSFERS, "supply.add_transfer")),
        "transfer-detail": Access(read=(TRANSFERS,)),
        **{
            f"transfer-{step}": Access(change=(TRANSFERS, "supply.change_transfer"))
            for step in ("line", "send", "receive", "cancel")
        },
        "count-list": Access(read=(COUNTS,)),
        "count-add": Access(change=(COUNTS, "supply.add_cyclecount")),
        "count-detail": Access(read=(COUNTS,)),
        "count-enter": Access(change=(COUNTS, "supply.change_countline")),
        "count-decide": Access(change=(COUNTS, "supply.change_countline")),  # more by line
        "ledger-list": Access(read=(SEE,)),
        "ledger-export": Access(read=(SEE,)),
    }

    def get_areas(self):
        from supply.dashboard import (
            arrivals,
            bins,
            counts,
            places,
            transfers,
            views,
            write_offs,
        )

        return [
            path("stock/", views.stock_list, name="stock-list"),
            path("stock/<int:pk>/", views.stock_detail, name="stock-detail"),
            path("stock/<int:pk>/correct/", views.stock_correct, name="stock-correct"),
            path("stock/<int:pk>/write-off/", write_offs.stock_write_off, name="stock-write-off"),
            path("write-offs/", write_offs.write_off_list, name="write-off-list"),
            path("stock/<int:pk>/arrivals/", arrivals.arrival_add, name="arrival-add"),
            path("arrivals/", arrivals.arrival_list, name="arrival-list"),
            path("arrivals/<int:pk>/came/", arrivals.arrival_receive, name="arrival-receive"),
            path("arrivals/<int:pk>/cancel/", arrivals.arrival_cancel, name="arrival-cancel"),
            path("warehouses/", places.warehouse_list, name="warehouse-list"),
            path("warehouses/add/", places.warehouse_add, name="warehouse-add"),
            path("warehouses/<int:pk>/", places.warehouse_detail, name="warehouse-detail"),
            path("warehouses/<int:pk>/edit/", places.warehouse_edit, name="warehouse-edit"),
            path("warehouses/<int:pk>/bins/", places.warehouse_bins, name="warehouse-bins"),
            path("warehouses/<int:pk>/put/", places.warehouse_put, name="warehouse-put"),
            path("bins/<int:pk>/", bins.bin_detail, name="bin-detail"),
            path("bins/<int:pk>/rename/", bins.bin_rename, name="bin-rename"),
            path("bins/<int:pk>/remove/", bins.bin_remove, name="bin-remove"),
            path("bins/<int:pk>/empty/", bins.bin_empty, name="bin-empty"),
            path("transfers/", transfers.transfer_list, name="transfer-list"),
            path("transfers/add/", transfers.transfer_add, name="transfer-add"),
            path("transfers/<int:pk>/", transfers.transfer_detail, name="transfer-detail"),
            path("transfers/<int:pk>/line/", transfers.transfer_line, name="transfer-line"),
            path("transfers/<int:pk>/send/", transfers.transfer_send, name="transfer-send"),
            path(
                "transfers/<int:pk>/receive/", transfers.transfer_receive, name="transfer-receive"
            ),
            path("transfers/<int:pk>/cancel/", transfers.transfer_cancel, name="transfer-cancel"),
            path("counts/", counts.count_list, name="count-list"),
            path("counts/add/", counts.count_add, name="count-add"),
            path("counts/<int:pk>/", counts.count_detail, name="count-detail"),
            path("counts/lines/<int:pk>/", counts.count_enter, name="count-enter"),
            path("counts/lines/<int:pk>/decide/", counts.count_decide, name="count-decide"),
            path("ledger/", views.ledger_list, name="ledger-list"),
            path("ledger/export/", views.ledger_export, name="ledger-export"),
        ]
