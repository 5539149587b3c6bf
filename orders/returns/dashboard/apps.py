from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = "returns.view_return"
DECIDE = (SEE, "returns.change_return")
RECEIVE = (SEE, "returns.receive_return")
PAY = (SEE, "returns.refund_return", "payments.add_refund")
RULES = "returns.view_returnpolicy"


class ReturnsDashboardConfig(OfficeConfig):
    """Customer service decides, the warehouse receives and looks, finance pays."""

    name = "orders.returns.dashboard"
    label = "returns_dashboard"
    access = {
        "return-list": Access(read=(SEE,)),
        "return-scan": Access(read=(SEE,)),
        "return-reasons": Access(read=(SEE,)),
        "return-detail": Access(read=(SEE,)),
        "return-photo": Access(read=(SEE,)),
        "return-start": Access(read=DECIDE, change=DECIDE),
        "return-label": Access(read=(SEE,), change=DECIDE),
        "return-slip": Access(read=(SEE,)),
        "return-exchange": Access(change=PAY),
        "parcel-again": Access(change=(*DECIDE, "order.change_order")),
        "complaint-list": Access(read=(SEE,)),
        "complaint-detail": Access(read=(SEE,)),
        "complaint-photo": Access(read=(SEE,)),
        "complaint-close": Access(change=(*DECIDE, "refunding.add_refundrequest")),
        "return-approve": Access(change=DECIDE),
        "return-refuse": Access(change=DECIDE),
        "return-cancel": Access(change=DECIDE),
        "return-receive": Access(change=RECEIVE),
        "return-inspect": Access(change=RECEIVE),
        "return-repair": Access(change=RECEIVE),
        "return-repaired": Access(change=RECEIVE),
        "refurbish-list": Access(read=(SEE,)),
        "refurbish-done": Access(change=RECEIVE),
        "return-refund": Access(change=PAY),
        "return-close": Access(change=PAY),
        "return-policy-list": Access(read=(RULES,)),
        "return-policy-add": Access(
            read=(RULES, "returns.add_returnpolicy"), change=(RULES, "returns.add_returnpolicy")
        ),
        "return-policy-detail": Access(
            read=(RULES, "returns.change_returnpolicy"),
            change=(RULES, "returns.change_returnpolicy"),
        ),
        "return-policy-delete": Access(change=(RULES, "returns.delete_returnpolicy")),
    }

    def get_areas(self):
        from orders.returns.dashboard import (
            actions,
            complaints,
            figures,
            policies,
            refurbishing,
            starting,
            views,
        )

        return [
            path("", views.return_list, name="return-list"),
            path("scan/", views.return_scan, name="return-scan"),
            path("refurbish/", refurbishing.refurbish_list, name="refurbish-list"),
            path("refurbish/<int:pk>/", refurbishing.refurbish_done, name="refurbish-done"),
            path("why/", figures.return_reasons, name="return-reasons"),
            path("rules/", policies.policy_list, name="return-policy-list"),
            path("rules/add/", policies.policy_add, name="return-policy-add"),
            path("rules/<int:pk>/", policies.policy_detail, name="return-policy-detail"),
            path("rules/<int:pk>/delete/", policies.policy_delete, name="return-policy-delete"),
            path("start/<str:number>/", starting.return_start, name="return-start"),
            path("again/<int:pk>/", starting.parcel_again, name="parcel-again"),
            path("complaints/", complaints.complaint_list, name="complaint-list"),
            path("complaints/<int:pk>/", complaints.complaint_detail, name="complaint-detail"),
            path(
                "complaints/<int:pk>/photos/<int:photo>/",
                complaints.complaint_photo,
                name="complaint-photo",
            ),
            path("complaints/<int:pk>/close/", complaints.complaint_close, name="complaint-close"),
            path("<str:number>/", views.return_detail, name="return-detail"),
            path("<str:number>/photos/<int:pk>/", views.return_photo, name="return-photo"),
            path("<str:number>/label/", actions.label, name="return-label"),
            path("<str:number>/slip/", actions.slip, name="return-slip"),
            path("<str:number>/exchange/", actions.exchange, name="return-exchange"),
            path("<str:number>/approve/", actions.approve, name="return-approve"),
            path("<str:number>/refuse/", actions.refuse, name="return-refuse"),
            path("<str:number>/cancel/", actions.cancel, name="return-cancel"),
            path("<str:number>/receive/", actions.receive, name="return-receive"),
            path("<str:number>/inspect/", actions.inspect, name="return-inspect"),
            path("<str:number>/repair/", actions.repair, name="return-repair"),
            path("<str:number>/repaired/", actions.repaired, name="return-repaired"),
            path("<str:number>/refund/", actions.refund, name="return-refund"),
            path("<str:number>/close/", actions.close, name="return-close"),
        ]
