from django.urls import path
from oscar.apps.basket import apps


class BasketConfig(apps.BasketConfig):
    name = "orders.basket"

    def ready(self) -> None:
        """Oscar's views are not looked up: the addresses below are all there are."""
        from orders.basket.holes import register

        register()

    def get_urls(self) -> list:
        from orders.basket import drawer, kind_views, sets, views
        from orders.keeping import share_views as sharing
        from orders.keeping import views as keeping

        urls = [
            path("", views.BasketView.as_view(), name="summary"),
            path("drawer/", drawer.drawer, name="drawer"),
            path("add/<int:pk>/", views.BasketAddView.as_view(), name="add"),
            path("add-set/", sets.SetAddView.as_view(), name="add-set"),
            path("kits/<int:pk>/", kind_views.SetAddView.as_view(), name="add-kit"),
            path("gifts/<int:pk>/", kind_views.GiftAddView.as_view(), name="add-gift"),
            path("lines/<int:pk>/", views.LineView.as_view(), name="line"),
            path("lines/<int:pk>/aside/", keeping.AsidePutView.as_view(), name="aside-put"),
            path("aside/<int:pk>/", keeping.AsideView.as_view(), name="aside"),
            path("seen/", keeping.NotedView.as_view(), name="noted"),
            path("share/", sharing.ShareView.as_view(), name="share"),
            path("shared/<str:key>/", sharing.shared_page, name="shared"),
            path("country/", keeping.CountryView.as_view(), name="country"),
            path("vouchers/add/", views.CouponAddView.as_view(), name="vouchers-add"),
            path(
                "vouchers/<int:pk>/remove/",
                views.CouponRemoveView.as_view(),
                name="vouchers-remove",
            ),
        ]
        return self.post_process_urls(urls)
