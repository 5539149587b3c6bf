from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = ("audit.view_entry",)


class AuditDashboardConfig(OfficeConfig):
    """Who did what: all of it to search, and the history of one thing."""

    name = "shop.dashboard.audit"
    label = "audit_dashboard"
    access = {
        "audit-list": Access(read=SEE),
        "audit-export": Access(read=SEE, exports="audit.entry"),
        "data-levels": Access(read=("auth.view_group",)),
        "reveal": Access(change=("audit.reveal",)),
        "risk-list": Access(read=("audit.view_riskrun",)),
        "risk-run": Access(change=("audit.view_riskrun", "audit.add_riskrun")),
        "roles-reviewed": Access(change=(), superuser=True),
        # Which permission a history wants depends on what it is of: `histories` says.
        "object-history": Access(read=()),
    }

    def get_areas(self):
        from shop.dashboard.audit import levels_views, risk_views, views

        return [
            path("audit/", views.audit_list, name="audit-list"),
            path("audit/export/", views.audit_export, name="audit-export"),
            path("data-levels/", levels_views.data_levels, name="data-levels"),
            path("reveal/", levels_views.reveal, name="reveal"),
            path("risks/", risk_views.risk_list, name="risk-list"),
            path("risks/run/", risk_views.risk_run, name="risk-run"),
            path("risks/roles/", risk_views.roles_reviewed, name="roles-reviewed"),
            path("history/<str:label>/<str:key>/", views.object_history, name="object-history"),
        ]
