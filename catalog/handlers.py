"""What follows from a change in the catalogue."""

from functools import partial

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from catalog.models import Category, ProductImage
from catalog.selectors import category_tree_forget
from catalog.tasks import product_picture_widths
from shop.core.tasks import send_quietly


@receiver(post_save, sender=ProductImage, dispatch_uid="catalog.picture_widths")
def on_picture_saved(instance: ProductImage, raw: bool = False, **kwargs: object) -> None:
    """Smaller widths are made beside the request; until then the page shows the original."""
    if not raw and instance.original:
        transaction.on_commit(partial(send_quietly, product_picture_widths, instance.pk))


@receiver([post_save, post_delete], sender=Category, dispatch_uid="catalog.tree")
def on_category_changed(**kwargs: object) -> None:
    """The navigation follows at once."""
    transaction.on_commit(category_tree_forget)
