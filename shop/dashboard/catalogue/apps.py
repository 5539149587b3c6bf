from django.urls import path
from oscar.apps.dashboard.catalogue import apps


class CatalogueDashboardConfig(apps.CatalogueDashboardConfig):
    name = "shop.dashboard.catalogue"

    def get_urls(self):
        """As Oscar's, but products have a folder of their own, as categories have."""
        return [
            path("products/", pattern.callback, name=pattern.name)
            if pattern.name == "catalogue-product-list"
            else pattern
            for pattern in super().get_urls()
        ]
