from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE_JOBS = ("handover.view_servicejob",)
SEE_GRANTS = ("handover.view_downloadgrant",)


class HandoverDashboardConfig(OfficeConfig):
    name = "orders.handover.dashboard"
    label = "handover_dashboard"
    access = {
        "job-list": Access(read=SEE_JOBS),
        "job-done": Access(change=(*SEE_JOBS, "handover.change_servicejob")),
        "grant-list": Access(read=SEE_GRANTS),
        "grant-renew": Access(change=(*SEE_GRANTS, "handover.change_downloadgrant")),
    }

    def get_areas(self):
        from orders.handover.dashboard import views

        return [
            path("services/", views.job_list, name="job-list"),
            path("services/<int:pk>/done/", views.job_done, name="job-done"),
            path("downloads/", views.grant_list, name="grant-list"),
            path("downloads/<int:pk>/renew/", views.grant_renew, name="grant-renew"),
        ]
