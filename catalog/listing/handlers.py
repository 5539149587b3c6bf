"""What lists follow. `catalog.refresh` tells of products; the rest is heard here."""

from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from catalog.facts.models import Brand, ProductFacts
from catalog.listing.models import ListedProduct
from catalog.listing.services import listed_refresh
from catalog.listing.tasks import listing_mend
from catalog.models import (
    AttributeOption,
    Category,
    Product,
    ProductAttribute,
    ProductAttributeValue,
)
from catalog.refresh import families_touched, family_touched, refresher_register
from shop.core.events import ListPricesMoved, RatesChanged
from shop.core.nearby import nearby_forget
from shop.core.outbox import emit, on
from shop.core.tasks import send_after_commit

IN_ONE_EVENT = 500  # families

refresher_register("listing", listed_refresh, order=20)


@receiver([post_save, post_delete], sender=ProductFacts, dispatch_uid="listing.facts")
def on_facts_changed(
    instance: ProductFacts, raw: bool = False, origin: object = None, **kwargs: object
) -> None:
    """A product has another maker."""
    goes_with_product = getattr(origin, "model", type(origin)) is Product
    if not raw and not goes_with_product:
        families_touched([instance.pk])


@receiver(
    m2m_changed,
    sender=ProductAttributeValue.value_multi_option.through,
    dispatch_uid="listing.multi_option",
)
def on_choices_changed(instance: object, action: str, **kwargs: object) -> None:
    if action.startswith("post_") and isinstance(instance, ProductAttributeValue):
        family_touched(instance.product)


@receiver([post_save, post_delete], sender=Category, dispatch_uid="listing.category")
def on_category_changed(**kwargs: object) -> None:
    """A branch of the tree may have moved: rows are compared with the tree beside the request."""
    send_after_commit(listing_mend)


@on(RatesChanged)
def on_rates_changed(**facts: object) -> None:
    """Some families an event, so that no transaction is long."""
    ids = list(ListedProduct.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), IN_ONE_EVENT):
        emit(ListPricesMoved(family_ids=ids[start : start + IN_ONE_EVENT]))


@on(ListPricesMoved)
def on_list_prices_moved(*, family_ids: list[int], **facts: object) -> None:
    listed_refresh(family_ids)


@receiver([post_save, post_delete], sender=Brand, dispatch_uid="listing.brand")
@receiver([post_save, post_delete], sender=AttributeOption, dispatch_uid="listing.option")
@receiver([post_save, post_delete], sender=ProductAttribute, dispatch_uid="listing.attribute")
def on_words_changed(**kwargs: object) -> None:
    transaction.on_commit(nearby_forget)
