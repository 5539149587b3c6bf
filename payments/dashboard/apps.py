from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = "payments.view_paymentintent"
CHANGE = "payments.change_paymentintent"


class PaymentsDashboardConfig(OfficeConfig):
    name = "payments.dashboard"
    label = "payments_dashboard"
    access = {
        "payment-list": Access(read=(SEE,)),
        "payment-detail": Access(read=(SEE,)),
        "payment-refresh": Access(change=(SEE, CHANGE)),
        "payment-settle": Access(change=(SEE, CHANGE)),
        "capture-retry": Access(change=(SEE, CHANGE)),
        "refund-list": Access(read=("payments.view_refund",)),
        "refund-retry": Access(change=("payments.view_refund", "payments.change_refund")),
        "webhook-list": Access(read=("payments.view_webhookevent",)),
    }

    def get_areas(self):
        from payments.dashboard import views

        return [
            path("payments/", views.payment_list, name="payment-list"),
            path("payments/<int:pk>/", views.payment_detail, name="payment-detail"),
            path("payments/<int:pk>/refresh/", views.payment_refresh, name="payment-refresh"),
            path("payments/<int:pk>/settle/", views.payment_settle, name="payment-settle"),
            path("captures/<int:pk>/retry/", views.capture_retry, name="capture-retry"),
            path("refunds/", views.refund_list, name="refund-list"),
            path("refunds/<int:pk>/retry/", views.refund_retry, name="refund-retry"),
            path("provider-messages/", views.webhook_list, name="webhook-list"),
        ]
