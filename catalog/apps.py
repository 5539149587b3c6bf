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
        from catalog.product_views import product_qr
        from catalog.views import ProductReviewsView

        product = r"^(?P<product_slug>[\w-]*)_(?P<product_pk>\d+)/reviews/"
        ends = ("$", "add/$", r"(?P<pk>\d+)/$", r"(?P<pk>\d+)/vote/$")
        reviews = [
            re_path(product + end, ProductReviewsView.as_view(), name=name)
            for name, end in zip(REVIEWS, ends, strict=True)
        ]
        extra = re_path(
            r"^(?P<product_slug>[\w-]*)_(?P<pk>\d+)/qr\.svg$", product_qr, name="detail-qr"
        )
        without = [url for url in super().get_urls() if "/reviews/" not in str(url.pattern)]
        return self.post_process_urls([*reviews, extra]) + without
