"""What follows from a change in the catalogue."""

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from catalog.models import Category, Product, ProductAttributeValue, ProductCategory, ProductImage
from catalog.partner.models import StockRecord
from catalog.refresh import families_touched, family_touched, refresher_register
from shop.core.events import StockChanged
from shop.core.nearby import nearby_forget
from shop.core.outbox import on
from shop.core.pagecache import drop, family_tags


def pages_drop(ids: list[int]) -> None:
    """Kept pages that show any of these families, or would."""
    drop(*family_tags(ids))


refresher_register("pages", pages_drop, order=40)


@receiver([post_save, post_delete], sender=Category, dispatch_uid="catalog.tree")
def on_category_changed(**kwargs: object) -> None:
    """The navigation follows at once."""
    transaction.on_commit(nearby_forget)


@receiver([post_save, post_delete], sender=Product, dispatch_uid="catalog.refresh_product")
def on_product_changed(instance: Product, raw: bool = False, **kwargs: object) -> None:
    if not raw:
        family_touched(instance)


@receiver([post_save, post_delete], sender=ProductAttributeValue, dispatch_uid="catalog.refresh_v")
@receiver([post_save, post_delete], sender=ProductCategory, dispatch_uid="catalog.refresh_place")
@receiver([post_save, post_delete], sender=StockRecord, dispatch_uid="catalog.refresh_record")
@receiver([post_save, post_delete], sender=ProductImage, dispatch_uid="catalog.refresh_picture")
def on_part_changed(
    instance: ProductAttributeValue | ProductCategory | StockRecord | ProductImage,
    raw: bool = False,
    origin: object = None,
    **kwargs: object,
) -> None:
    """Parts that go together with their product are no news: the product's own end is."""
    goes_with_product = getattr(origin, "model", type(origin)) is Product
    if not raw and not goes_with_product:
        family_touched(instance.product)


@receiver(m2m_changed, sender=ProductCategory, dispatch_uid="catalog.refresh_places")
def on_places_set(instance: object, action: str, **kwargs: object) -> None:
    """``product.categories.set(…)`` writes rows without saving any."""
    if action.startswith("post_") and isinstance(instance, Product):
        family_touched(instance)


@on(StockChanged)
def on_stock_changed(*, stock_record_ids: list[int], **facts: object) -> None:
    """Sold out or back: lists follow within seconds; pages read the truth themselves."""
    products = Product.objects.filter(stockrecords__in=stock_record_ids)
    families_touched({parent or pk for pk, parent in products.values_list("pk", "parent_id")})
