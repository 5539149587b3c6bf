from django.urls import URLPattern, path

from shop.core.office import Access, OfficeConfig

SEE = ("order.view_order", "fulfilment.view_shipment")
SEND = (*SEE, "fulfilment.change_shipment")
CLAIMS = ("order.view_order", "carriers.view_claim")
CLAIM = (*CLAIMS, "carriers.change_claim")
CONTRACTS = ("order.view_order", "carriers.view_contract")
AGREE = (*CONTRACTS, "carriers.change_contract")


class CarriersDashboardConfig(OfficeConfig):
    """Labels, what became of parcels, and how often promises were kept."""

    name = "orders.carriers.dashboard"
    label = "carriers_dashboard"
    access = {
        "parcel-list": Access(read=SEE),
        "parcel-figures": Access(read=SEE),
        "parcel-label": Access(read=SEE),
        "parcel-rates": Access(read=SEND),
        "parcel-ask": Access(change=SEND),
        "parcel-void": Access(change=SEND),
        "parcels-buy": Access(change=SEND),
        "parcels-hand-over": Access(change=SEND),
        "carrier-message-list": Access(read=SEE),
        "carrier-message-retry": Access(change=SEND),
        "manifest-list": Access(read=SEE),
        "manifest-detail": Access(read=SEE),
        "manifest-file": Access(read=SEE),
        "manifest-open": Access(change=SEND),
        "manifest-scan": Access(change=SEND),
        "manifest-remove": Access(change=SEND),
        "manifest-close": Access(change=SEND),
        "claim-list": Access(read=CLAIMS),
        "claim-detail": Access(read=CLAIMS),
        "claim-new": Access(read=CLAIM, change=CLAIM),
        "claim-move": Access(change=CLAIM),
        "contract-list": Access(read=CONTRACTS),
        "contract-detail": Access(read=CONTRACTS, change=AGREE),
        "contract-add": Access(read=AGREE, change=AGREE),
        "contract-rates": Access(change=AGREE),
        "contract-export": Access(read=CONTRACTS, exports="carriers.costrate"),
        "parcel-costs": Access(read=CONTRACTS),
    }

    def get_areas(self) -> list[URLPattern]:
        from orders.carriers.dashboard import claims, contracts, inbox, manifests, views

        return [
            path("", views.parcel_list, name="parcel-list"),
            path("kept/", views.parcel_figures, name="parcel-figures"),
            path("messages/", inbox.message_list, name="carrier-message-list"),
            path("messages/<int:pk>/retry/", inbox.message_retry, name="carrier-message-retry"),
            path("manifests/", manifests.manifest_list, name="manifest-list"),
            path("manifests/open/", manifests.manifest_open, name="manifest-open"),
            path("manifests/<int:pk>/", manifests.manifest_detail, name="manifest-detail"),
            path("manifests/<int:pk>/file/", manifests.manifest_file, name="manifest-file"),
            path("manifests/<int:pk>/scan/", manifests.manifest_scan, name="manifest-scan"),
            path("manifests/<int:pk>/close/", manifests.manifest_close, name="manifest-close"),
            path("<int:pk>/remove/", manifests.manifest_remove, name="manifest-remove"),
            path("claims/", claims.claim_list, name="claim-list"),
            path("claims/<int:pk>/", claims.claim_detail, name="claim-detail"),
            path("claims/<int:pk>/move/", claims.claim_move, name="claim-move"),
            path("<int:pk>/claim/", claims.claim_new, name="claim-new"),
            path("contracts/", contracts.contract_list, name="contract-list"),
            path("contracts/add/", contracts.contract_add, name="contract-add"),
            path("contracts/<int:pk>/", contracts.contract_detail, name="contract-detail"),
            path("contracts/<int:pk>/rates/", contracts.contract_rates, name="contract-rates"),
            path("contracts/<int:pk>/export/", contracts.contract_export, name="contract-export"),
            path("costs/", contracts.parcel_costs, name="parcel-costs"),
            path("buy/", views.parcels_buy, name="parcels-buy"),
            path("hand-over/", views.parcels_hand_over, name="parcels-hand-over"),
            path("<int:pk>/label/", views.parcel_label, name="parcel-label"),
            path("<int:pk>/rates/", views.parcel_rates, name="parcel-rates"),
            path("<int:pk>/ask/", views.parcel_ask, name="parcel-ask"),
            path("<int:pk>/void/", views.parcel_void, name="parcel-void"),
        ]
