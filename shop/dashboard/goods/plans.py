"""On sale, draft, archived, or planned: what the desk and the clock do to products."""

import datetime as dt
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from catalog.models import Product
from catalog.refresh import refreshing
from shop.core.locks import retry_on_conflict
from shop.dashboard.goods.exceptions import PlanChanged
from shop.dashboard.goods.locks import plans_lock
from shop.dashboard.goods.models import ProductPlan

DUE_AT_ONCE = 200  # products of one round of the clock


class Standing(StrEnum):
    """What an operator may want a product to be."""

    SALE = "sale"
    DRAFT = "draft"
    ARCHIVE = "archive"


@retry_on_conflict
def plan_hold(*, product_id: int, version: int | None, user_id: int | None) -> ProductPlan:
    """Lock the plan and count a change of the product. Call it in the transaction of the change.

    ``version`` is what the page showed; None does not ask. Raises ``PlanChanged`` when somebody
    else was quicker, and ``Product.DoesNotExist``.
    """
    plan = plans_lock([product_id]).get(product_id)
    if plan is None:
        raise Product.DoesNotExist
    if version is not None and plan.version != version:
        raise PlanChanged(plan)
    plan.version += 1
    plan.changed_at = timezone.now()
    plan.changed_by_id = user_id
    plan.save(update_fields=["version", "changed_at", "changed_by"])
    return plan


@retry_on_conflict
@transaction.atomic
def standing_set(
    *,
    product: Product,
    standing: Standing,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    user_id: int | None = None,
    version: int | None = None,
) -> ProductPlan:
    """Put a family on sale, now or from a moment on, or take it off. The same again changes nothing.

    A moment that has passed is now. Lists, search and kept pages follow in the same transaction.
    Raises ``PlanChanged``, as `plan_hold`.
    """
    now = timezone.now()
    is_sale = standing is Standing.SALE
    starts_at = starts_at if is_sale and starts_at and starts_at > now else None
    ends_at = ends_at if is_sale and ends_at else None
    with refreshing():
        plan = plan_hold(product_id=product.pk, version=version, user_id=user_id)
        plan.starts_at, plan.ends_at = starts_at, ends_at
        is_archive = standing is Standing.ARCHIVE
        plan.archived_at = (plan.archived_at or now) if is_archive else None
        plan.save(update_fields=["starts_at", "ends_at", "archived_at"])
        product.refresh_from_db(fields=["is_public"])  # the clock may have been at it meanwhile
        _show(product, is_sale and starts_at is None)
    return plan


def _show(product: Product, is_public: bool) -> None:
    if product.is_public != is_public:
        product.is_public = is_public
        product.save(update_fields=["is_public", "date_updated"])


def plans_follow(*, now: dt.datetime | None = None) -> int:
    """The clock: do what plans say that is due. Each once, however many look. How many products."""
    now = now or timezone.now()
    due = ProductPlan.objects.filter(Q(starts_at__lte=now) | Q(ends_at__lte=now))
    ids = due.order_by("pk").values_list("pk", flat=True)[:DUE_AT_ONCE]
    return sum(_follow(pk, now=now) for pk in list(ids))


@retry_on_conflict
@transaction.atomic
def _follow(product_id: int, *, now: dt.datetime) -> bool:
    plan = plans_lock([product_id]).get(product_id)
    begins = plan is not None and plan.starts_at is not None and plan.starts_at <= now
    ends = plan is not None and plan.ends_at is not None and plan.ends_at <= now
    if plan is None or not (begins or ends):
        return False  # another clock was quicker
    with refreshing():
        if begins:
            plan.starts_at = None
        if ends:
            plan.ends_at = None
        plan.version += 1
        plan.save(update_fields=["starts_at", "ends_at", "version"])
        _show(Product.objects.get(pk=product_id), not ends)
    return True
