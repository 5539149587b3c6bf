from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = "recommend.view_suggestion"
PIN = (SEE, "recommend.add_choice")
END = (SEE, "recommend.change_choice")
RUN = (SEE, "recommend.add_run")


class RecommendDashboardConfig(OfficeConfig):
    """What is recommended and why, with figures; pins and bans of the team."""

    name = "catalog.recommend.dashboard"
    label = "recommend_dashboard"
    access = {
        "recommend-rules": Access(read=(SEE,)),
        "recommend-products": Access(read=(SEE,)),
        "recommend-product": Access(read=(SEE,)),
        "recommend-choices": Access(read=(SEE,)),
        "recommend-runs": Access(read=(SEE,)),
        "recommend-choose": Access(change=PIN),
        "recommend-end": Access(change=END),
        "recommend-recompute": Access(change=RUN),
    }

    def get_areas(self):
        from catalog.recommend.dashboard import views

        return [
            path("", views.rule_list, name="recommend-rules"),
            path("products/", views.product_list, name="recommend-products"),
            path("products/<int:pk>/", views.product_detail, name="recommend-product"),
            path("choices/", views.choice_list, name="recommend-choices"),
            path("choices/new/", views.choice_new, name="recommend-choose"),
            path("choices/<int:pk>/end/", views.choice_finish, name="recommend-end"),
            path("runs/", views.run_list, name="recommend-runs"),
            path("runs/new/", views.recompute, name="recommend-recompute"),
        ]
