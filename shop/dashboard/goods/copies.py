"""Copying a product, and what hangs on one before it goes."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalog.facts.models import ProductFacts
from catalog.models import Product, ProductAttributeValue, ProductCategory, ProductImage
from catalog.partner.models import StockRecord
from catalog.refresh import families_touched, refreshing
from shop.core.locks import retry_on_conflict
from shop.dashboard.goods.models import ProductPlan
from supply.models import StockMovement

TITLE_MOST = 255
SKU_MOST = 128
TEXTS = [
    f"{name}_{language}"
    for name in ("title", "description", "meta_title", "meta_description")
    for language in ("en", "zh_hans")
]


@retry_on_conflict
def product_copy(*, product: Product, key: UUID, user_id: int | None) -> Product:
    """A draft with the same texts, places, facts, pictures and variants; new SKUs, nothing in stock.

    The same ``key`` gives the copy that was made before.
    """
    before = _made_by(key)
    if before:
        return before
    try:
        with transaction.atomic():
            return _copy(product, key, user_id)
    except IntegrityError:
        made = _made_by(key)  # by the same form, sent twice at once
        if made is None:
            raise
        return made


def _made_by(key: UUID) -> Product | None:
    plan = ProductPlan.objects.filter(made_by_form=key).select_related("product").first()
    return plan.product if plan else None


def _copy(product: Product, key: UUID, user_id: int | None) -> Product:
    with refreshing():
        copy = _copied(product, parent=None)
        ProductPlan.objects.create(product=copy, version=1, changed_by_id=user_id, made_by_form=key)
        for place in ProductCategory.objects.filter(product=product):
            ProductCategory.objects.create(product=copy, category_id=place.category_id)
        facts = ProductFacts.objects.filter(pk=product.pk).first()
        if facts:
            ProductFacts.objects.create(
                product=copy, brand_id=facts.brand_id, size_guide_id=facts.size_guide_id
            )
        for child in product.children.order_by("pk"):
            _copied(child, parent=copy)
        families_touched([copy.pk])
    return copy


def _copied(product: Product, *, parent: Product | None) -> Product:
    copy = Product(
        structure=product.structure,
        parent=parent,
        product_class=product.product_class,
        slug=product.slug,
        is_public=product.is_public if parent else False,
        is_discountable=product.is_discountable,
        priority=product.priority,
        **{name: getattr(product, name) for name in TEXTS},
    )
    if parent is None:
        for name, mark in (("title_en", " (copy)"), ("title_zh_hans", "（副本）")):
            if title := getattr(copy, name):
                setattr(copy, name, title[: TITLE_MOST - len(mark)] + mark)
    copy.save()
    for value in ProductAttributeValue.objects.filter(product=product).order_by("pk"):
        options = list(value.value_multi_option.all())
        value.pk, value.product, value._state.adding = None, copy, True
        value.save()
        if options:
            value.value_multi_option.set(options)
    for image in ProductImage.objects.filter(product=product).order_by("display_order", "pk"):
        ProductImage.objects.create(
            product=copy,
            original=image.original.name,
            caption_en=image.caption_en,
            caption_zh_hans=image.caption_zh_hans,
            display_order=image.display_order,
        )
    for record in StockRecord.objects.filter(product=product).order_by("pk"):
        StockRecord.objects.create(
            product=copy,
            partner_id=record.partner_id,
            partner_sku=_free_sku(record),
            price_currency=record.price_currency,
            price=record.price,
            num_in_stock=None if record.num_in_stock is None else 0,
            low_stock_threshold=record.low_stock_threshold,
        )
    return copy


def _free_sku(record: StockRecord) -> str:
    """``CUP-1`` → ``CUP-1-2``, or the next number that nobody has."""
    stem = record.partner_sku[: SKU_MOST - 8]
    taken = set(
        StockRecord.objects.filter(
            partner=record.partner_id, partner_sku__startswith=f"{stem}-"
        ).values_list("partner_sku", flat=True)
    )
    number = 2
    while f"{stem}-{number}" in taken:
        number += 1
    return f"{stem}-{number}"


@dataclass(frozen=True)
class Hanging:
    """Something that knows a product. ``holds``: it keeps the product from being deleted."""

    label: str
    number: int
    holds: bool = False


def hangs_on(product: Product) -> list[Hanging]:
    """What would go with a product, or keeps it here; kinds without any are left out. Seven queries."""
    from catalog.reviews.models import ProductReview
    from orders.basket.models import Line as BasketLine
    from orders.models import Line

    ids = [product.pk, *product.children.values_list("pk", flat=True)]
    moves = StockMovement.objects.filter(stock_record__product__in=ids).count()
    rows = [
        Hanging(_("rows of the stock ledger"), moves, holds=True),
        Hanging(
            _("order lines; they keep their words and sums"),
            Line.objects.filter(product__in=ids).count(),
        ),
        Hanging(_("variants"), len(ids) - 1),
        Hanging(_("pictures"), ProductImage.objects.filter(product__in=ids).count()),
        Hanging(_("reviews"), ProductReview.objects.filter(product__in=ids).count()),
        Hanging(_("lines in baskets"), BasketLine.objects.filter(product__in=ids).count()),
    ]
    return [one for one in rows if one.number]
