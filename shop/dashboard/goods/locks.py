"""The locks of the desk: a job before the plans of its products, plans before stock records."""

from collections.abc import Iterable

from catalog.models import Product
from shop.dashboard.goods.models import Job, ProductPlan


def job_lock(pk: int) -> Job | None:
    """Lock the job, so that one process at a time moves it on; None when it is gone."""
    return Job.objects.select_for_update(of=("self",)).filter(pk=pk).first()


def plans_lock(product_ids: Iterable[int]) -> dict[int, ProductPlan]:
    """Make the plans that are missing, then lock all in key order. By product id.

    Ids of products that are gone are left out.
    """
    ids = sorted(set(product_ids))
    there = Product.objects.filter(pk__in=ids).values_list("pk", flat=True)
    ProductPlan.objects.bulk_create(
        [ProductPlan(product_id=pk) for pk in sorted(there)], ignore_conflicts=True
    )
    rows = ProductPlan.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",))
    return {plan.pk: plan for plan in rows}
