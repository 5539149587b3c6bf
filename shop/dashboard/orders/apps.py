from django.urls import path
from oscar.apps.dashboard.orders import apps as core

from shop.core.office import Access, OfficeConfig

SEE = "order.view_order"
PARCEL = (SEE, "fulfilment.add_shipment")
MONEY = (SEE, "payments.view_paymentintent", "payments.change_paymentintent")


class OrdersDashboardConfig(OfficeConfig, core.OrdersDashboardConfig):
    """Ours in whole: Oscar's own views change states, lines and payments past our services."""

    name = "shop.dashboard.orders"
    access = {
        "order-list": Access(read=(SEE,)),
        "order-export": Access(read=(SEE,), exports="order.order"),
        "orders-bulk": Access(change=(SEE,)),  # each step asks for its own besides
        "orders-labels": Access(read=(SEE, "fulfilment.view_shipment")),
        "order-view-keep": Access(change=(SEE,)),
        "order-view-drop": Access(change=(SEE,)),
        "order-detail": Access(read=(SEE,)),
        "order-pack": Access(change=PARCEL),
        "order-unpack": Access(change=PARCEL),
        "order-ship": Access(change=PARCEL),
        "order-deliver": Access(change=(SEE, "fulfilment.change_shipment")),
        "order-cancel": Access(change=(SEE, "order.change_order")),
        "order-rest-cancel": Access(change=(SEE, "order.change_order")),
        "order-hold": Access(change=(SEE, "life.add_orderhold")),
        "order-release": Access(change=(SEE, "life.change_orderhold")),
        "order-edit": Access(read=(SEE, "order.change_order")),
        "order-edit-lines": Access(change=(SEE, "order.change_order")),
        "order-edit-address": Access(change=(SEE, "order.change_order")),
        "order-edit-invoice": Access(change=(SEE, "order.change_order")),
        "order-edit-add": Access(change=(SEE, "order.change_order")),
        "order-edit-delivery": Access(change=(SEE, "order.change_order")),
        "order-edit-withdraw": Access(change=(SEE, "order.change_order")),
        "order-refund": Access(change=(SEE, "refunding.add_refundrequest")),
        "order-payment-book": Access(change=MONEY),
        "order-payment-refresh": Access(change=MONEY),
        "order-rest-ask": Access(change=MONEY),
        "order-message": Access(change=(SEE, "life.add_ordermessage")),
        "order-messages-read": Access(change=(SEE, "life.change_ordermessage")),
        "order-note": Access(change=(SEE, "order.add_ordernote")),
    }

    def ready(self) -> None:
        """Oscar's looks up its own views here; ours are imported where they are routed."""

    def get_areas(self):
        from shop.dashboard.orders import (
            actions,
            adding,
            bulk,
            editing,
            holding,
            lists,
            views,
            writing,
        )

        return [
            path("", lists.order_list, name="order-list"),
            path("export/", lists.order_export, name="order-export"),
            path("bulk/", bulk.orders_bulk, name="orders-bulk"),
            path("bulk/<int:pk>/labels/", bulk.labels_print, name="orders-labels"),
            path("views/", lists.view_keep, name="order-view-keep"),
            path("views/<int:pk>/drop/", lists.view_drop, name="order-view-drop"),
            path("<str:number>/", views.order_detail, name="order-detail"),
            path("<str:number>/pack/", actions.pack, name="order-pack"),
            path("<str:number>/unpack/", actions.unpack, name="order-unpack"),
            path("<str:number>/ship/", actions.ship, name="order-ship"),
            path("<str:number>/deliver/", actions.deliver, name="order-deliver"),
            path("<str:number>/cancel/", actions.cancel, name="order-cancel"),
            path("<str:number>/cancel-rest/", actions.rest_cancel, name="order-rest-cancel"),
            path("<str:number>/hold/", holding.hold, name="order-hold"),
            path("<str:number>/release/", holding.release, name="order-release"),
            path("<str:number>/edit/", editing.order_edit, name="order-edit"),
            path("<str:number>/edit/lines/", editing.lines, name="order-edit-lines"),
            path("<str:number>/edit/address/", editing.address, name="order-edit-address"),
            path("<str:number>/edit/invoice/", editing.invoice_address, name="order-edit-invoice"),
            path("<str:number>/edit/add/", adding.add, name="order-edit-add"),
            path("<str:number>/edit/delivery/", adding.delivery, name="order-edit-delivery"),
            path("<str:number>/edit/withdraw/", adding.withdraw, name="order-edit-withdraw"),
            path("<str:number>/refund/", actions.refund, name="order-refund"),
            path("<str:number>/book/", actions.payment_book, name="order-payment-book"),
            path("<str:number>/ask-rest/", actions.rest_ask, name="order-rest-ask"),
            path("<str:number>/refresh/", actions.payment_refresh, name="order-payment-refresh"),
            path("<str:number>/message/", writing.message, name="order-message"),
            path("<str:number>/read/", writing.messages_read, name="order-messages-read"),
            path("<str:number>/note/", actions.note, name="order-note"),
        ]
