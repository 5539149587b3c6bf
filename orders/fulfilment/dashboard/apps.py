from django.urls import path

from shop.core.office import Access, OfficeConfig

ORDER = "order.view_order"
SEE = (ORDER, "fulfilment.view_consignment")
WALK = (*SEE, "fulfilment.view_wave")
PACK = (*SEE, "fulfilment.add_shipment")
TROUBLE = (ORDER, "fulfilment.view_trouble")


class FulfilmentDashboardConfig(OfficeConfig):
    """From paid to the door: who sends it, waves, the packing table, and what went wrong."""

    name = "orders.fulfilment.dashboard"
    label = "fulfilment_dashboard"
    access = {
        "sending-list": Access(read=SEE),
        "sending-detail": Access(read=SEE),
        "sending-reroute": Access(change=(*SEE, "fulfilment.change_consignment")),
        "sending-batch": Access(change=(*SEE, "fulfilment.add_batch")),
        "batch-list": Access(read=(ORDER, "fulfilment.view_batch")),
        "batch-detail": Access(read=(ORDER, "fulfilment.view_batch")),
        "batch-state": Access(read=(ORDER, "fulfilment.view_batch")),
        "wave-list": Access(read=WALK),
        "wave-add": Access(change=(*WALK, "fulfilment.add_wave")),
        "wave-detail": Access(read=WALK),
        "wave-take": Access(change=(*WALK, "fulfilment.change_wave")),
        "wave-pick": Access(change=(*WALK, "fulfilment.change_wave")),
        "wave-short": Access(change=(*WALK, "fulfilment.change_wave")),
        "pack-table": Access(read=PACK),
        "pack-consignment": Access(read=PACK),
        "pack-place": Access(change=PACK),
        "pack-item": Access(change=PACK),
        "pack-out": Access(change=PACK),
        "pack-close": Access(change=PACK),
        "parcel-back": Access(
            read=(ORDER, "fulfilment.view_shipment"),
            change=(ORDER, "fulfilment.change_shipment"),
        ),
        "trouble-list": Access(read=TROUBLE),
        "trouble-close": Access(change=(*TROUBLE, "fulfilment.change_trouble")),
    }

    def get_areas(self):
        from orders.fulfilment.dashboard import backs, batches, packing, troubles, views, waves

        return [
            path("sending/", views.sending_list, name="sending-list"),
            path("sending/batch/", batches.batch_add, name="sending-batch"),
            path("sending/batches/", batches.batch_list, name="batch-list"),
            path("sending/batches/<int:pk>/", batches.batch_detail, name="batch-detail"),
            path("sending/batches/<int:pk>/state/", batches.batch_state, name="batch-state"),
            path("sending/<int:pk>/", views.sending_detail, name="sending-detail"),
            path("sending/<int:pk>/reroute/", views.sending_reroute, name="sending-reroute"),
            path("waves/", waves.wave_list, name="wave-list"),
            path("waves/add/", waves.wave_add, name="wave-add"),
            path("waves/<int:pk>/", waves.wave_detail, name="wave-detail"),
            path("waves/<int:pk>/take/", waves.take, name="wave-take"),
            path("waves/<int:pk>/pick/", waves.pick, name="wave-pick"),
            path("waves/<int:pk>/short/", waves.short, name="wave-short"),
            path("packing/", packing.pack_table, name="pack-table"),
            path("packing/place/", packing.place_set, name="pack-place"),
            path("packing/<int:pk>/", packing.pack_consignment, name="pack-consignment"),
            path("packing/<int:pk>/item/", packing.item, name="pack-item"),
            path("packing/<int:pk>/out/", packing.out, name="pack-out"),
            path("packing/<int:pk>/close/", packing.close, name="pack-close"),
            path("sent-back/<int:pk>/", backs.parcel_back, name="parcel-back"),
            path("exceptions/", troubles.trouble_list, name="trouble-list"),
            path("exceptions/<int:pk>/", troubles.trouble_close, name="trouble-close"),
        ]
