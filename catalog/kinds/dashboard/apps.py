from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE, CHANGE = ("kinds.view_productset",), ("kinds.view_productset", "kinds.change_productset")
SEE_FILES = ("kinds.view_productfile",)
CHANGE_FILES = ("kinds.view_productfile", "kinds.change_productfile")


class KindsDashboardConfig(OfficeConfig):
    name = "catalog.kinds.dashboard"
    label = "kinds_dashboard"
    access = {
        "set-list": Access(read=SEE),
        "set-detail": Access(read=SEE, change=CHANGE),
        "set-part-add": Access(change=CHANGE),
        "set-part-remove": Access(change=CHANGE),
        "digital-list": Access(read=SEE_FILES),
        "digital-detail": Access(read=SEE_FILES, change=CHANGE_FILES),
        "file-add": Access(change=CHANGE_FILES),
        "file-offer": Access(change=CHANGE_FILES),
    }

    def get_areas(self):
        from catalog.kinds.dashboard import digital, views

        return [
            path("sets/", views.set_list, name="set-list"),
            path("sets/<int:pk>/", views.set_detail, name="set-detail"),
            path("sets/<int:pk>/parts/", views.part_add, name="set-part-add"),
            path(
                "sets/<int:pk>/parts/<int:part_pk>/remove/",
                views.part_remove,
                name="set-part-remove",
            ),
            path("digital/", digital.digital_list, name="digital-list"),
            path("digital/<int:pk>/", digital.digital_detail, name="digital-detail"),
            path("digital/<int:pk>/files/", digital.file_add, name="file-add"),
            path("digital/files/<int:pk>/offer/", digital.file_offer, name="file-offer"),
        ]
