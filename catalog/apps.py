from django.urls import re_path
from oscar.apps.catalogue import apps

REVIEWS = ("reviews-list", "reviews-add", "reviews-detail", "reviews-vote")


class CatalogConfig(apps.CatalogueConfig):
    name = "catalog"

    def ready(self) -> None:
        super().ready()
        from catalog import handlers  # noqa: F401  they register themselves

    def get_urls(self) -> list:
        """Oscar's, but reviews stand on the product page: their addresses lead there."""
        from catalog.views import ProductReviewsView

        product = r"^(?P<product_slug>[\w-]*)_(?P<product_pk>\d+)/reviews/"
        ends = ("$", "add/$", r"(?P<pk>\d+)/$", r"(?P<pk>\d+)/vote/$")
        reviews = [
            re_path(product + end, ProductReviewsView.as_view(), name=name)
            for name, end in zip(REVIEWS, ends, strict=True)
        ]
        without = [url for url in super().get_urls() if "/reviews/" not in str(url.pattern)]
        return self.post_process_urls(reviews) + without
