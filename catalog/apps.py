from django.urls import include, path, re_path
from oscar.apps.catalogue import apps


class CatalogConfig(apps.CatalogueConfig):
    name = "catalog"

    def ready(self) -> None:
        super().ready()
        from catalog import handlers  # noqa: F401  they register themselves
        from catalog.holes import register

        register()

    def get_urls(self) -> list:
        """Oscar's under ``catalogue/`` and our lists beside it, all with the catalogue's name.

        Reviews and questions are those of `catalog.opinions`. Ranges are collections.
        """
        from catalog.listing.urls import RANGE, ROOT
        from catalog.opinions.urls import urlpatterns as opinions
        from catalog.product_views import product_qr

        extra = re_path(
            r"^(?P<product_slug>[\w-]*)_(?P<pk>\d+)/qr\.svg$", product_qr, name="detail-qr"
        )
        without = [
            url
            for url in super().get_urls()
            if "/reviews/" not in str(url.pattern) and url.name != "range"
        ]
        inside = [*self.post_process_urls([*opinions, extra]), RANGE, *without]
        return [path("catalogue/", include(inside)), *ROOT]
