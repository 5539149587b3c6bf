from django.urls import path
from oscar.apps.dashboard.catalogue import apps


class CatalogueDashboardConfig(apps.CatalogueDashboardConfig):
    name = "shop.dashboard.catalogue"

    def get_urls(self):
        """As Oscar's, but products have a folder of their own, as categories have; and their tree."""
        from shop.dashboard.catalogue.categories import category_put

        theirs = [
            path("products/", pattern.callback, name=pattern.name)
            if pattern.name == "catalogue-product-list"
            else pattern
            for pattern in super().get_urls()
        ]
        return [path("categories/move/", category_put, name="catalogue-category-move"), *theirs]
