from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE, ADD, CHANGE, DROP = (f"moved.{verb}_redirect" for verb in ("view", "add", "change", "delete"))
SEE_DEAD = "moved.view_deadpath"


class MovedDashboardConfig(OfficeConfig):
    """Old addresses, where they lead, and which are asked for in vain."""

    name = "catalog.moved.dashboard"
    label = "moved_dashboard"
    access = {
        "redirect-list": Access(read=(SEE,)),
        "redirect-create": Access(read=(SEE, ADD), change=(SEE, ADD)),
        "redirect-update": Access(read=(SEE, CHANGE), change=(SEE, CHANGE)),
        "redirect-delete": Access(change=(SEE, DROP)),
        "redirect-import": Access(read=(SEE, ADD, CHANGE), change=(SEE, ADD, CHANGE)),
        "redirect-export": Access(read=(SEE,)),
        "dead-list": Access(read=(SEE_DEAD,)),
    }

    def get_areas(self):
        from catalog.moved.dashboard import views

        return [
            path("redirects/", views.redirect_list, name="redirect-list"),
            path("redirects/add/", views.redirect_create, name="redirect-create"),
            path("redirects/import/", views.redirect_import, name="redirect-import"),
            path("redirects/export/", views.redirect_export, name="redirect-export"),
            path("redirects/<int:pk>/", views.redirect_update, name="redirect-update"),
            path("redirects/<int:pk>/delete/", views.redirect_delete, name="redirect-delete"),
            path("redirects/dead/", views.dead_list, name="dead-list"),
        ]
