from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE_ORDER = "order.view_order"
SEE_PAPERS = (SEE_ORDER, "papers.view_document")
SEE_PARCELS = (SEE_ORDER, "fulfilment.view_shipment")

SEE_WAVE = (SEE_ORDER, "fulfilment.view_consignment", "fulfilment.view_wave")


class PapersDashboardConfig(OfficeConfig):
    name = "orders.papers.dashboard"
    label = "papers_dashboard"
    access = {
        "paper-list": Access(read=SEE_PAPERS),
        "paper-export": Access(read=SEE_PAPERS),
        "paper-file": Access(read=SEE_PAPERS),
        "vat-report": Access(read=("ledger.view_transaction",)),
        "order-slip": Access(read=SEE_PARCELS),
        "box-slip": Access(read=SEE_PARCELS),
        "orders-slips": Access(change=SEE_PARCELS),
        "orders-pick": Access(change=SEE_PARCELS),
        "wave-print": Access(read=SEE_WAVE),
    }

    def get_areas(self):
        from orders.papers.dashboard import vat_views, views

        return [
            path("", views.paper_list, name="paper-list"),
            path("export/", views.paper_export, name="paper-export"),
            path("tax/", vat_views.vat_report, name="vat-report"),
            path("slips/", views.orders_slips, name="orders-slips"),
            path("pick/", views.orders_pick, name="orders-pick"),
            path("waves/<int:pk>/", views.wave_print, name="wave-print"),
            path("slips/boxes/<int:pk>/", views.box_slip, name="box-slip"),
            path("slips/<str:number>/", views.order_slip, name="order-slip"),
            path("<str:number>/", views.paper_file, name="paper-file"),
        ]
