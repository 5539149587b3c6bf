from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = ("gifts.view_giftvoucher",)
CHANGE = (*SEE, "gifts.change_giftvoucher")


class GiftsDashboardConfig(OfficeConfig):
    name = "promotions.gifts.dashboard"
    label = "gifts_dashboard"
    access = {
        "gift-list": Access(read=SEE),
        "gift-resend": Access(change=CHANGE),
        "gift-void": Access(change=CHANGE),
    }

    def get_areas(self):
        from promotions.gifts.dashboard import views

        return [
            path("", views.gift_list, name="gift-list"),
            path("<int:pk>/resend/", views.gift_resend, name="gift-resend"),
            path("<int:pk>/void/", views.gift_void, name="gift-void"),
        ]
