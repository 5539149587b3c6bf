from django.urls import URLPattern, path

from shop.core.office import Access, OfficeConfig

SEE = ("order.view_order", "fulfilment.view_shipment")
SEND = (*SEE, "fulfilment.change_shipment")


class CarriersDashboardConfig(OfficeConfig):
    """Labels, what became of parcels, and how often promises were kept."""

    name = "orders.carriers.dashboard"
    label = "carriers_dashboard"
    access = {
        "parcel-list": Access(read=SEE),
        "parcel-figures": Access(read=SEE),
        "parcel-label": Access(read=SEE),
        "parcel-ask": Access(change=SEND),
        "parcel-void": Access(change=SEND),
        "parcels-buy": Access(change=SEND),
        "parcels-hand-over": Access(change=SEND),
    }

    def get_areas(self) -> list[URLPattern]:
        from orders.carriers.dashboard import views

        return [
            path("", views.parcel_list, name="parcel-list"),
            path("kept/", views.parcel_figures, name="parcel-figures"),
            path("buy/", views.parcels_buy, name="parcels-buy"),
            path("hand-over/", views.parcels_hand_over, name="parcels-hand-over"),
            path("<int:pk>/label/", views.parcel_label, name="parcel-label"),
            path("<int:pk>/ask/", views.parcel_ask, name="parcel-ask"),
            path("<int:pk>/void/", views.parcel_void, name="parcel-void"),
        ]
