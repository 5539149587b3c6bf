from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = ("drafts.view_draft",)
START = (*SEE, "drafts.add_draft")
CHANGE = (*SEE, "drafts.change_draft")
PEOPLE = (*CHANGE, "accounts.view_user")
OFF = (*CHANGE, "drafts.discount_draft")
PLACE = (*CHANGE, "order.change_order")


class DraftsDashboardConfig(OfficeConfig):
    """Orders that the team takes: by telephone, in the shop, by mail."""

    name = "shop.dashboard.drafts"
    label = "drafts_dashboard"
    access = {
        "draft-list": Access(read=SEE),
        "draft-new": Access(change=START),
        "draft-again": Access(change=(*START, "order.view_order")),
        "draft-detail": Access(read=SEE),
        "draft-customer": Access(read=PEOPLE, change=PEOPLE),
        "draft-place": Access(read=CHANGE, change=CHANGE),
        "draft-add": Access(change=CHANGE),
        "draft-lines": Access(change=CHANGE),
        "draft-coupon": Access(change=CHANGE),
        "draft-delivery": Access(change=CHANGE),
        "draft-discount": Access(change=OFF),
        "draft-send": Access(change=CHANGE),
        "draft-order": Access(change=PLACE),
        "draft-drop": Access(change=CHANGE),
    }

    def get_areas(self):
        from shop.dashboard.drafts import actions, people, views

        return [
            path("", views.draft_list, name="draft-list"),
            path("new/", actions.new, name="draft-new"),
            path("again/<str:number>/", actions.again, name="draft-again"),
            path("<int:pk>/", views.draft_detail, name="draft-detail"),
            path("<int:pk>/customer/", people.draft_customer, name="draft-customer"),
            path("<int:pk>/address/", people.draft_place, name="draft-place"),
            path("<int:pk>/add/", actions.add, name="draft-add"),
            path("<int:pk>/lines/", actions.lines, name="draft-lines"),
            path("<int:pk>/coupon/", actions.coupon, name="draft-coupon"),
            path("<int:pk>/delivery/", actions.delivery, name="draft-delivery"),
            path("<int:pk>/discount/", actions.discount, name="draft-discount"),
            path("<int:pk>/send/", actions.send, name="draft-send"),
            path("<int:pk>/order/", actions.order, name="draft-order"),
            path("<int:pk>/drop/", actions.drop, name="draft-drop"),
        ]
