from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = "catalogue.view_product"
CHANGE = (SEE, "catalogue.change_product")
ADD = (SEE, "catalogue.add_product", "catalogue.change_product")


class GoodsConfig(OfficeConfig):
    """The desk of products: many at once, their plans, what was done to them."""

    name = "shop.dashboard.goods"
    label = "goods"
    access = {
        "product-bulk": Access(change=CHANGE),
        "product-job-list": Access(read=CHANGE),
        "product-job": Access(read=CHANGE, change=CHANGE),
        "product-job-state": Access(read=CHANGE),
        "product-import": Access(read=ADD, change=ADD),
        "product-export": Access(read=CHANGE),
        "product-variants": Access(read=ADD, change=ADD),
        "product-pictures": Access(read=ADD, change=ADD),
        "product-copy": Access(change=ADD),
    }

    def ready(self) -> None:
        super().ready()
        from shop.dashboard.goods import jobs
        from shop.dashboard.goods.bulk import BulkWork
        from shop.dashboard.goods.imports import ImportWork
        from shop.dashboard.goods.models import JobKind

        jobs.work_register(JobKind.BULK, BulkWork())
        jobs.work_register(JobKind.IMPORT, ImportWork())

    def get_areas(self):
        from shop.dashboard.catalogue import views
        from shop.dashboard.goods import import_views, job_views, picture_views, variant_views

        return [
            path("products/bulk/", job_views.bulk_begin, name="product-bulk"),
            path("products/import/", import_views.product_import, name="product-import"),
            path("products/export/", import_views.product_export, name="product-export"),
            path("products/<int:pk>/copy/", views.product_copy, name="product-copy"),
            path(
                "products/<int:pk>/variants/",
                variant_views.product_variants,
                name="product-variants",
            ),
            path(
                "products/<int:pk>/pictures/",
                picture_views.product_pictures,
                name="product-pictures",
            ),
            path("products/jobs/", job_views.job_list, name="product-job-list"),
            path("products/jobs/<int:pk>/", job_views.job_detail, name="product-job"),
            path("products/jobs/<int:pk>/state/", job_views.job_state, name="product-job-state"),
        ]
