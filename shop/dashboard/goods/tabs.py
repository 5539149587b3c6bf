"""The pages of one product, and what is said when two people change it at once."""

from collections.abc import Iterable
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalog.models import Product
from shop.dashboard.goods.exceptions import PlanChanged


def product_tabs(product: Product, current: str) -> list[dict[str, Any]]:
    """Details, variants and pictures; a variant has none of its own."""
    pages = [("details", _("Details"), "catalogue-product", None)]
    if not product.is_child:
        pages.append(("variants", _("Variants"), "product-variants", product.children.count()))
    pages.append(("pictures", _("Pictures"), "product-pictures", product.images.count()))
    return [
        {
            "name": name,
            "url": reverse(f"dashboard:{url}", args=[product.pk]),
            "count": count,
            "is_current": code == current,
        }
        for code, name, url, count in pages
    ]


def version_read(text: str) -> int | None:
    """The version that a form carries; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def all_valid(rows: Iterable[Form]) -> bool:
    """Looks at each, so that each shows its own mistakes."""
    return sum(not row.is_valid() for row in rows) == 0


def conflict_words(changed: PlanChanged) -> str:
    """Who was quicker, and what to do."""
    plan: Any = changed.plan
    who = (
        plan.changed_by.get_full_name() or plan.changed_by.email
        if plan.changed_by
        else _("Somebody")
    )
    moment = timezone.localtime(plan.changed_at) if plan.changed_at else timezone.localtime()
    return _(
        "%(who)s changed this product at %(time)s, after you opened it. Nothing of yours is lost or"
        " saved yet: look at it in a second window, then save again to put yours in its place."
    ) % {"who": who, "time": date_format(moment, "TIME_FORMAT")}
