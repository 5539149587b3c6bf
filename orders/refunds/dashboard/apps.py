from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = ("order.view_order", "refunding.view_refundrequest")
ASK = (*SEE, "refunding.add_refundrequest")
APPROVE = (*SEE, "refunding.approve_refundrequest")
LIMITS = ("refunding.change_refundlimit",)


class RefundsDashboardConfig(OfficeConfig):
    """Whoever may ask for a refund asks; above their limit somebody else agrees."""

    name = "orders.refunds.dashboard"
    label = "refunds_dashboard"
    access = {
        "refund-ask-list": Access(read=SEE),
        "refund-ask-new": Access(read=ASK, change=ASK),
        "refund-ask-approve": Access(change=APPROVE),
        "refund-ask-decline": Access(change=APPROVE),
        "refund-limits": Access(read=LIMITS, change=LIMITS),
    }

    def get_areas(self):
        from orders.refunds.dashboard import views

        return [
            path("", views.ask_list, name="refund-ask-list"),
            path("limits/", views.limits, name="refund-limits"),
            path("new/<str:number>/", views.ask_new, name="refund-ask-new"),
            path("<int:pk>/approve/", views.approve, name="refund-ask-approve"),
            path("<int:pk>/decline/", views.decline, name="refund-ask-decline"),
        ]
