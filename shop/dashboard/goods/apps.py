from django.urls import path

from shop.core.office import Access, OfficeConfig

SEE = "catalogue.view_product"
CHANGE = (SEE, "catalogue.change_product")


class GoodsConfig(OfficeConfig):
    """The desk of products: many at once, their plans, what was done to them."""

    name = "shop.dashboard.goods"
    label = "goods"
    access = {
        "product-bulk": Access(change=CHANGE),
        "product-job-list": Access(read=CHANGE),
        "product-job": Access(read=CHANGE, change=CHANGE),
        "product-job-state": Access(read=CHANGE),
    }

    def ready(self) -> None:
        super().ready()
        from shop.dashboard.goods import jobs
        from shop.dashboard.goods.bulk import BulkWork
        from shop.dashboard.goods.models import JobKind

        jobs.work_register(JobKind.BULK, BulkWork())

    def get_areas(self):
        from shop.dashboard.goods import job_views

        return [
            path("products/bulk/", job_views.bulk_begin, name="product-bulk"),
            path("products/jobs/", job_views.job_list, name="product-job-list"),
            path("products/jobs/<int:pk>/", job_views.job_detail, name="product-job"),
            path("products/jobs/<int:pk>/state/", job_views.job_state, name="product-job-state"),
        ]
