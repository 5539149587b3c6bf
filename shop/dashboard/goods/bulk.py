"""One change for many products: looked at for each before anything is written."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from catalog.facts.models import Brand, ProductFacts
from catalog.facts.services import product_brand_set
from catalog.models import Category, Product, ProductCategory
from shop.dashboard.goods import pricing
from shop.dashboard.goods.exceptions import JobRefused, RowRefused
from shop.dashboard.goods.locks import plans_lock
from shop.dashboard.goods.models import Job, JobRow, Outcome, ProductPlan
from shop.dashboard.goods.plans import Standing, plan_hold, standing_set
from supply.locks import stock_records_lock

CHUNK = 50  # products of one transaction
SHOWN_MOST = 200  # letters of what was and will be


class BulkAction(models.TextChoices):
    SALE = "sale", gettext_lazy("Put on sale")
    DRAFT = "draft", gettext_lazy("Take off sale (draft)")
    ARCHIVE = "archive", pgettext_lazy("verb", "Archive")
    CATEGORY_ADD = "category_add", gettext_lazy("Add to a category")
    CATEGORY_REMOVE = "category_remove", gettext_lazy("Take out of a category")
    BRAND = "brand", gettext_lazy("Set the brand")
    PERCENT = "percent", gettext_lazy("Change prices by percent")
    AMOUNT = "amount", gettext_lazy("Change prices by an amount")


#: What each action must be told, by the name of the setting.
WANTS = {
    BulkAction.CATEGORY_ADD: "category",
    BulkAction.CATEGORY_REMOVE: "category",
    BulkAction.BRAND: "brand",
    BulkAction.PERCENT: "by",
    BulkAction.AMOUNT: "by",
}
STANDINGS = {
    BulkAction.SALE: Standing.SALE,
    BulkAction.DRAFT: Standing.DRAFT,
    BulkAction.ARCHIVE: Standing.ARCHIVE,
}


class BulkWork:
    """See `jobs.Work`. Each product is looked at again when its turn comes."""

    chunk = CHUNK

    def read(self, job: Job) -> None:
        """The rows were made with the job."""
        _told(job)

    def check(self, job: Job, rows: Sequence[JobRow]) -> None:
        action, value = _told(job)
        seen = _Seen([row.product for row in rows if row.product])
        for row in rows:
            if row.product is None:
                row.outcome, row.message = Outcome.WRONG, _("This product is gone.")
                continue
            row.label = row.product.get_title()[:SHOWN_MOST]
            row.message, row.data = "", None
            try:
                before, after = _look(action, value, row, seen)
            except RowRefused as refusal:
                row.outcome, row.message = Outcome.WRONG, str(refusal)
                continue
            row.before, row.after = before[:SHOWN_MOST], after[:SHOWN_MOST]
            row.outcome = Outcome.SAME if before == after else Outcome.CHANGED

    def run(self, job: Job, rows: Sequence[JobRow]) -> None:
        action, value = _told(job)
        # All at once and in key order, as everybody who wants several of them does.
        plans_lock(row.product_id for row in rows if row.product_id)
        if WANTS.get(action) == "by":
            stock_records_lock(int(pk) for row in rows for pk in row.data or {})
        for row in rows:
            if row.product is None:
                raise RowRefused(_("This product is gone."))
            _do(action, value, row, user_id=job.created_by_id)
            row.outcome = Outcome.CHANGED


class _Seen:
    """What is true of these products now. Four queries."""

    def __init__(self, products: Sequence[Product]) -> None:
        ids = [product.pk for product in products]
        self.plans = ProductPlan.objects.in_bulk(ids)
        self.places: dict[int, set[int]] = {pk: set() for pk in ids}
        for pk, category in ProductCategory.objects.filter(product__in=ids).values_list(
            "product_id", "category_id"
        ):
            self.places[pk].add(category)
        facts = ProductFacts.objects.filter(pk__in=ids).select_related("brand")
        self.brands = {one.pk: one.brand for one in facts}
        self.prices = pricing.prices_of(ids)


def _told(job: Job) -> tuple[BulkAction, Any]:
    """The action and what it is about. Raises ``JobRefused`` when that is gone."""
    action = BulkAction(job.told["action"])
    wanted = WANTS.get(action)
    if wanted == "by":
        return action, Decimal(job.told["by"])
    if wanted is None:
        return action, None
    if wanted == "brand" and not job.told.get("brand"):
        return action, None
    model = Category if wanted == "category" else Brand
    row = model.objects.filter(pk=job.told[wanted]).first()
    if row is None:
        raise JobRefused(_("What you chose is gone; choose again."))
    return action, row


def _look(action: BulkAction, value: Any, row: JobRow, seen: _Seen) -> tuple[str, str]:
    """How it is and how it would be, in words."""
    product = row.product
    if action in STANDINGS:
        standing = STANDINGS[action]
        plan = seen.plans.get(product.pk)
        return standing_word(product, plan), {
            Standing.SALE: _("On sale"),
            Standing.DRAFT: _("Draft"),
            Standing.ARCHIVE: _("Archived"),
        }[standing]
    if action in (BulkAction.CATEGORY_ADD, BulkAction.CATEGORY_REMOVE):
        is_in = value.pk in seen.places[product.pk]
        words = {True: _("in “%s”") % value.name, False: _("not in “%s”") % value.name}
        return words[is_in], words[action == BulkAction.CATEGORY_ADD]
    if action == BulkAction.BRAND:
        brand = seen.brands.get(product.pk)
        none = _("no brand")
        return (brand.name if brand else none), (value.name if value else none)
    changes = pricing.changes(seen.prices[product.pk], by=value, is_percent=is_percent(action))
    row.data = pricing.as_data(changes)
    return pricing.span(changes, "before"), pricing.span(changes, "after")


def _do(action: BulkAction, value: Any, row: JobRow, *, user_id: int | None) -> None:
    product = row.product
    if action in STANDINGS:
        standing_set(product=product, standing=STANDINGS[action], user_id=user_id)
        return
    plan_hold(product_id=product.pk, version=None, user_id=user_id)
    if action == BulkAction.CATEGORY_ADD:
        ProductCategory.objects.get_or_create(product=product, category=value)
    elif action == BulkAction.CATEGORY_REMOVE:
        for place in ProductCategory.objects.filter(product=product, category=value):
            place.delete()
    elif action == BulkAction.BRAND:
        product_brand_set(product=product, brand=value)
    else:
        pricing.prices_set(product.pk, row.data or {})


def is_percent(action: BulkAction) -> bool:
    return action == BulkAction.PERCENT


def standing_word(product: Product, plan: ProductPlan | None) -> str:
    """What a product is now, in a word or two."""
    if plan and plan.archived_at:
        return _("Archived")
    if plan and plan.starts_at:
        return _("Planned")
    return _("On sale") if product.is_public else _("Draft")
